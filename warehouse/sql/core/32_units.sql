-- One row per spell with its unit: spells of one board with the same demand and the same requisition
-- that overlap are one unit; others of the same night stay apart, however alike they read.
with marked as (
    select
        *,
        requisition_id is null
        or coalesce(
            from_date > max(to_date) over (
                partition by board_key, demand_key, requisition_id order by from_date, spell_key
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_start
    from core.spell_keys
)

select
    * exclude (is_start),
    case
        when requisition_id is null then spell_key
        else max(spell_key) filter (where is_start) over (
            partition by board_key, demand_key, requisition_id order by from_date, spell_key
        )
    end as unit_key
from marked
