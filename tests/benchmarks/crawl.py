"""
What a crawl costs beside bare Scrapy: one that stores the same postings, and one that drops them.

    python -m tests.benchmarks.crawl [--boards 120] [--full]

CPU is process time of the crawling process alone, DuckDB's threads included; the server is a
process of its own. All boards are invented: 100 postings with texts of 3.2 kB in one list, or
detail pages of 68 kB with a JobPosting in JSON-LD. Bare Scrapy has the crawl's settings and
Scrapy's own middlewares. The one that stores parses with orjson and selectolax, yields an item a
posting, and writes them to DuckDB in Arrow tables of 1,000 rows; it decodes, scrubs, judges and
keeps nothing else, knows no yesterday and no robots.txt, and a kill leaves it with half a batch.
"""

import argparse
import multiprocessing
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import orjson
import pyarrow as pa
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from selectolax.lexbor import LexborHTMLParser

from crawler import reactor, run
from crawler.boards import Board
from crawler.demo import server
from crawler.run import CrawlReport, crawl
from tests.benchmarks.table import Row, markdown, peak_memory
from warehouse.workspace import Workspace

POSTINGS_A_BOARD = 100
DETAILS_A_BOARD = 50
TEXT_BYTES, PAGE_BYTES = 3_200, 68_000
FIRST_NIGHT = date(2026, 1, 1)
CHANGED = 20  # one board in so many changes in a quiet night
BATCH = 1_000  # rows of an Arrow table
REPEATS = 5  # of which the median counts

WORDS = [
    "we",
    "you",
    "our",
    "team",
    "engineers",
    "product",
    "customers",
    "build",
    "design",
    "ship",
    "review",
    "lead",
    "grow",
    "hire",
    "support",
    "platform",
    "service",
    "data",
    "cloud",
    "quality",
    "delivery",
    "roadmap",
    "budget",
    "people",
    "managers",
    "with",
    "and",
    "for",
    "the",
    "across",
    "to",
    "of",
    "in",
    "a",
    "weekly",
    "together",
    "responsible",
    "experience",
    "years",
    "required",
    "preferred",
    "remote",
]


# ── the server, in a process of its own ──────────────────────────────────────────────────────────


@cache
def paragraphs() -> list[str]:
    source = random.Random(1)
    return [" ".join(source.choices(WORDS, k=60)).capitalize() + "." for _ in range(500)]


def text(name: str) -> str:
    """An invented text of TEXT_BYTES that only this posting has."""
    source = random.Random(name)
    html = f"<p>Reference {name}.</p>"
    while len(html) < TEXT_BYTES:
        html += f"<p>{source.choice(paragraphs())}</p>"
    return html[:TEXT_BYTES]


@lru_cache(maxsize=128)
def board_body(name: str, night: int) -> bytes:
    """A board in Greenhouse's shape, of which a quiet night changes one posting."""
    version = night if int(name.removeprefix("b")) % CHANGED == 0 else 0
    jobs = [
        {
            "id": 1_000 * int(name.removeprefix("b")) + number,
            "title": f"Engineering Manager, Team {number}",
            "absolute_url": f"https://jobs.example/{name}/{number}",
            "content": text(f"{name}-{number}-{version if number == 0 else 0}"),
            "location": {"name": "Tokyo, Japan"},
            "departments": [{"name": "Engineering"}],
            "first_published": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
        }
        for number in range(POSTINGS_A_BOARD)
    ]
    return orjson.dumps({"jobs": jobs, "meta": {"total": len(jobs)}})


@lru_cache(maxsize=4_000)
def detail_body(path: str) -> bytes:
    """A page of PAGE_BYTES, most of it markup and script, with one JobPosting."""
    ad = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": "Engineering Manager",
        "description": text(path),
        "datePosted": "2026-01-01",
        "employmentType": "FULL_TIME",
        "hiringOrganization": {"@type": "Organization", "name": "Invented Employer"},
        "jobLocation": {"@type": "Place", "address": {"addressLocality": "Tokyo"}},
    }
    block = f'<script type="application/ld+json">{orjson.dumps(ad).decode()}</script>'
    row = '<div class="card"><a href="/jobs/related"><span>Another role</span></a></div>'
    head = f"<!doctype html><html><head><title>Engineering Manager</title>{block}</head><body>"
    fill = row * ((PAGE_BYTES - len(head) - TEXT_BYTES) // len(row))
    return f"{head}{text(path)}{fill}</body></html>".encode()


def respond(request: server.Request, night: int) -> server.Response:
    parts = request.path.strip("/").split("/")
    match parts:
        case ["v1", "boards", name, "jobs"]:
            return server.Response(200, board_body(name, night))
        case ["careers", name, "sitemap.xml"]:
            locs = (f"{request.base_url}/careers/{name}/jobs/{n}" for n in range(DETAILS_A_BOARD))
            entries = "".join(f"<url><loc>{loc}</loc></url>" for loc in locs)
            return server.Response(200, f"<urlset>{entries}</urlset>".encode(), "text/xml")
        case ["careers", _, "jobs", _]:
            return server.Response(200, detail_body(request.path), "text/html; charset=utf-8")
    return server.NOT_FOUND


def serve(pipe: Connection) -> None:
    """Serve until told to stop; a number that is sent is the night from then on."""
    night = 0
    with server.LoopbackServer(lambda request: respond(request, night)) as loopback:
        pipe.send(loopback.base_url)
        while (message := pipe.recv()) is not None:
            night = message
            pipe.send(night)


@dataclass(frozen=True, slots=True)
class Server:
    base_url: str
    pipe: Connection

    def set_night(self, night: int) -> None:
        self.pipe.send(night)
        self.pipe.recv()


@contextmanager
def server_process() -> Iterator[Server]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,))
    process.start()
    try:
        yield Server(ours.recv(), ours)
    finally:
        ours.send(None)
        process.join()


# ── the two crawls ───────────────────────────────────────────────────────────────────────────────


def list_board(name: str) -> Board:
    return board("greenhouse", name)


def board(source: str, name: str, url: str | None = None) -> Board:
    return Board(
        source=source,
        board=name,
        employer="Invented Employer",
        url=url,
        discovery_reason="list",
        added_date=FIRST_NIGHT,
    )


class BareSpider(Spider):
    """Fetches addresses and drops what comes."""

    name = "bare"
    urls: Sequence[str]
    path: Path | None

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield Request(url, dont_filter=True)

    def parse(self, response: Any) -> None:
        """Drop it."""


class StoringSpider(BareSpider):
    """Yields an item for each posting of a list or a page."""

    def parse(self, response: Any) -> Iterator[dict[str, Any]]:
        if response.url.endswith("content=true"):
            for job in orjson.loads(response.body)["jobs"]:
                yield {
                    "url": job["absolute_url"],
                    "title": job["title"],
                    "description_html": job["content"],
                    "location_text": job["location"]["name"],
                    "posted": job["first_published"],
                }
            return
        page = LexborHTMLParser(response.text)
        for block in page.css('script[type="application/ld+json"]'):
            ad = orjson.loads(block.text())
            yield {
                "url": response.url,
                "title": ad["title"],
                "description_html": ad["description"],
                "location_text": ad["jobLocation"]["address"]["addressLocality"],
                "posted": ad["datePosted"],
            }


class ArrowPipeline:
    """Writes the items to DuckDB, in Arrow tables of 1,000 rows."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.rows: list[dict[str, Any]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArrowPipeline":
        return cls(crawler)

    def open_spider(self) -> None:
        self.connection = duckdb.connect(str(self.crawler.spider.path))
        columns = "url varchar, title varchar, description_html varchar, location_text varchar"
        self.connection.execute(f"create table postings ({columns}, posted varchar)")

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        self.rows.append(item)
        if len(self.rows) == BATCH:
            self.write()
        return item

    def write(self) -> None:
        batch = pa.Table.from_pylist(self.rows)  # noqa: F841 - DuckDB finds it by its name
        self.connection.execute("insert into postings by name from batch")
        self.rows = []

    def close_spider(self) -> None:
        if self.rows:
            self.write()
        self.connection.close()


def fetch_bare(urls: Sequence[str], path: Path | None = None) -> None:
    """Fetch them all, and store their postings at the path if there is one."""
    parts = urlsplit(urls[0])
    reactor.resolver().allowed = {(parts.hostname or "", parts.port or 80)}
    settings = run.scrapy_settings("vpoe (+loopback)")
    settings.set("DOWNLOADER_MIDDLEWARES", {})
    settings.set("ITEM_PIPELINES", {ArrowPipeline: 1} if path else {})

    async def fetch() -> None:
        spider = StoringSpider if path else BareSpider
        await AsyncCrawlerRunner(settings).crawl(spider, urls=urls, path=path)

    reactor.run(fetch())


def cpu_of(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def night_of(home: Path, boards: Sequence[Board], base_url: str, number: int = 0) -> CrawlReport:
    report = crawl(
        Workspace(home),
        FIRST_NIGHT + timedelta(days=number),
        boards,
        base_urls={row.source: base_url for row in boards},
    )
    if report.ok != len(boards):
        raise RuntimeError(f"the benchmark's own boards failed: {report}")
    return report


def beside_bare(
    name: str, boards: Sequence[Board], urls: Sequence[str], postings: int, bar: float
) -> list[Row]:
    """Postings a CPU second, by turns; of each ratio the median counts."""
    base = "{0.scheme}://{0.netloc}".format(urlsplit(urls[0]))
    rates: dict[str, list[float]] = {"ours": [], "storing": [], "dropping": []}
    fetch_bare(urls)  # the server has made its bodies
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as home:
            works = {
                "ours": lambda home=home: night_of(Path(home), boards, base),  # type: ignore[misc]
                "storing": lambda home=home: fetch_bare(urls, Path(home, "bare.duckdb")),  # type: ignore[misc]
                "dropping": lambda: fetch_bare(urls),
            }
            for way, work in works.items():
                rates[way].append(postings / cpu_of(work))
    return [
        _median_row(f"{name}, bare Scrapy that stores", rates["ours"], rates["storing"], bar),
        _median_row(f"{name}, bare Scrapy that drops", rates["ours"], rates["dropping"], None),
    ]


def _median_row(name: str, ours: list[float], theirs: list[float], bar: float | None) -> Row:
    pairs = sorted(zip(ours, theirs, strict=True), key=lambda pair: pair[0] / pair[1])
    return Row(name, pairs[REPEATS // 2][0], "postings/CPU-s", pairs[REPEATS // 2][1], bar)


def measure_lists(base_url: str, count: int) -> list[Row]:
    names = [f"b{number}" for number in range(count)]
    urls = [f"{base_url}/v1/boards/{name}/jobs?content=true" for name in names]
    boards = [list_board(name) for name in names]
    return beside_bare("boards of 100 postings", boards, urls, count * POSTINGS_A_BOARD, 0.85)


def measure_details(base_url: str, count: int) -> list[Row]:
    names = [f"d{number}" for number in range(count)]
    boards = [board("jsonld", name, f"{base_url}/careers/{name}/sitemap.xml") for name in names]
    urls = [
        url
        for name in names
        for url in [
            f"{base_url}/careers/{name}/sitemap.xml",
            *(f"{base_url}/careers/{name}/jobs/{number}" for number in range(DETAILS_A_BOARD)),
        ]
    ]
    return beside_bare("detail pages of 68 kB", boards, urls, count * DETAILS_A_BOARD, 0.80)


def measure_quiet(served: Server, count: int) -> list[Row]:
    """A night in which 95 % of the boards are unchanged, against the full one before it."""
    pairs = [_full_and_quiet(served, count) for _ in range(REPEATS)]
    full, quiet, full_seconds, quiet_seconds = sorted(pairs, key=lambda pair: pair[3] / pair[2])[
        REPEATS // 2
    ]
    return [
        Row("quiet night, requests", quiet.requests, "", full.requests, kind="at most"),
        Row(
            "quiet night, bytes",
            quiet.body_bytes / 1e6,
            "MB",
            full.body_bytes / 1e6,
            0.10,
            "at most",
        ),
        Row("quiet night, CPU", quiet_seconds, "s", full_seconds, 0.25, "at most"),
    ]


def _full_and_quiet(served: Server, count: int) -> tuple[CrawlReport, CrawlReport, float, float]:
    """Return the reports of both nights and their CPU seconds."""
    boards = [list_board(f"b{number}") for number in range(count)]
    reports, seconds = [], []
    with tempfile.TemporaryDirectory() as home:
        for number in range(2):
            served.set_night(number)
            begun = time.process_time()
            reports.append(night_of(Path(home), boards, served.base_url, number))
            seconds.append(time.process_time() - begun)
    served.set_night(0)
    full, quiet = reports
    if quiet.not_modified != count - len(range(0, count, CHANGED)):
        raise RuntimeError(f"the quiet night wasn't quiet: {quiet}")
    return full, quiet, seconds[0], seconds[1]


def _night_in_process(base_url: str, count: int, home: str, pipe: Connection) -> None:
    night_of(Path(home), [list_board(f"b{number}") for number in range(count)], base_url)
    pipe.send(peak_memory())


def measure_memory(base_url: str, count: int) -> Row:
    """Peak resident memory of a process that crawls one first night."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with tempfile.TemporaryDirectory() as home:
        process = context.Process(target=_night_in_process, args=(base_url, count, home, theirs))
        process.start()
        theirs.close()
        megabytes = ours.recv()
        process.join()
    name = f"peak memory, {count:,} boards and {count * POSTINGS_A_BOARD:,} postings"
    return Row(name, megabytes, "MiB", None, 600, "at most", is_bar_on_value=True)


def measure(boards: int = 120, *, is_full: bool = False) -> list[Row]:
    with server_process() as served:
        rows = [
            *measure_lists(served.base_url, boards),
            *measure_details(served.base_url, max(1, boards // 4)),
            *measure_quiet(served, 4 * boards),
        ]
        rows.append(measure_memory(served.base_url, 1_500 if is_full else boards))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--boards", type=int, default=120, help="boards of 100 postings")
    parser.add_argument("--full", action="store_true", help="memory over 1,500 boards")
    args = parser.parse_args()
    print(markdown(measure(args.boards, is_full=args.full)))  # noqa: T201 - the benchmark's answer


if __name__ == "__main__":
    main()
