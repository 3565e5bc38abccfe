"""What was read of a board becomes its night, which is kept."""

from collections.abc import Iterator
from dataclasses import replace

from crawler.night import OfNight
from crawler.reading import Reading
from crawler.requests import BoardRead, failure_of
from crawler.snapshots import to_night
from warehouse.store import BoardNight, History


class SnapshotPipeline(OfNight):
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
        night.notices.update(_notices(judged, len(known)))
        return judged


def _notices(judged: BoardNight, known: int) -> Iterator[str]:
    """What the operator is told of a board that was read; `known` is how many it listed before."""
    name = "/".join(judged.snapshot.key)
    for drift in judged.drifts:
        yield (
            f"drift: {name}: {drift.name} on {drift.share:.0%} of what was read, usually on "
            f"{drift.usual_share:.0%}; see `vpoe status --fields`"
        )
    if judged.aliases:
        yield (
            f"id churn: {name}: {len(judged.aliases)} of {known} ids replaced, with equal texts; "
            "the postings keep their first ids"
        )


class StorePipeline(OfNight):
    """Has the night keep it."""

    def process_item(self, item: tuple[BoardRead, BoardNight]) -> BoardNight:
        read, board_night = item
        if not self.night.is_stopped:  # else it has no status, and is read next time
            self.night.keep(read.reading.bodies, board_night)
        return board_night
