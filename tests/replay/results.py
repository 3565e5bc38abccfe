"""Writes docs/results.md from the published files of the replays."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipeline.roles import read_title
from tests.replay import sections
from tests.replay.data import HackerNews
from tests.replay.sections import ROLE, ask, count, folded, table
from warehouse.trend import Trend, trend

THREADS = "hackernews"
SHOWN_OPENINGS = 20
PICTURES = "(pictures)"
AROUND = 40  # characters on each side of the words quoted
UPSTREAM_MONTHS = "month, count(roles), list(roles) filter (roles is not null)"
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Upstream:
    """What the data's own `roles` field says of a month: posts that have it, and those with a VPoE."""

    posts: int
    vp_engineering: int


def write_results(
    out: Path, *, data: Path, hackernews: Path | None = None, greenhouse: Path | None = None
) -> list[Path]:
    """
    Write the page and its charts from published files; a part whose file isn't given is left out.

    Returns the files written. Charts go to `img` beside the page.
    """
    images = out.parent / "img"
    images.mkdir(parents=True, exist_ok=True)
    written, parts = [out], [HEAD]
    makers: tuple[tuple[str, Path | None, Callable[[Path, Trend], str]], ...] = (
        ("hackernews", hackernews, lambda file, found: _threads(file, found, HackerNews(data))),
        ("greenhouse", greenhouse, _boards),
    )
    for name, file, write in makers:
        if file is None:
            continue
        found = trend(file, ROLE, by="month" if name == "hackernews" else "day")
        charts = list(sections.pictures(file, images, f"replay-{name}"))
        shown = "\n\n".join(f"![{title}](img/{chart.name})" for title, chart in charts)
        parts.append(write(file, found).replace(PICTURES, shown))
        written += [chart for _, chart in charts]
    out.write_text("\n".join(parts), encoding="utf-8")
    return written


HEAD = """# Results on real data

What came out of the replay of real data (`tests/replay`): a loopback server answers as the hiring
systems did, and the same spiders, extraction and warehouse read it that read the live ones. The data
folder holds about two thirds of its origins (a third is kept apart for evaluation), so counts are
about two thirds of the full ones; shares should not be affected.

Counts are advertisements, not hires. Made again by:

```
python -m tests.replay hackernews --data DIR --home DIR/hackernews
python -m tests.replay greenhouse --data DIR --nights 301 --boards 997 --home DIR/greenhouse
python -m tests.replay results --data DIR --hackernews DIR/hackernews --greenhouse DIR/greenhouse --out docs/results.md
```
"""


def _threads(file: Path, found: Trend, posts: HackerNews) -> str:
    upstream = upstream_counts(posts)
    rows = [
        (
            row.period_start.strftime("%Y-%m"),
            row.new_postings,
            row.new_openings,
            row.employers_hiring,
            f"{row.share_per_10000 or 0:.1f}",
            said.vp_engineering if (said := upstream.get(f"{row.period_start:%Y-%m}")) else None,
            f"{10_000 * said.vp_engineering / said.posts:.1f}" if said and said.posts else None,
            said.posts if said else None,
        )
        for row in found.rows
    ]
    total = sum(row.new_postings for row in found.rows)
    ours, theirs = _where_both(found, upstream)
    year = str(found.rows[-1].period_start.year - 1)
    openings = table(("month", "employer", "post", "sentence"), first_openings(file))
    return f"""## Hacker News, "Who is hiring?", {found.rows[0].period_start:%B %Y} to {found.rows[-1].period_start:%B %Y}

{PICTURES}

{total:,} posts of {len(found.rows)} monthly threads offer the position of a VP of Engineering. The
data's own `roles` field, made by a language model upstream and read with our role rules, names
{theirs:,} in the months that have it; in the same months we find {ours:,}.

### By year: openings (95 %, exact Poisson), and posts per 10,000 (95 %, Wilson)

{sections.years(file, THREADS)}

### Index and naive count

{sections.index(file, THREADS)}

### {year} against the year before, corrected for looking at {len(sections.ROLES)} roles

{sections.comparison(file, THREADS, year)}

### The article's statements

{sections.verdicts(file, THREADS)}

### Every month

Openings: posts without those that an employer repeats from the month before.

{folded(f"{len(rows)} months", table(MONTH_HEADINGS, rows))}

### The first {SHOWN_OPENINGS} VPoE openings, and the words that made them so

{openings}
"""


MONTH_HEADINGS = (
    *("month", "VPoE posts", "openings", "employers", "per 10,000"),
    *("upstream VPoE", "upstream per 10,000", "upstream posts with roles"),
)


def _where_both(found: Trend, upstream: dict[str, Upstream]) -> tuple[int, int]:
    """Return our and the upstream's VPoE posts, in months in which upstream has any roles."""
    months = {month for month, said in upstream.items() if said.posts}
    ours = sum(
        row.new_postings for row in found.rows if row.period_start.strftime("%Y-%m") in months
    )
    return ours, sum(said.vp_engineering for said in upstream.values())


def upstream_counts(posts: HackerNews) -> dict[str, Upstream]:
    """Count by month what the `roles` field names, each role read as a title."""
    months = duckdb.execute(
        f"select {UPSTREAM_MONTHS} from read_parquet(?) group by month order by month",
        [posts.posts],
    ).fetchall()
    return {
        month: Upstream(count, sum(map(_names_role, lists or ()))) for month, count, lists in months
    }


def _names_role(titles: Iterable[str | None]) -> bool:
    return any(title and ROLE in read_title(title).roles for title in titles)


def first_openings(file: Path) -> list[tuple[str, str, str, str]]:
    """Return month, employer, address and words of the first openings of the role."""
    rows = ask(
        file,
        "select postings.board, postings.employer, postings.url, "
        "arg_min(mentions.excerpt, mentions.start_char), "
        "arg_min(mentions.text, mentions.start_char) "
        "from mentions join postings using (source, board, posting_id) "
        "where mentions.role_id = ? and mentions.mention_kind = 'hires_for' "
        "group by postings.board, postings.posting_id, postings.employer, postings.url "
        "order by postings.board, cast(postings.posting_id as bigint) limit ?",
        *(ROLE, SHOWN_OPENINGS),
    )
    return [
        (month, employer or "not stated", url, quote(LINK.sub("…", excerpt or ""), words))
        for month, employer, url, excerpt, words in rows
    ]


def quote(sentence: str, words: str) -> str:
    """The words with what stands around them: enough to judge by, and no more."""
    at = max(sentence.find(words), 0)
    start, end = max(0, at - AROUND), min(len(sentence), at + len(words) + AROUND)
    return f"{'…' * (start > 0)}{sentence[start:end].strip()}{'…' * (end < len(sentence))}"


def _boards(file: Path, found: Trend) -> str:
    crawled, board_nights, read = ask(
        file, "select count(*), sum(boards), sum(ok_boards) from crawl_nights where is_crawled"
    )[0]
    ((postings,),) = ask(file, "select count(*) from postings")
    last = found.rows[-1]
    shown = [row for row in found.rows if (last.period_start - row.period_start).days % 28 == 0]
    rows = [
        (
            row.period_start,
            row.active_openings,
            row.employers_hiring,
            f"{row.share_per_10000 or 0:.1f} ({row.share_low or 0:.1f}–{row.share_high or 0:.1f})",
            row.boards_observed,
            row.boards_in_panel,
            f"{row.imputed_share or 0:.0%}",
        )
        for row in shown
    ]
    new = sum(row.new_openings for row in found.rows)
    closed = sum(row.closed_openings or 0 for row in found.rows)
    quarter = _newest_whole_quarter(last.period_end)
    return f"""## Greenhouse, {crawled} nights to {last.period_end}

{PICTURES}

{found.boards} boards, {postings:,} postings. The boards were read upstream every third night, so
{read:,} of {board_nights:,} board-nights were read and the others failed: what a board showed is
carried forward between them. Over the nights {count(new)} VPoE openings were new and {closed} closed.
A day in 28:

{table(BOARD_HEADINGS, rows)}

### Index and naive count

{sections.index(file, None)}

### {quarter} against the quarter before, corrected for looking at {len(sections.ROLES)} roles

{sections.comparison(file, None, quarter)}

### Days open

{sections.days(file)}

### The article's statements

{sections.verdicts(file, None)}
"""


def _newest_whole_quarter(day: date) -> str:
    """The newest quarter that has ended by the day, as in `2026-Q2`."""
    quarters = (day + timedelta(1)).year * 4 + ((day + timedelta(1)).month - 1) // 3 - 1
    return f"{quarters // 4}-Q{quarters % 4 + 1}"


BOARD_HEADINGS = (
    *("day", "active openings", "employers", "per 10,000 (95 %)"),
    *("boards read", "boards in panel", "carried forward"),
)
