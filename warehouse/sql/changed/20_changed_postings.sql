-- Postings whose rows or whose part in a sum may be another tonight.
with listings as (
    select boards.source, boards.board, max(runs.last_date) as last_listing_date
    from core.before_listing_runs as runs
    join core.before_boards as boards using (board_key)
    group by all
),

-- seen anew, gone from a listing, or changed
observed as (
    select source, board, posting_id from core.new_observations
),

-- of a text that was read again
reread as (
    select observations.source, observations.board, observations.posting_id
    from store.raw.observations as observations
    semi join core.new_results as results using (content_hash)
),

-- still open, though the newest listing of their board was without them: an absence may be confirmed
absent as (
    select postings.source, postings.board, postings.posting_id
    from previous.postings as postings
    join listings using (source, board)
    where postings.is_active and postings.last_seen_date < listings.last_listing_date
),

-- past its end since the last build: an absence that no second night confirmed closes it now
expired as (
    select source, board, posting_id
    from store.raw.observations
    where
        valid_through_date >= (select as_of_date from core.before_clock)
        and valid_through_date < (select as_of_date from core.clock)
),

-- of no panel, so that each listing counts by itself
unwatched as (
    select postings.source, postings.board, postings.posting_id
    from previous.postings as postings
    semi join core.new_snapshots as snapshots using (source, board)
    where postings.spells = 0
),

of_changed_boards as (
    select postings.source, postings.board, postings.posting_id
    from previous.postings as postings
    join core.changed_boards as boards using (source, board)
    where coalesce(postings.closed_date, postings.panel_exit_date, date 'infinity') >= boards.since
),

-- often reposted in a time that grows longer
reposted as (
    select postings.source, postings.board, postings.posting_id
    from previous.postings as postings
    semi join (
        select opening_id from previous.openings where is_often_reposted and is_active
    ) as openings using (opening_id)
)

from observed
union
from reread
union
from absent
union
from expired
union
from unwatched
union
from of_changed_boards
union
from reposted
