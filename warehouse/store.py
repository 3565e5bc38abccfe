"""
The private store: what the crawler and the pipeline write, and what everything else is rebuilt from.

One process writes it, readers of the published file never touch it. A board's night is one
transaction; a night that changes nothing on a board writes one snapshot row.
"""

import errno
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Self

import duckdb
import orjson

from warehouse.errors import StoreVersionError

STORE_VERSION = 3
MEMORY_LIMIT = "256MB"  # of DuckDB's; its indexes and old pages stay on the disk
TRAILING_NIGHTS = 7  # that a night is judged against (method 3.3)
SQL_DIR = Path(__file__).parent / "sql"
DDL_DIR = SQL_DIR / "raw"

Status = Literal["ok", "partial", "suspect", "failed"]
# An aggregator resells what boards list: kept, but in no panel and in no table of demand.
BoardKind = Literal["stock", "flow", "aggregator"]
BoardKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StoredBoard:
    """A row of the registry, or one thread of a flow source (`board` is its month, `2015-06`)."""

    source: str
    board: str
    employer: str | None
    country_code: str | None
    kind: BoardKind
    closes_after: int  # consecutive `ok` nights without a posting that close it (method 2.2)
    discovery_reason: str
    added_date: date
    retired_date: date | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a crawl saw on one board. `failed` carries a failure_class; counts are of this night."""

    crawl_date: date
    source: str
    board: str
    status: Status
    fetched_at: datetime
    failure_class: str | None = None
    reason: str | None = None
    declared_postings: int | None = None
    parsed_postings: int = 0
    invalid_postings: int = 0
    is_declared_empty: bool = False
    is_not_modified: bool = False
    requests: int = 0
    body_bytes: int = 0
    body_hash: str | None = None
    parser_version: str | None = None
    field_counts: str | None = None  # JSON: field -> postings that carry it

    @property
    def key(self) -> BoardKey:
        return self.source, self.board


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a posting; two postings with equal fields share one row."""

    title: str
    description_html: str | None = None
    employer_text: str | None = None
    location_text: str | None = None
    department: str | None = None
    employment_type_text: str | None = None
    salary_text: str | None = None
    language_hint: str | None = None

    @property
    def content_hash(self) -> str:
        """Hex digest (128 bits) of the fields, in this order."""
        return hashlib.blake2b(orjson.dumps(self, default=str), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Observation:
    """
    A posting as a snapshot listed it; the dates are the source's claims.

    `revision` is the source's own token of change (an update stamp, a lastmod), kept so that a
    detail page is fetched again only when the list says that it changed.
    """

    posting_id: str
    content_hash: str
    url: str | None = None
    requisition_id: str | None = None
    posted_date: date | None = None
    valid_through_date: date | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class Validator:
    """What the next conditional request for `url` sends, and the body that it spares."""

    url: str
    body_hash: str
    parser_version: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Posting counts of a board's trailing `ok` nights, and of its last night if that is suspect."""

    ok_counts: tuple[int, ...] = ()
    suspect_count: int | None = None

    @classmethod
    def of(cls, statuses: Sequence[str], counts: Sequence[int]) -> Self:
        """From the statuses and counts of trailing nights, newest first."""
        ok_counts = [
            count for status, count in zip(statuses, counts, strict=True) if status == "ok"
        ]
        return cls(
            tuple(ok_counts[:TRAILING_NIGHTS]), counts[0] if statuses[0] == "suspect" else None
        )


@dataclass(frozen=True, slots=True)
class BoardNight:
    """A board's night, written whole or not at all. `observations` is empty if nothing was read."""

    snapshot: Snapshot
    observations: Sequence[Observation] = ()
    contents: Mapping[str, Content] = field(default_factory=dict)  # by content_hash
    validators: Sequence[Validator] = ()
    aliases: Sequence[tuple[str, str]] = ()  # new: the board's id, the posting_id it stands for


@dataclass(frozen=True, slots=True)
class ExtractorVersion:
    """An extractor's rules, by their hash, and vocabulary: the text of each CSV by its name."""

    extractor_version: str
    code_version: str
    taxonomy: dict[str, str]


class Store:
    """
    An open store. Raises StoreVersionError for a file that a newer version wrote.

    Not safe for threads; one process at a time (the caller holds the nightly lock).
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.connection = duckdb.connect(
            str(path), read_only=read_only, config={"memory_limit": MEMORY_LIMIT}
        )
        self.connection.execute("set enable_progress_bar = false")  # the program has its own
        if not read_only:
            self._migrate()
        self._json_types = self._column_types()
        self._listed: dict[BoardKey, dict[str, Observation]] | None = None
        self._validators: dict[BoardKey, dict[str, Validator]] | None = None
        self._aliases: dict[BoardKey, dict[str, str]] | None = None
        self._failed: set[tuple[date, str, str]] | None = None
        self._crawl_date: date | None = None  # of the crawl that goes on, for `history`
        self._trailing: dict[BoardKey, History] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    # ── crawl ────────────────────────────────────────────────────────────────────────────────────

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
            "list(parsed_postings order by crawl_date desc) from (from raw.snapshots "
            f"where {key} crawl_date < ? and status in ('ok', 'suspect') qualify row_number() "
            "over (partition by source, board order by crawl_date desc) <= ?) group by all",
            [*values, 2 * TRAILING_NIGHTS],
        ).fetchall()
        return {
            (source, board): History.of(statuses, counts)
            for source, board, statuses, counts in rows
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
            for table in ("raw.snapshots", "raw.observations"):
                self.connection.execute(
                    f"delete from {table} where source = ? and board = ? and crawl_date >= ?",  # noqa: S608
                    key,
                )
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

    # ── extraction ───────────────────────────────────────────────────────────────────────────────

    def unextracted(self, extractor_version: str, batch: int) -> Iterator[dict[str, Any]]:
        """
        Stream the contents (all columns, and a source) that this version hasn't read, by hash.

        Results may be written meanwhile: a batch begins after the last hash of the one before.
        """
        last = ""
        while rows := self._unextracted_batch(extractor_version, batch, last):
            yield from rows
            last = rows[-1]["content_hash"]

    def contents(self, batch: int = 2_000) -> Iterator[dict[str, Any]]:
        """Stream all contents (all columns, and a source), by hash."""
        return self.unextracted("", batch)

    def count_unextracted(self, extractor_version: str) -> int:
        row = self.connection.execute(
            "select count(*) from raw.contents anti join extract.results "
            "on results.content_hash = contents.content_hash and extractor_version = ?",
            [extractor_version],
        ).fetchone()
        return int(row[0]) if row else 0

    def write_extractions(
        self, results: Sequence[dict[str, Any]], mentions: Sequence[dict[str, Any]]
    ) -> None:
        """Rows of extract.results and extract.mentions, together or not at all."""
        with self.transaction():
            self.insert("extract.results", results)
            self.insert("extract.mentions", mentions)

    def carry_results(
        self, old_version: str, new_version: str, except_hashes: Iterable[str]
    ) -> int:
        """
        Let the new version say what the old one said, but for the contents of `except_hashes`.

        Returns how many contents were carried over; what the new version has read stays.
        """
        with self.transaction():
            self.connection.execute(
                "create or replace temp table carried as select content_hash from extract.results "
                "where extractor_version = ? and content_hash not in (select unnest(?::varchar[])) "
                "and content_hash not in "
                "(select content_hash from extract.results where extractor_version = ?)",
                [old_version, list(except_hashes), new_version],
            )
            for table in ("extract.results", "extract.mentions"):
                self.connection.execute(
                    f"insert into {table} by name select * replace (? as extractor_version) "  # noqa: S608
                    f"from {table} semi join carried using (content_hash) "
                    "where extractor_version = ? order by rowid",
                    [new_version, old_version],
                )
            row = self.connection.execute("select count(*) from carried").fetchone()
            self.connection.execute("drop table carried")
        return int(row[0]) if row else 0

    def forget_results(self, extractor_version: str) -> None:
        """Drop what a version said, so that it says it anew: the results written last count."""
        with self.transaction():
            for table in ("extract.results", "extract.mentions"):
                self.connection.execute(
                    f"delete from {table} where extractor_version = ?",  # noqa: S608
                    [extractor_version],
                )

    def forget_superseded(self, extractor_version: str) -> None:
        """
        Drop what other versions said of contents that this one has read, and their vocabularies.

        Nothing reads it: what was published as of a past night is kept in the published file.
        """
        with self.transaction():
            for table in ("extract.mentions", "extract.results"):
                self.connection.execute(
                    f"delete from {table} where extractor_version <> $1 and content_hash in "  # noqa: S608
                    "(select content_hash from extract.results where extractor_version = $1)",
                    [extractor_version],
                )
            self.connection.execute(
                "delete from extract.versions where extractor_version <> ? "
                "and extractor_version not in (select extractor_version from extract.results)",
                [extractor_version],
            )

    def write_version(self, version: ExtractorVersion) -> None:
        row = {**to_row(version), "taxonomy": orjson.dumps(version.taxonomy).decode()}
        self.upsert("extract.versions", [row])

    def current_version(self) -> ExtractorVersion | None:
        """The version of the results that were written last, if it was noted."""
        row = self.connection.execute(
            "select versions.extractor_version, code_version, taxonomy from extract.versions "
            "semi join (select extractor_version from extract.results order by rowid desc limit 1) "
            "using (extractor_version)"
        ).fetchone()
        return ExtractorVersion(row[0], row[1], orjson.loads(row[2])) if row else None

    def count_contents(self) -> int:
        row = self.connection.execute("select count(*) from raw.contents").fetchone()
        return int(row[0]) if row else 0

    def employers(self) -> dict[str, str]:
        """The employer of each content as the registry names it; a thread's posts have none."""
        return dict(self.connection.execute(_sql("employers")).fetchall())

    def posting_months(self) -> list[tuple[str, str, bool, int]]:
        """(content_hash, month, is_flow, postings) of the texts that postings began with."""
        return self.connection.execute(_sql("posting_months")).fetchall()

    def published_labels(self) -> dict[tuple[str, str, str], int]:
        """Postings by month, "role" or "skill", and id, as the newest extraction has them."""
        sql = _sql("published_labels").replace("{posting_months}", _sql("posting_months"))
        return {row[:3]: row[3] for row in self.connection.execute(sql).fetchall()}

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Raises OSError if the disk doesn't take it."""
        self.connection.execute("begin")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            raise
        try:
            self.connection.execute("commit")
        except duckdb.TransactionException as error:  # what was there before stays whole
            raise OSError(errno.EIO, str(error), str(self.path)) from error

    def insert(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        self._write(f"insert into {table} by name", table, list(rows))

    def upsert(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        self._write(f"insert or replace into {table} by name", table, list(rows))

    def _write(self, verb: str, table: str, rows: list[dict[str, Any]]) -> None:
        """
        One statement for all rows, handed over as one JSON value.

        Row-by-row inserts are 10 to 20 times slower, and this needs no Arrow package.
        """
        if not rows:
            return
        types = {name: self._json_types[table][name] for name in rows[0]}
        self.connection.execute(
            f"{verb} select unnest(row) from (select unnest(from_json(?, ?)) as row)",  # noqa: S608
            [orjson.dumps(rows).decode(), orjson.dumps([types]).decode()],
        )

    def _column_types(self) -> dict[str, dict[str, Any]]:
        rows = self.connection.execute(
            "select table_schema || '.' || table_name, column_name, data_type "
            "from information_schema.columns where table_schema in ('raw', 'extract')"
        ).fetchall()
        types: dict[str, dict[str, Any]] = {}
        for table, column, data_type in rows:
            is_list = data_type.endswith("[]")
            types.setdefault(table, {})[column] = [data_type[:-2]] if is_list else data_type
        return types

    def _migrate(self) -> None:
        """Create what is missing; refuse what a newer version wrote."""
        run = self.connection.execute
        run("create table if not exists store_version (version integer not null)")
        row = run("select max(version) from store_version").fetchone()
        version = row[0] if row else None
        if version is None or version < STORE_VERSION:
            run("create schema if not exists raw; create schema if not exists extract")
            for file in sorted(DDL_DIR.glob("*.sql")):
                run(file.read_text())
            run("insert into store_version values (?)", [STORE_VERSION])
            run("checkpoint")  # a WAL that holds DDL may not replay after a kill
        elif version > STORE_VERSION:
            raise StoreVersionError(
                f"{self.path} was written by store version {version}, this program knows "
                f"{STORE_VERSION}; update the program or name another VPOE_HOME"
            )

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

    def _unextracted_batch(
        self, extractor_version: str, batch: int, after: str
    ) -> list[dict[str, Any]]:
        result = self.connection.execute(
            "with batch as (select contents.* from raw.contents anti join extract.results "
            "on results.content_hash = contents.content_hash and extractor_version = ? "
            "where content_hash > ? order by content_hash limit ?) "
            "select batch.*, (select min(source) from raw.observations "
            "where observations.content_hash = batch.content_hash) as source "
            "from batch order by content_hash",
            [extractor_version, after, batch],
        )
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def by_hash(contents: Iterable[Content]) -> dict[str, Content]:
    return {content.content_hash: content for content in contents}


def _key_of(night: BoardNight) -> dict[str, Any]:
    snapshot = night.snapshot
    names = ("crawl_date", "source", "board")
    return {name: getattr(snapshot, name) for name in names}


def to_row(record: Any) -> dict[str, Any]:  # noqa: ANN401 - one of the records above
    """A record's columns; unlike dataclasses.asdict it copies nothing, in a tenth of the time."""
    return {name: getattr(record, name) for name in record.__slots__}


def _sql(name: str) -> str:
    return (SQL_DIR / "store" / f"{name}.sql").read_text()
