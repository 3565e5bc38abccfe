"""The nights: what crawls write, and what the next crawl asks of them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from warehouse.store.file import StoreFile
from warehouse.store.records import (
    TRAILING_NIGHTS,
    BoardKey,
    BoardNight,
    History,
    Observation,
    Snapshot,
    StoredBoard,
    Validator,
    to_row,
)


class Nights(StoreFile):
    """`raw.*`. What a board listed is remembered while the store is open."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        super().__init__(path, read_only=read_only)
        self._listed: dict[BoardKey, dict[str, Observation]] | None = None
        self._validators: dict[BoardKey, dict[str, Validator]] | None = None
        self._aliases: dict[BoardKey, dict[str, str]] | None = None
        self._failed: set[tuple[date, str, str]] | None = None
        self._crawl_date: date | None = None  # of the crawl that goes on, for `history`
        self._trailing: dict[BoardKey, History] | None = None

    def start_crawl(
        self,
        crawl_date: date,
        boards: Sequence[StoredBoard],
        at: datetime,
        *,
        retired: Sequence[StoredBoard] = (),
    ) -> None:
        """Record the plan of a night; a resumed night keeps its first start."""
        self._crawl_date, self._trailing = crawl_date, None
        with self.transaction():
            self.upsert("raw.boards", [to_row(board) for board in (*boards, *retired)])
            self.connection.execute(
                "insert into raw.crawls (crawl_date, started_at, planned_boards) values (?, ?, ?) "
                "on conflict do update set planned_boards = excluded.planned_boards",
                [crawl_date, at, len(boards)],
            )

    def plan_boards(self, crawl_date: date, boards: Sequence[StoredBoard]) -> None:
        """Add boards to the plan of a night that has begun: the threads that an index named."""
        with self.transaction():
            self.upsert("raw.boards", [to_row(board) for board in boards])
            self.connection.execute(
                "update raw.crawls set planned_boards = planned_boards + ? where crawl_date = ?",
                [len(boards), crawl_date],
            )

    def finish_crawl(self, crawl_date: date, at: datetime, exit_code: int, report: str) -> None:
        self.connection.execute(
            "update raw.crawls set finished_at = ?, exit_code = ?, report = ? where crawl_date = ?",
            [at, exit_code, report, crawl_date],
        )

    def finished_boards(self, crawl_date: date, *, with_failed: bool = True) -> set[BoardKey]:
        """The boards that already have their one status of this night."""
        return set(
            self.connection.execute(
                "select source, board from raw.snapshots "
                "where crawl_date = ? and (status != 'failed' or ?)",
                [crawl_date, with_failed],
            ).fetchall()
        )

    def planned_boards(self, crawl_date: date) -> int:
        row = self.connection.execute(
            "select planned_boards from raw.crawls where crawl_date = ?", [crawl_date]
        ).fetchone()
        return int(row[0]) if row else 0

    def snapshots_of(self, crawl_date: date) -> list[Snapshot]:
        """The night's snapshots, by source and board."""
        return self._snapshots("where crawl_date = ? order by source, board", [crawl_date])

    def unchanging_boards(self, crawl_date: date, nights: int) -> list[BoardKey]:
        """Boards that on their last `nights` nights sent one body, each time with another Date."""
        return self.connection.execute(
            "select source, board from (from raw.snapshots where status in ('ok', 'suspect') "
            "and crawl_date <= ? qualify row_number() over "
            "(partition by source, board order by crawl_date desc) <= ?) group by all "
            "having count(distinct body_hash) = 1 and count(distinct answered_at) = ? "
            "and max(crawl_date) = ? order by all",
            [crawl_date, nights, nights, crawl_date],
        ).fetchall()

    def last_read_dates(self) -> dict[BoardKey, date]:
        """The newest night on which each board was read; boards never read are absent."""
        rows = self.connection.execute(
            "select source, board, max(crawl_date) from raw.snapshots "
            "where status != 'failed' group by all"
        ).fetchall()
        return {(source, board): newest for source, board, newest in rows}

    def history(self, source: str, board: str, before: date) -> History:
        """The board's trailing nights, for judging the count of the night `before`."""
        key = (source, board)
        if self._crawl_date != before:
            return self._histories("source = ? and board = ? and", [source, board, before]).get(
                key, History()
            )
        if self._trailing is None:
            self._trailing = self._histories("", [before])
        return self._trailing.get(key, History())

    def _histories(self, key: str, values: Sequence[Any]) -> dict[BoardKey, History]:
        """By board, of the nights before the last of `values`."""
        rows = self.connection.execute(
            "select source, board, list(status order by crawl_date desc), "  # noqa: S608
            "list(parsed_postings order by crawl_date desc), "
            "list(field_counts order by crawl_date desc) from (from raw.snapshots "
            f"where {key} crawl_date < ? and status in ('ok', 'suspect') qualify row_number() "
            "over (partition by source, board order by crawl_date desc) <= ?) group by all",
            [*values, 2 * TRAILING_NIGHTS],
        ).fetchall()
        return {
            (source, board): History.of(statuses, counts, field_counts)
            for source, board, statuses, counts, field_counts in rows
        }

    def bytes_of_last_night(self) -> int:
        row = self.connection.execute(
            "select coalesce(sum(body_bytes), 0) from raw.snapshots "
            "where crawl_date = (select max(crawl_date) from raw.snapshots)"
        ).fetchone()
        return int(row[0]) if row else 0

    def newest_crawl_date(self) -> date | None:
        row = self.connection.execute("select max(crawl_date) from raw.crawls").fetchone()
        return row[0] if row else None

    def validators(self, source: str, board: str) -> dict[str, Validator]:
        """What the board's next conditional requests send, by address."""
        if self._validators is None:
            self._validators = self._load_validators()
        return self._validators.get((source, board), {})

    def listed(self, source: str, board: str) -> dict[str, Observation]:
        """What the board listed when it was last read, by posting_id."""
        if self._listed is None:
            self._listed = self._load_listed()
        return self._listed.get((source, board), {})

    def aliases(self, source: str, board: str) -> dict[str, str]:
        """The ids by which the board lists postings that have another posting_id."""
        if self._aliases is None:
            self._aliases = {}
            for name, of, alias, posting_id in self.connection.execute(
                "select source, board, alias, posting_id from raw.aliases"
            ).fetchall():
                self._aliases.setdefault((name, of), {})[alias] = posting_id
        return self._aliases.get((source, board), {})

    def board(self, source: str, board: str) -> StoredBoard:
        """Raises KeyError for a board that no night planned."""
        names = ", ".join(one.name for one in fields(StoredBoard))
        row = self.connection.execute(
            f"select {names} from raw.boards where source = ? and board = ?",  # noqa: S608
            [source, board],
        ).fetchone()
        if row is None:
            raise KeyError((source, board))
        return StoredBoard(*row)

    def listed_on(self, source: str, board: str, night: date) -> dict[str, Observation]:
        """What the board listed on that night, by posting_id."""
        return self._load_listed(
            "where source = ? and board = ? and crawl_date <= ?", [source, board, night]
        ).get((source, board), {})

    def write_nights(self, nights: Sequence[BoardNight]) -> None:
        """
        Write nights of different boards in one transaction: the snapshots, and what they changed.

        A `failed` or not modified snapshot changes nothing that is listed. A failed night is
        replaced; for any other that is already there duckdb.ConstraintException is raised.
        """
        with self.transaction():
            self._write_nights(nights)
        for night in nights:
            self._remember(night)

    def rewrite_nights(self, nights: Sequence[BoardNight]) -> None:
        """
        Write a board's nights again, from the first given one to its newest, in one transaction.

        For a parser fix replayed over kept bodies. `nights` must be consecutive snapshots of one
        board up to its newest, oldest first, with those that read nothing passed through.
        """
        first = nights[0].snapshot
        key = [first.source, first.board, first.crawl_date]
        with self.transaction():
            for table in ("raw.snapshots", "raw.observations", "raw.drifts"):
                self.connection.execute(
                    f"delete from {table} where source = ? and board = ? and crawl_date >= ?",  # noqa: S608
                    key,
                )
            self.note_rewrite(f"nights of {first.source}/{first.board}")
            self._listed = self._trailing = None
            for night in nights:
                self._write_nights([night])
                self._remember(night)

    def snapshots(self, source: str, board: str, since: date) -> list[Snapshot]:
        """The board's snapshots from a date on, oldest first."""
        return self._snapshots(
            "where source = ? and board = ? and crawl_date >= ? order by crawl_date",
            [source, board, since],
        )

    def _snapshots(self, rest: str, values: Sequence[Any]) -> list[Snapshot]:
        names = ", ".join(one.name for one in fields(Snapshot))
        sql = f"select {names} from raw.snapshots {rest}"  # noqa: S608 - the names are ours
        return [Snapshot(*row) for row in self.connection.execute(sql, list(values)).fetchall()]

    def _write_nights(self, nights: Sequence[BoardNight]) -> None:
        for night in nights:
            self.forget_failed(night.snapshot.crawl_date, night.snapshot.key)
        changes = [change for night in nights for change in self._changes(night)]
        self.insert("raw.snapshots", [to_row(night.snapshot) for night in nights])
        self.insert("raw.contents", self._new_contents(nights, changes))
        self.insert("raw.observations", changes)
        # A 304 to an older body's validator would speak of another listing than this one.
        replaced = [n.snapshot.key for n in nights if self._replaces_listing(n.snapshot)]
        self._delete_validators([key for key in replaced if self.validators(*key)])
        self.upsert(
            "raw.validators",
            [{**_key_of(night), **to_row(one)} for night in nights for one in night.validators],
        )
        self.insert(
            "raw.drifts",
            [{**_key_of(night), **to_row(one)} for night in nights for one in night.drifts],
        )
        for night in nights:
            if night.aliases:
                self._replace_aliases(night)

    def _delete_validators(self, keys: Sequence[BoardKey]) -> None:
        if keys:
            self.connection.execute(
                "delete from raw.validators where (source, board) in (select unnest(?), unnest(?))",
                [[source for source, _ in keys], [board for _, board in keys]],
            )

    def _replace_aliases(self, night: BoardNight) -> None:
        """A posting has one alias: what its board called it before is nobody's id."""
        key = _key_of(night)
        self.connection.execute(
            "delete from raw.aliases where source = ? and board = ? "
            "and posting_id in (select unnest(?))",
            [key["source"], key["board"], [posting_id for _, posting_id in night.aliases]],
        )
        self.upsert(
            "raw.aliases",
            [{**key, "alias": alias, "posting_id": of} for alias, of in night.aliases],
        )
        self._aliases = None

    def _load_validators(self) -> dict[BoardKey, dict[str, Validator]]:
        rows = self.connection.execute(
            "select source, board, url, body_hash, parser_version, etag, last_modified "
            "from raw.validators"
        ).fetchall()
        loaded: dict[BoardKey, dict[str, Validator]] = {}
        for source, board, *values in rows:
            loaded.setdefault((source, board), {})[values[0]] = Validator(*values)
        return loaded

    def _load_listed(
        self, where: str = "", values: Sequence[Any] = ()
    ) -> dict[BoardKey, dict[str, Observation]]:
        newest = (
            "select source, board, posting_id, content_hash, url, requisition_id, posted_date, "  # noqa: S608
            f"valid_through_date, revision from raw.observations {where} "
            "qualify row_number() over (partition by source, board, posting_id "
            "order by crawl_date desc) = 1 and is_listed"
        )
        rows = self.connection.execute(newest, list(values))
        listed: dict[BoardKey, dict[str, Observation]] = {}
        while batch := rows.fetchmany(10_000):
            for source, board, *seen in batch:
                listed.setdefault((source, board), {})[seen[0]] = Observation(*seen)
        return listed

    def _changes(self, night: BoardNight) -> list[dict[str, Any]]:
        if not self._replaces_listing(night.snapshot):
            return []
        key = _key_of(night)
        before = self.listed(night.snapshot.source, night.snapshot.board)
        now = {seen.posting_id: seen for seen in night.observations}
        listed = [seen for seen in now.values() if before.get(seen.posting_id) != seen]
        unlisted = [seen for seen in before.values() if seen.posting_id not in now]
        return [{**key, "is_listed": True, **to_row(seen)} for seen in listed] + [
            {**key, "is_listed": False, **to_row(seen)} for seen in unlisted
        ]

    @staticmethod
    def _replaces_listing(snapshot: Snapshot) -> bool:
        return snapshot.status != "failed" and not snapshot.is_not_modified

    def _remember(self, night: BoardNight) -> None:
        snapshot = night.snapshot
        key = (snapshot.source, snapshot.board)
        if snapshot.status == "failed" and self._failed is not None:
            self._failed.add((snapshot.crawl_date, *key))
        if not self._replaces_listing(snapshot):
            return
        if self._listed is not None:
            self._listed[key] = {seen.posting_id: seen for seen in night.observations}
        if self._validators is not None:
            self._validators[key] = {one.url: one for one in night.validators}

    def _new_contents(
        self, nights: Sequence[BoardNight], changes: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        changed = {change["content_hash"] for change in changes}
        found = {
            content_hash: (night.snapshot.crawl_date, content)
            for night in nights
            for content_hash, content in night.contents.items()
            if content_hash in changed
        }
        known = self.connection.execute(
            "select content_hash from raw.contents where content_hash in (select unnest(?))",
            [sorted(found)],
        ).fetchall()
        for (content_hash,) in known:
            del found[content_hash]
        return [
            {"content_hash": key, "first_crawl_date": crawl_date, **to_row(content)}
            for key, (crawl_date, content) in sorted(found.items())
        ]

    def forget_failed(self, crawl_date: date, key: BoardKey) -> None:
        """Of a board that is read after all; nearly none is, so the rare failed ones are known."""
        if self._failed is None:
            self._failed = set(
                self.connection.execute(
                    "select crawl_date, source, board from raw.snapshots where status = 'failed'"
                ).fetchall()
            )
        if (crawl_date, *key) not in self._failed:
            return
        self.connection.execute(
            "delete from raw.snapshots where crawl_date = ? and source = ? and board = ? "
            "and status = 'failed'",
            [crawl_date, *key],
        )
        self.note_rewrite(f"a failed night of {key[0]}/{key[1]}")


def _key_of(night: BoardNight) -> dict[str, Any]:
    snapshot = night.snapshot
    names = ("crawl_date", "source", "board")
    return {name: getattr(snapshot, name) for name in names}
