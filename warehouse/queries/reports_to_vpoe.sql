-- Which roles report to a VP of Engineering?
select labels.role_id, count(distinct (labels.source, labels.board, labels.posting_id)) as postings
from mentions
join posting_roles as labels using (source, board, posting_id)
where
    mentions.role_id = 'vp_engineering'
    and mentions.mention_kind = 'reports_to'
    and labels.is_current
    and labels.role_id in (select role_id from roles)
group by labels.role_id
order by postings desc, labels.role_id
