-- What do postings for a VPoE state, against CTO, VP of Product, Head of Engineering, EM and PM?
select
    r.preferred_label_en as responsibility,
    p.role_id,
    p.employers,
    p.role_employers,
    round(100 * p.share) as percent,
    round(100 * p.share_low) as percent_low,
    round(100 * p.share_high) as percent_high
from role_profiles as p
join responsibilities as r on p.concept_id = r.responsibility_id
where
    p.kind = 'stock'
    and p.concept = 'responsibility'
    and p.country_code = 'all'
    and p.language = 'all'
    and p.role_id in (
        'vp_engineering', 'cto', 'vp_product', 'head_of_engineering', 'engineering_manager', 'product_manager'
    )
order by r.preferred_label_en, percent desc, p.role_id
limit 24
