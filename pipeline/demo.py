"""The demo: an invented job market crawled by the real spiders, held against its own truth."""

from dataclasses import dataclass

from crawler.demo.compare import Comparison, compare
from crawler.demo.market import build_market
from crawler.demo.server import LoopbackServer
from crawler.demo.site import Site, base_urls, registry
from crawler.run import crawl
from pipeline.nightly import extract_new
from pipeline.steps import SILENT, Steps
from warehouse.build import build
from warehouse.publish import PublishReport, publish
from warehouse.workspace import Workspace

NIGHTS = 60


@dataclass(frozen=True, slots=True)
class DemoReport:
    nights: int
    boards: int
    requests: int
    unchanged: int  # answers 304
    published: PublishReport
    comparison: Comparison


def run_demo(
    workspace: Workspace,
    *,
    nights: int = NIGHTS,
    workers: int = 1,
    steps: Steps = SILENT,
) -> DemoReport:
    """Crawl the market night by night, extract, build, check, publish, and compare."""
    workspace.create()
    market = build_market(nights=nights)
    site = Site(market)
    with LoopbackServer(site) as server:
        steps.begin("crawl", nights)
        for night in range(nights):
            site.night = night
            boards = registry(market, night)
            crawl(workspace, market.date_of(night), boards, base_urls=base_urls(server.base_url))
            steps.advance()
    extract_new(workspace, workers=workers, steps=steps)
    steps.begin("build, check and publish")
    build(workspace)
    published = publish(workspace)
    return DemoReport(
        nights=nights,
        boards=len(registry(market, nights - 1)),
        requests=server.statuses.total(),
        unchanged=server.statuses[304],
        published=published,
        comparison=compare(market, workspace.warehouse),
    )
