"""
Build only what new nights changed: the other rows are taken from the published file.

`sql/changed` finds the postings that the nights may have changed, with all that share a demand with
one of them. The tables' SQL then runs twice over these alone: as the store was when the published
file was built, and as it is. Their rows in `ROWS` are replaced; of each sum in `sql/sums`, what they
gave before is taken away and what they give now is added. All other tables are made whole from
these. So each table has one SQL, and a whole build is the same with all postings and nothing before.
"""

from collections.abc import Iterable, Mapping

import duckdb

from warehouse.layers import fetch, run_layer, statements_of

MOST_CHANGED = 0.2  # of the postings, above which building all of them is cheaper
ROWS = ("postings", "posting_roles", "openings", "mentions", "evidence", "opening_roles")
SUMS = {  # the columns that tell the rows of a sum apart; the others are added up
    "changes": ("day", "role_id", "source", "country_code"),
    "employer_changes": ("day", "role_id", "source", "country_code"),
    "links": ("doubling", "period", "role_id", "source", "country_code"),
    "flow_counts": ("month", "role_id", "source", "country_code", "employer_key"),
    "skill_counts": ("month", "kind", "role_id", "skill_id", "employer_key"),
    "role_counts": ("kind", "role_id", "skill_id"),
    "profile_counts": (
        *("kind", "only_role_id", "concept", "concept_id", "country_code", "language"),
        "employer_key",
    ),
    "extractions": ("extractor_version",),
}
READ = {  # what the tables are built from, by the view that shows its rows
    "snapshot_rows": "raw.snapshots",
    "observation_rows": "raw.observations",
    "content_rows": "raw.contents",
    "result_rows": "extract.results",
    "mention_rows": "extract.mentions",
}
GROWING = [table for table in READ.values() if table != "extract.mentions"]
PANEL = (  # tables that say something else of the same night once later ones are known
    *("boards", "clock", "snapshots", "ok_runs", "listing_runs", "panels", "gaps"),
    "board_periods",
)
REWRITES = "select string_agg(rewrite_id, ' ' order by rewrite_id) from store.raw.rewrites"
EMPLOYER_PIECES = "employer_key, role_id, source, country_code, from_date, to_date"


def build_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the sums of all postings of the store, and what their rows are made of."""
    run = connection.execute
    show_store(connection)
    run("create view core.described_boards as from store.raw.boards")
    run("create table core.kept_openings (opening_id bigint)")
    run_layer(connection, "panel", "core.")
    run_layer(connection, "core", "core.")
    run(f"create view core.employer_pieces as select {EMPLOYER_PIECES} from core.opening_pieces")
    for name, select in statements_of("sums"):
        run(f"create table sums.{name} as {select}")
        nothing = _is_nothing(_measures(connection, f"sums.{name}"))
        run(f"delete from sums.{name} where {nothing}")


def note_store(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Write into the sums of what store and by what rules they were made."""
    run = connection.execute
    for name in PANEL:
        # of the nights, those that may come to mean something else
        doubtful = "where status <> 'ok'" if name == "snapshots" else ""
        run(f"create or replace table sums.{name} as from core.{name} {doubtful}")
    run(
        f"create or replace table sums.built as select ? as version, ({REWRITES}) as rewrites",
        [version],
    )
    counts = " union all ".join(
        f"select '{table}' as table_name, coalesce(max(rowid) + 1, 0) as end_row, count(*) as rows "
        f"from store.{table}"
        for table in GROWING
    )
    run(f"create or replace table sums.reach as {counts}")


def why_whole(connection: duckdb.DuckDBPyConnection, version: str) -> str | None:
    """Why the sums can't be gone on from; None if they can."""
    built = fetch(connection, "select version, rewrites from sums.built")[0]
    if built[0] != version:
        return "the rules, the taxonomy or DuckDB are others than they were"
    if built[1] != fetch(connection, REWRITES)[0][0]:
        return "the store's past was rewritten"
    for table, end_row, rows in fetch(connection, "from sums.reach"):
        found = fetch(connection, f"select count(*) from store.{table} where rowid < {end_row}")
        if found[0][0] != rows:
            return "the store is another than it was"
    return None


def build_changed(connection: duckdb.DuckDBPyConnection) -> int | str:
    """
    Make the rows and the sums anew that changed, in copies of the published file and of its sums.

    Returns how many postings that was, or why all have to be made anew: nothing is changed then.
    """
    run = connection.execute
    reach = {table: end_row for table, end_row, _ in fetch(connection, "from sums.reach")}
    for name in PANEL:
        run(f"create table core.before_{name} as from sums.{name}")
    described = "select source, board, kind, employer from"
    run(
        "create view core.described_boards as "
        f"{described} core.before_boards union {described} store.raw.boards"
    )
    show_store(connection)
    run_layer(connection, "panel", "core.")
    reason = _unlike_before(connection)
    if reason:
        return reason
    changed = _find_changed(connection, reach)
    if changed > MOST_CHANGED * fetch(connection, "select count(*) from previous.postings")[0][0]:
        return f"{changed:,} postings changed"

    _rename(connection, "", "after_")
    _rename(connection, "before_", "")
    run("create table core.kept_openings (opening_id bigint)")
    _show_changed(connection, reach)
    run_layer(connection, "core", "core.")
    _keep_sums(connection, "before")
    for name in (*(name for name, _ in statements_of("core")), *PANEL):
        run(f"drop table core.{name}")

    _rename(connection, "after_", "")
    run(
        "insert into core.kept_openings select opening_id from previous.openings "
        "anti join core.changed using (source, board, posting_id)"
    )
    _show_changed(connection)
    run_layer(connection, "core", "core.")
    _keep_sums(connection, "after")
    _replace_rows(connection)
    _sum_employers(connection)
    for name in SUMS:
        _merge_sum(connection, name)
    return changed


def show_store(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the views of `core` show the store as it is."""
    for view, table in READ.items():
        connection.execute(
            f"create view core.{view} as select *, rowid as store_row from store.{table}"
        )


def _show_changed(
    connection: duckdb.DuckDBPyConnection, reach: Mapping[str, int] | None = None
) -> None:
    """Let them show what the changed postings are made of, with `reach` as far as the store went."""
    for view, table in READ.items():
        if view != "snapshot_rows":
            end = f" where store_row < {reach[table]}" if reach and table in reach else ""
            connection.execute(
                f"create or replace view core.{view} as from core.changed_{view}{end}"
            )


def _rename(connection: duckdb.DuckDBPyConnection, old: str, new: str) -> None:
    for name in PANEL:
        connection.execute(f"alter table core.{old}{name} rename to {new}{name}")


def _unlike_before(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Why nothing of what was summed up can be kept, None if it can."""
    first_dates = (
        "select first_stock_date from core.before_clock "
        "union select first_stock_date from core.clock"
    )
    if len(fetch(connection, first_dates)) > 1:
        return "the first night is another"
    periods = (
        "select boards.source, boards.board, periods.* exclude (board_key) "
        "from core.{0}board_periods as periods join core.{0}boards as boards using (board_key)"
    )
    before, after = periods.format("before_"), periods.format("")
    unlike = f"(({before}) except ({after})) union all (({after}) except ({before}))"
    if fetch(connection, f"select 1 from ({unlike}) limit 1"):
        return "a period of the index has ended, or its boards are others"
    return None


def _find_changed(connection: duckdb.DuckDBPyConnection, reach: Mapping[str, int]) -> int:
    """Put the changed postings into core.changed, and what they are made of beside it."""
    run = connection.execute
    for table, end_row in reach.items():
        new = f"core.new_{table.partition('.')[2]}"
        run(f"create view {new} as select * from store.{table} where rowid >= {end_row}")
    run_layer(connection, "changed", "core.")
    run(
        "create table core.touched as "
        "select distinct hash(source, board, posting_id) as posting from core.changed_postings"
    )
    while fetch(
        connection,
        "insert into core.touched select distinct posting from core.demands "
        "semi join (from core.demands semi join core.touched using (posting)) using (demand) "
        "anti join core.touched using (posting)",
    )[0][0]:
        pass
    run(
        "create table core.changed_observation_rows as select *, rowid as store_row "
        "from store.raw.observations "
        "semi join core.touched on touched.posting = hash(source, board, posting_id)"
    )
    run(
        "create table core.changed as "
        "select distinct source, board, posting_id from core.changed_observation_rows"
    )
    for view in ("content_rows", "result_rows", "mention_rows"):
        run(
            f"create table core.changed_{view} as select *, rowid as store_row "
            f"from store.{READ[view]} semi join core.changed_observation_rows using (content_hash)"
        )
    return int(fetch(connection, "select count(*) from core.changed")[0][0])


def _keep_sums(connection: duckdb.DuckDBPyConnection, moment: str) -> None:
    for name, select in statements_of("sums"):
        if name != "employer_changes":
            connection.execute(f"create table core.{moment}_{name} as {select}")
    connection.execute(
        f"create table core.{moment}_pieces as select {EMPLOYER_PIECES} from core.opening_pieces"
    )


def _replace_rows(connection: duckdb.DuckDBPyConnection) -> None:
    run = connection.execute
    selects = dict(statements_of("main"))
    run(
        "create table core.old_openings as select opening_id from openings "
        "semi join core.changed using (source, board, posting_id)"
    )
    run("begin")
    for name in ROWS:
        if name == "opening_roles":
            old, keys = "old_openings", ["opening_id"]
        else:
            old, keys = "changed", ["source", "board", "posting_id"]
        same = " and ".join(f"{name}.{key} = {old}.{key}" for key in keys)
        run(f"delete from {name} using core.{old} as {old} where {same}")
        run(f"insert into {name} by name select * from ({selects[name]})")
    for _, update in statements_of("clock"):
        run(update)
    run("commit")


def _sum_employers(connection: duckdb.DuckDBPyConnection) -> None:
    """
    What the changed openings move of core.before_employer_changes and core.after_employer_changes.

    An employer's other openings have a say: all that reach into the days that changed are summed.
    """
    run = connection.execute
    selects = dict([*statements_of("employers"), *statements_of("sums")])
    run(f"create table core.changed_employers as {selects['changed_employers']}")
    for moment, file in (("before", "previous"), ("after", "vpoe")):
        for table in ("openings", "opening_roles"):
            run(f"create or replace view core.published_{table} as from {file}.{table}")
        run(f"create or replace table core.employer_pieces as {selects['employer_pieces']}")
        run(f"create table core.{moment}_employer_changes as {selects['employer_changes']}")


def _merge_sum(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Take from a sum what the changed postings gave before, and add what they give now."""
    run = connection.execute
    keys = ", ".join(SUMS[name])
    measures = _measures(connection, f"sums.{name}")
    added = ", ".join(f"sum({measure}) as {measure}" for measure in measures)
    taken = ", ".join(f"-{measure} as {measure}" for measure in measures)
    same = " and ".join(f"kept.{key} is not distinct from change.{key}" for key in SUMS[name])
    run(
        f"create or replace table core.change as select {keys}, {added} from ("
        f"from core.after_{name} union all by name select {keys}, {taken} from core.before_{name}"
        ") group by all"
    )
    run(f"delete from core.change where {_is_nothing(measures)}")
    run(
        f"create or replace table core.changed_sum as select {keys}, {added} from ("
        f"from core.change union all by name from sums.{name} as kept "
        f"semi join core.change as change on {same}) group by all"
    )
    run(f"delete from sums.{name} as kept using core.change as change where {same}")
    run(
        f"insert into sums.{name} by name from core.changed_sum where not ({_is_nothing(measures)})"
    )


def _measures(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    keys = SUMS[table.partition(".")[2]]
    return [row[0] for row in fetch(connection, f"describe {table}") if row[0] not in keys]


def _is_nothing(measures: Iterable[str]) -> str:
    return " and ".join(f"{measure} = 0" for measure in measures)
