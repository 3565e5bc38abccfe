"""The extractions: what each version of the extractor read in the contents."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from warehouse.store.file import StoreFile, stored_sql
from warehouse.store.records import ExtractorVersion, to_row


class Extractions(StoreFile):
    """`extract.*`, and the contents that it is about."""

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
            forgotten = 0
            for table in ("extract.results", "extract.mentions"):
                forgotten += self._count(
                    f"delete from {table} where extractor_version = ?",  # noqa: S608
                    [extractor_version],
                )
            if forgotten:
                self.note_rewrite(f"what extractor version {extractor_version} said")

    def forget_superseded(self, extractor_version: str) -> None:
        """
        Drop what other versions said of contents that this one has read, and their vocabularies.

        Nothing reads it: what was published as of a past night is kept in the published file.
        """
        with self.transaction():
            forgotten = 0
            for table in ("extract.mentions", "extract.results"):
                forgotten += self._count(
                    f"delete from {table} where extractor_version <> $1 and content_hash in "  # noqa: S608
                    "(select content_hash from extract.results where extractor_version = $1)",
                    [extractor_version],
                )
            self.connection.execute(
                "delete from extract.versions where extractor_version <> ? "
                "and extractor_version not in (select extractor_version from extract.results)",
                [extractor_version],
            )
            if forgotten:
                self.note_rewrite(f"what others said than extractor version {extractor_version}")

    def _count(self, change: str, values: Sequence[Any]) -> int:
        """How many rows the change touched."""
        row = self.connection.execute(change, list(values)).fetchone()
        return int(row[0]) if row else 0

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
        return dict(self.connection.execute(stored_sql("employers")).fetchall())

    def posting_months(self) -> list[tuple[str, str, bool, int]]:
        """(content_hash, month, is_flow, postings) of the texts that postings began with."""
        return self.connection.execute(stored_sql("posting_months")).fetchall()

    def published_labels(self) -> dict[tuple[str, str, str], int]:
        """Postings by month, "role" or "skill", and id, as the newest extraction has them."""
        sql = stored_sql("published_labels").replace(
            "{posting_months}", stored_sql("posting_months")
        )
        return {row[:3]: row[3] for row in self.connection.execute(sql).fetchall()}

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
