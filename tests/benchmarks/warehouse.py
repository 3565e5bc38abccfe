"""
What a build costs: CPU, memory and bytes, at sizes of which each is beside the one before.

    python -m tests.benchmarks.warehouse --postings 100000 1000000

The store is invented: boards that are crawled every night, postings with an exponential life of 45
days, a text, five skills, a place and a pay each.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from tests.benchmarks.table import Row, markdown, peak_memory
from warehouse.build import build
from warehouse.store import Store
from warehouse.workspace import Workspace

NIGHTS = 365
POSTINGS_A_BOARD = 200
SPANS = ("mentions", "evidence")  # of texts, with their words
TEXTS = ("title", "location", "url")
BARRED, MACROS_BARRED = 1_000_000, 10_000_000  # postings, for which the bars are
MACROS = {
    "role_trend": "from role_trend('vp_engineering')",
    "role_index": "from role_index('vp_engineering')",
    "compare_roles": "from compare_roles('vp_engineering', 'cto')",
    "skills_of": "from skills_of('vp_engineering')",
    "openings_on": "select count(*) from openings_on('2026-06-30')",
    "as_of": "select count(*) from as_of('2026-12-31')",
}
BOARDS = """
    insert into raw.boards
    select
        ['greenhouse', 'lever', 'ashby', 'hrmos'][1 + n % 4], 'board' || n, 'Employer ' || n,
        ['JP', 'US', 'GB'][1 + n % 3], 'stock', 1, 'list', date '2026-01-01', null
    from range({boards}) as boards (n)
"""
SNAPSHOTS = """
    insert into raw.snapshots
    select
        date '2026-01-01' + cast(night as integer), source, board, 'ok', null, null,
        timestamp '2026-01-01 01:00:00', null, 200, 0, false, false, 1, 1000, null, '1', null, null
    from raw.boards cross join range({nights} + {quiet_nights}) as nights (night)
    where hash(board, night) % 100 <> 0
"""
POSTINGS = """
    create temp table lives as
    select
        n,
        n % {boards} as board_number,
        cast(floor(-60 + (60 + {nights}) * (hash(n, 'start') % 1000000) / 1e6) as integer) as start_day,
        1 + cast(floor(-45 * ln((1 + hash(n, 'life') % 1000000) / 1000001)) as integer) as life,
        case
            when hash(n, 'role') % 1000 < 2 then 'vp_engineering'
            when hash(n, 'role') % 1000 < 5 then 'cto'
            when hash(n, 'role') % 1000 < 40 then 'engineering_manager'
            when hash(n, 'role') % 1000 < 300 then 'software_engineer'
            else 'other'
        end as role_id
    from range(2 * {postings}) as postings (n)
    where start_day + life > 0
    limit {postings}
"""
OBSERVATIONS = """
    insert into raw.observations
    select
        date '2026-01-01' + greatest(start_day, 0), boards.source, boards.board, 'id' || n, true,
        md5(cast(n as varchar)), 'https://jobs.example/' || boards.board || '/' || n, null,
        date '2026-01-01' + start_day, null, null
    from lives join raw.boards as boards on boards.board = 'board' || board_number
    union all
    select
        date '2026-01-01' + start_day + life, boards.source, boards.board, 'id' || n, false,
        null, null, null, null, null, null
    from lives join raw.boards as boards on boards.board = 'board' || board_number
    where start_day + life < {nights}
"""
CONTENTS = """
    insert into raw.contents
    select
        md5(cast(n as varchar)), date '2026-01-01' + greatest(start_day, 0), role_id || ' ' || n % 977,
        null, null, 'City ' || n % 50, null, null, null, 'en'
    from lives
"""
RESULTS = """
    insert into extract.results by name
    select
        md5(cast(n as varchar)) as content_hash, '1' as extractor_version, 'en' as language,
        [role_id] as roles, false as is_grade, false as is_candidate, [role_id] as hires_for,
        100000 + n % 100 as salary_min, 150000 + n % 100 as salary_max, 'USD' as salary_currency,
        'year' as salary_period, 'City ' || n % 50 as location, ['JP', 'US', 'GB'][1 + n % 3] as country_code,
        false as is_remote, 'FULL_TIME' as employment_type, [] as reports_to, 3000 as text_chars,
        printf('%016x', hash(n, 'text')) as text_fingerprint
    from lives
"""
MENTIONS = """
    insert into extract.mentions by name
    select
        md5(cast(n as varchar)) as content_hash, '1' as extractor_version, concept,
        case concept
            when 'role' then role_id
            when 'skill' then ['python', 'go', 'java', 'kubernetes', 'aws', 'sql', 'react'][1 + (n + k) % 7]
            else 'City ' || n % 50
        end as concept_id,
        case concept when 'role' then 'hires_for' end as mention_kind,
        case concept when 'role' then 'title' else 'text' end as field,
        cast(hash(n, k) % 3000 as integer) as start_char, start_char + 8 as end_char,
        concept_id as text, case concept when 'role' then concept_id end as excerpt
    from lives
    cross join (values (0, 'role'), (1, 'skill'), (2, 'skill'), (3, 'skill'), (4, 'skill'), (5, 'skill'),
        (6, 'location'), (7, 'salary')) as spans (k, concept)
"""
FILLED = (BOARDS, SNAPSHOTS, POSTINGS, OBSERVATIONS, CONTENTS, RESULTS, MENTIONS)
# A night on which 1 % of the postings change, all over the boards: 45 % of them close, 10 % have
# another text, 45 % are new.
STANDING = """
    create temp table standing as
    select source, board, posting_id, url, posted_date, row_number() over (order by hash(posting_id)) as turn
    from (
        from raw.observations
        qualify row_number() over (partition by source, board, posting_id order by crawl_date desc) = 1
    )
    where is_listed
"""
NIGHT_LIVES = """
    create temp table lives as
    select
        {postings} * 10 + n as n,
        n % {boards} as board_number,
        {nights} as start_day,
        ['software_engineer', 'engineering_manager', 'other'][1 + n % 3] as role_id
    from range({postings} * 55 // 10000) as changes (n)
"""
NIGHT_OBSERVATIONS = """
    insert into raw.observations
    select
        date '2026-01-01' + {nights}, source, board, posting_id, false, null, null, null, null, null, null
    from standing
    where turn <= {postings} * 45 // 10000
    union all
    select
        date '2026-01-01' + {nights}, source, board, posting_id, true, md5(cast(n as varchar)), url, null,
        posted_date, null, null
    from standing
    join lives on turn - {postings} * 45 // 10000 = n - {postings} * 10 + 1
    where n - {postings} * 10 < {postings} // 1000
    union all
    select
        date '2026-01-01' + {nights}, boards.source, boards.board, 'id' || n, true, md5(cast(n as varchar)),
        'https://jobs.example/' || boards.board || '/' || n, null, date '2026-01-01' + {nights}, null, null
    from lives join raw.boards as boards on boards.board = 'board' || board_number
    where n - {postings} * 10 >= {postings} // 1000
"""
NIGHT_SNAPSHOTS = SNAPSHOTS.replace(
    "range({nights} + {quiet_nights})", "range({nights}, {nights} + 1)"
)
NIGHT = (STANDING, NIGHT_LIVES, NIGHT_OBSERVATIONS, NIGHT_SNAPSHOTS, CONTENTS, RESULTS, MENTIONS)


def fill_store(path: Path, postings: int, nights: int, quiet_nights: int = 0) -> None:
    """Write the invented store in bulk; in the quiet nights, the last ones, nothing changes."""
    with Store(path):
        pass  # its schema
    _write(path, FILLED, postings, nights, quiet_nights)


def add_night(path: Path, postings: int) -> None:
    """Write a night more, on which 1 % of the postings change."""
    with duckdb.connect(str(path), read_only=True) as connection:
        newest = "select max(crawl_date) + 1 - date '2026-01-01' from raw.snapshots"
        ((nights,),) = connection.execute(newest).fetchall()
    _write(path, NIGHT, postings, nights)


def _write(
    path: Path, statements: Sequence[str], postings: int, nights: int, quiet_nights: int = 0
) -> None:
    sizes = {
        "postings": postings,
        "nights": nights,
        "quiet_nights": quiet_nights,
        "boards": max(postings // POSTINGS_A_BOARD, 1),
    }
    with duckdb.connect(str(path)) as connection:
        for sql in statements:
            connection.execute(sql.format(**sizes))


def column_bytes(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Bytes of each table's column: from its segments' starts to what follows in their blocks."""
    ((block,),) = connection.execute("select block_size from pragma_database_size()").fetchall()
    tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    segments = " union all ".join(
        f"select '{table}' as name, * from pragma_storage_info('{table}')" for (table,) in tables
    )
    found = connection.execute(
        f"""
        select name, column_name, sum(size) from (
            select
                name, column_name, {block} * coalesce(len(additional_block_ids), 0)
                + coalesce(lead(block_offset) over (partition by block_id order by block_offset), {block})
                - block_offset as size
            from ({segments}) where block_id >= 0
        ) group by all
        """
    ).fetchall()
    return {(table, column): int(size) for table, column, size in found}


def median_ms(connection: duckdb.DuckDBPyConnection, sql: str, runs: int = 11) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        connection.execute(sql).fetchall()
        times.append(time.perf_counter() - start)
    return 1000 * median(times)


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def build_once(home: Path) -> dict[str, Any]:
    """Build the store of `home`, in a process of its own: its CPU and memory, and what came out."""
    workspace = Workspace(home)
    start = cpu_seconds()
    report = build(workspace)
    cpu = cpu_seconds() - start
    report.path.replace(workspace.warehouse)
    memory = peak_memory()
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        sizes = column_bytes(connection)
        facts = sum(
            size
            for (table, column), size in sizes.items()
            if table not in SPANS and column not in TEXTS
        )
        macros = {name: median_ms(connection, sql) for name, sql in MACROS.items()}
    file_bytes = workspace.warehouse.stat().st_size
    add_night(workspace.store, report.rows["postings"])
    start = cpu_seconds()
    night = build(workspace)
    night_cpu = cpu_seconds() - start
    return {
        "cpu": cpu,
        "night_cpu": night_cpu,
        "changed_postings": night.changed_postings,
        "memory": memory * 2**20,
        "file_bytes": file_bytes,
        "facts_bytes": facts,
        "macros": macros,
    }


def measured(postings: int, nights: int = NIGHTS, quiet_nights: int = 0) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="vpoe-bench-") as folder:
        fill_store(Workspace(Path(folder)).store, postings, nights, quiet_nights)
        command = [sys.executable, "-m", "tests.benchmarks.warehouse", "--one", folder]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def measure(sizes: Sequence[int]) -> list[Row]:
    """Each size beside the one before, and the smallest with as many quiet nights added."""
    found = {postings: measured(postings) for postings in sizes}
    rows = [row for postings in sizes for row in _of_size(postings, found)]
    quiet = measured(sizes[0], quiet_nights=NIGHTS)["facts_bytes"]
    name = f"{sizes[0]:,} postings, file without texts after {NIGHTS} quiet nights more"
    return [*rows, Row(name, quiet / 1e6, "MB", found[sizes[0]]["facts_bytes"] / 1e6)]


def _of_size(postings: int, found: dict[int, dict[str, Any]]) -> Iterator[Row]:
    one = found[postings]
    memory, facts, file = one["memory"] / 1e6, one["facts_bytes"], one["file_bytes"]
    cpu_bar, memory_bar, facts_bar = (60, 2_000, 60) if postings == BARRED else (None, None, None)
    macro_bar = 50 if postings == MACROS_BARRED else None
    smaller = max((size for size in found if size < postings), default=None)
    name = f"{postings:,} postings over {NIGHTS} nights, built"
    yield Row(name, one["cpu"], "CPU-s", None, cpu_bar, "at most", True)
    if smaller:
        name = f"its CPU a posting, beside that of {smaller:,}"
        beside = 1e6 * found[smaller]["cpu"] / smaller
        yield Row(name, 1e6 * one["cpu"] / postings, "µs/posting", beside)
    yield Row(
        f"a night that changes 1 %, {one['changed_postings']:,} postings built anew",
        one["night_cpu"],
        "CPU-s",
        one["cpu"],
        0.15 if postings >= BARRED else None,
        "at most",
    )
    yield Row("peak memory", memory, "MB", None, memory_bar, "at most", True)
    yield Row(
        "file without texts", facts / postings, "bytes/posting", None, facts_bar, "at most", True
    )
    yield Row("file", file / postings, "bytes/posting")
    *others, slowest = sorted(one["macros"], key=one["macros"].get)
    for macro in (others[-1], slowest):
        yield Row(
            f"macro {macro}, median", one["macros"][macro], "ms", None, macro_bar, "at most", True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--postings", type=int, nargs="+", default=[BARRED // 10, BARRED])
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    answer = (
        json.dumps(build_once(options.one)) if options.one else markdown(measure(options.postings))
    )
    print(answer)  # noqa: T201 - the benchmark's answer


if __name__ == "__main__":
    main()
