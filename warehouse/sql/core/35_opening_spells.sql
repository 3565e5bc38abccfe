-- One row per spell with its opening. On one board a chain is an opening. Across boards the n-th
-- chain of a demand on one board and the n-th on another are one opening if they meet within
-- repost_days of each other.
with chained as (
    select
        units.spell_key,
        units.posting_key,
        units.board_key,
        units.demand_key,
        units.employer_key,
        units.is_direct,
        units.from_date,
        units.to_date,
        chains.chain_key,
        chains.reposts
    from core.units as units
    join core.chains as chains using (unit_key)
),

extents as (
    select
        demand_key,
        board_key,
        chain_key,
        min(from_date) as from_date,
        max(to_date) as to_date
    from chained
    group by all
),

islands as (
    select
        *,
        count(*) filter (where is_start) over (
            partition by demand_key order by from_date, chain_key
        ) as island
    from (
        select
            extents.*,
            coalesce(
                extents.from_date > max(extents.to_date) over (
                    partition by extents.demand_key order by extents.from_date, extents.chain_key
                    rows between unbounded preceding and 1 preceding
                ) + cast(rules.repost_days as integer),
                true
            ) as is_start
        from extents
        cross join core.rules as rules
    )
),

places as (
    select
        demand_key,
        island,
        chain_key,
        row_number() over (
            partition by demand_key, island, board_key order by from_date, chain_key
        ) as place
    from islands
),

openings as (
    select
        chain_key,
        min(chain_key) over (partition by demand_key, island, place) as opening_key
    from places
)

select
    chained.spell_key,
    chained.posting_key,
    chained.board_key,
    openings.opening_key,
    chained.employer_key,
    chained.is_direct,
    chained.reposts,
    -- what a board was found by never counts (method 2.4)
    not (boards.discovery_reason = 'role_hit' and spells.start_reason = 'entry' and spells.panel_spell = 1)
        as is_admitted,
    -- and the employer's own board wins (method 2.2)
    (chained.is_direct or not bool_or(chained.is_direct) over opening) and is_admitted as is_counted
from chained
join openings using (chain_key)
join core.boards as boards using (board_key)
join core.spells as spells using (spell_key)
window opening as (partition by openings.opening_key)
