-- Which roles are advertised without end?
select
    role_id,
    count(*) as openings,
    count(*) filter (where is_stale) as stale,
    count(*) filter (where is_evergreen) as evergreen,
    count(*) filter (where is_often_reposted) as often_reposted
from (select unnest(role_ids) as role_id, is_stale, is_evergreen, is_often_reposted from openings where is_counted)
group by role_id
order by stale desc, openings desc, role_id
limit 15
