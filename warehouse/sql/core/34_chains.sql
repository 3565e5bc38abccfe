-- One row per unit with the first unit of its chain of reposts, and how many reposts came before it.
with recursive chains as (
    select distinct
        units.unit_key,
        units.unit_key as chain_key,
        0 as reposts
    from core.units as units
    anti join core.reposts as reposts on units.unit_key = reposts.unit_key
    union all
    select
        reposts.unit_key,
        chains.chain_key,
        chains.reposts + cast(reposts.is_repost as integer) as reposts
    from chains
    join core.reposts as reposts on chains.unit_key = reposts.previous_unit_key
)

select * from chains
