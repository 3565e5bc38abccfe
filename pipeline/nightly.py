"""The order of a night's steps: crawl, extract, build, check, publish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crawler.boards import Board
from crawler.errors import ExitCode
from crawler.lock import run_lock
from crawler.run import CrawlReport, crawl
from pipeline.extract import extract
from pipeline.extractor import EXTRACTOR_VERSION
from pipeline.steps import SILENT, Steps
from warehouse.build import build
from warehouse.errors import CheckFailedError
from warehouse.publish import PublishReport, publish
from warehouse.report import publish_report
from warehouse.store import Store
from warehouse.workspace import Workspace


@dataclass(frozen=True, slots=True)
class NightReport:
    """How a night went. `published` is None where nothing was, and `problem` says why."""

    crawl: CrawlReport
    extracted: int
    published: PublishReport | None
    problem: str | None
    exit_code: ExitCode


def run_night(
    workspace: Workspace,
    crawl_date: date,
    boards: Sequence[Board],
    *,
    base_urls: Mapping[str, str] | None = None,
    workers: int = 1,
    steps: Steps = SILENT,
) -> NightReport:
    """
    Run a night, or finish one that was stopped, under one lock.

    Under 80 % of the boards, or with a failed check, the night is collected but not published.
    """
    workspace.create()
    with run_lock(workspace.lock):
        steps.begin("crawl", len(boards))
        crawled = crawl(
            workspace,
            crawl_date,
            boards,
            base_urls=base_urls,
            progress=lambda _snapshot: steps.advance(),
        )
        if crawled.exit_code == ExitCode.STOPPED:
            return NightReport(
                crawled, 0, None, "stopped; run it again to finish", ExitCode.STOPPED
            )
        extracted = extract_new(workspace, workers=workers, steps=steps)
        if crawled.exit_code == ExitCode.NOT_PUBLISHED:
            problem = "under 80 % of the boards were read; what is published stays"
            return NightReport(crawled, extracted, None, problem, crawled.exit_code)
        steps.begin("build")
        build(workspace)
        steps.begin("check and publish")
        try:
            published = publish(workspace)
        except CheckFailedError as error:
            return NightReport(crawled, extracted, None, str(error), ExitCode.NOT_PUBLISHED)
        steps.begin("report")
        publish_report(workspace)
        return NightReport(crawled, extracted, published, None, crawled.exit_code)


def extract_new(
    workspace: Workspace,
    *,
    workers: int = 1,
    steps: Steps = SILENT,
) -> int:
    """Extract what this extractor version hasn't read; returns how many contents that were."""
    with run_lock(workspace.lock), Store(workspace.store) as store:
        steps.begin("extract", store.count_unextracted(EXTRACTOR_VERSION))
        return extract(store, workers=workers, progress=steps.advance)
