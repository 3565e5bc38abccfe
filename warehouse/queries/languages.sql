-- In which languages is each leadership role advertised?
select posting_roles.role_id, postings.language, count(*) as postings
from posting_roles
join postings using (source, board, posting_id)
where posting_roles.is_current and posting_roles.role_id in ('vp_engineering', 'cto', 'vp_product')
group by all
order by posting_roles.role_id, postings desc, postings.language
