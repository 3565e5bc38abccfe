-- One row per day, role and slice on which something changed: +1 where a stock begins, -1 where it
-- ends. Slices: `all`, one source, one country, one country in one source. Days to come are among them:
-- on which an opening that stands will be flagged.
with opening_changes as (
    select
        role_id,
        source,
        country_code,
        from_date as day,
        1 as openings,
        cast(unflagged_to_date > from_date as integer) as unflagged_openings,
        start_reason as reason
    from core.opening_pieces
    union all
    select
        role_id,
        source,
        country_code,
        to_date as day,
        -1 as openings,
        0 as unflagged_openings,
        end_reason as reason
    from core.opening_pieces
    where end_reason is not null
    union all
    select
        role_id,
        source,
        country_code,
        unflagged_to_date as day,
        0 as openings,
        -1 as unflagged_openings,
        null as reason
    from core.opening_pieces
    where unflagged_to_date > from_date and unflagged_to_date < date 'infinity'
),

opening_days as (
    select
        day,
        role_id,
        coalesce(source, 'all') as source,
        coalesce(country_code, 'all') as country_code,
        sum(openings) as openings,
        sum(unflagged_openings) as unflagged_openings,
        count(*) filter (where reason = 'new') as new_openings,
        count(*) filter (where reason = 'reopened') as reopened_openings,
        count(*) filter (where reason = 'entry') as panel_entry_openings,
        count(*) filter (where reason = 'closed') as closed_openings,
        count(*) filter (where reason = 'exit') as panel_exit_openings,
        coalesce(sum(openings) filter (where reason = 'relabelled'), 0) as relabelled_openings
    from opening_changes
    group by day, role_id, cube (source, country_code)
),

posting_changes as (
    select
        role_id,
        source,
        country_code,
        from_date as day,
        1 as postings,
        0 as imputed_postings,
        cast(start_reason = 'new' as integer) as new_postings,
        0 as closed_postings
    from core.posting_pieces
    where is_counted
    union all
    select
        role_id,
        source,
        country_code,
        to_date as day,
        -1 as postings,
        0 as imputed_postings,
        0 as new_postings,
        cast(end_reason = 'closed' as integer) as closed_postings
    from core.posting_pieces
    where is_counted and to_date < date 'infinity'
    union all
    select
        pieces.role_id,
        pieces.source,
        pieces.country_code,
        unnest([greatest(pieces.from_date, gaps.gap_from), least(pieces.to_date, gaps.gap_until)]) as day,
        0 as postings,
        unnest([1, -1]) as imputed_postings,
        0 as new_postings,
        0 as closed_postings
    from core.posting_pieces as pieces
    join core.gaps as gaps
        on pieces.board_key = gaps.board_key
        and pieces.from_date < gaps.gap_until
        and pieces.to_date > gaps.gap_from
    where pieces.is_counted
),

posting_days as (
    select
        day,
        role_id,
        coalesce(source, 'all') as source,
        coalesce(country_code, 'all') as country_code,
        sum(postings) as postings,
        sum(imputed_postings) as imputed_postings,
        sum(new_postings) as new_postings,
        sum(closed_postings) as closed_postings
    from posting_changes
    group by day, role_id, cube (source, country_code)
)

select
    day,
    role_id,
    source,
    country_code,
    coalesce(sum(openings), 0) as openings,
    coalesce(sum(unflagged_openings), 0) as unflagged_openings,
    coalesce(sum(new_openings), 0) as new_openings,
    coalesce(sum(reopened_openings), 0) as reopened_openings,
    coalesce(sum(panel_entry_openings), 0) as panel_entry_openings,
    coalesce(sum(closed_openings), 0) as closed_openings,
    coalesce(sum(panel_exit_openings), 0) as panel_exit_openings,
    coalesce(sum(relabelled_openings), 0) as relabelled_openings,
    coalesce(sum(postings), 0) as postings,
    coalesce(sum(imputed_postings), 0) as imputed_postings,
    coalesce(sum(new_postings), 0) as new_postings,
    coalesce(sum(closed_postings), 0) as closed_postings
from (
    select * from opening_days
    union all by name
    select * from posting_days
)
where day < date 'infinity'
group by all
