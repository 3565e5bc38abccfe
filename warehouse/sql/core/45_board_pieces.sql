-- One row per board, opening, role and stretch of days on which that board showed it: what the index
-- is made of. Other boards have no say in it, so that one that comes or goes moves no other's stock.
with repeated as (
    select board_key, opening_key, role_id from core.posting_pieces group by all having count(*) > 1
),

marked as (
    select
        *,
        coalesce(
            from_date > max(to_date) over (
                partition by board_key, opening_key, role_id order by from_date, spell_key
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_start
    from core.posting_pieces
    semi join repeated using (board_key, opening_key, role_id)
),

numbered as (
    select
        *,
        count(*) filter (where is_start) over (
            partition by board_key, opening_key, role_id order by from_date, spell_key
        ) as stretch
    from marked
)

select
    board_key,
    role_id,
    country_code,
    min(from_date) as from_date,
    max(to_date) as to_date,
    -- a repost is a later stretch, a relabelled opening has no reason
    stretch = 1 and coalesce(min(start_reason) filter (where is_start) = 'new', false) as is_new
from numbered
group by board_key, opening_key, role_id, country_code, stretch
union all
select
    board_key,
    role_id,
    country_code,
    from_date,
    to_date,
    coalesce(start_reason = 'new', false) as is_new
from core.posting_pieces
anti join repeated using (board_key, opening_key, role_id)
