-- Contents by the extractor version whose word on them counts; null: not read yet.
select extractor_version, count(*) as contents
from core.contents
group by all
