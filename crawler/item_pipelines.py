"""What was read of a board becomes its night, and the night one transaction in the store."""

from dataclasses import replace
from typing import Any

from scrapy.crawler import Crawler

from crawler.night import Night
from crawler.reading import Reading
from crawler.requests import BoardRead, failure_of
from crawler.snapshots import to_night
from warehouse.store import BoardNight, History


class NightPipeline:
    """Knows the night of its spider."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "NightPipeline":
        return cls(crawler)

    @property
    def night(self) -> Night:
        spider: Any = self.crawler.spider
        night: Night = spider.night
        return night


class SnapshotPipeline(NightPipeline):
    """Judges a reading: contents, observations, and the board's one status."""

    def process_item(self, item: BoardRead) -> tuple[BoardRead, BoardNight]:
        try:
            return item, self._judge(item)
        except Exception as error:  # noqa: BLE001 - a bug with one board's postings is that board's failure
            failed = Reading(failure=failure_of(error, item.board), bodies=item.reading.bodies)
            item = replace(item, reading=failed)
            return item, self._judge(item)

    def _judge(self, item: BoardRead) -> BoardNight:
        night, board, reading = self.night, item.board, item.reading
        is_read = not reading.is_not_modified and reading.failure is None
        known = night.store.listed(board.source, board.board)
        judged = to_night(
            reading,
            board,
            night.crawl_date,
            known=known,
            history=night.store.history(board.source, board.board, night.crawl_date)
            if is_read
            else History(),
            at=night.clock(),
            cost=item.cost,
            parser_version=item.spider.parser_version(),
            aliases=night.store.aliases(board.source, board.board),
        )
        for drift in judged.drifts:
            night.notices[
                f"drift: {board.source}/{board.board}: {drift.name} on {drift.share:.0%} of what was "
                f"read, usually on {drift.usual_share:.0%}; see `vpoe status --fields`"
            ] += 1
        if judged.aliases:
            night.notices[
                f"id churn: {board.source}/{board.board}: {len(judged.aliases)} of {len(known)} "
                "ids replaced, with equal texts; the postings keep their first ids"
            ] += 1
        return judged


class StorePipeline(NightPipeline):
    """Has the night keep it."""

    def process_item(self, item: tuple[BoardRead, BoardNight]) -> BoardNight:
        read, board_night = item
        if not self.night.is_stopped:  # else it has no status, and is read next time
            self.night.keep(read.reading.bodies, board_night)
        return board_night
