-- What did the VPoE postings say that made them count?
select mentions.source, mentions.board, mentions.posting_id, postings.title, mentions.field, mentions.text, mentions.excerpt
from mentions
join postings using (source, board, posting_id)
where mentions.role_id = 'vp_engineering' and mentions.mention_kind = 'hires_for'
order by all
limit 50
