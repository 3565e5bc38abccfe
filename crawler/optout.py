"""
Who asked not to be read: one row of optout.csv is a host, a board or an employer.

It holds from the moment that it is written, within a run too: nothing of it is asked for any more,
and at the end of the run what was stored of it is purged but for anonymous counts (method 4).
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from crawler import bodies
from crawler.boards import Board
from crawler.bodies import Body
from crawler.errors import ConfigurationError
from crawler.sources import load_spiders
from warehouse.purge import employers_of, purge
from warehouse.store import BoardKey, Store

OPT_OUT_CSV = Path(__file__).with_name("optout.csv")


class OptOut(BaseModel):
    """A host (with all below it), a board (`greenhouse/acme`) or an employer as boards.csv has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["host", "board", "employer"]
    name: str
    added_date: date
    note: str = ""

    def is_of_host(self, host: str) -> bool:
        name = self.name.casefold()
        return self.kind == "host" and f".{host.casefold()}".endswith(f".{name}")

    def is_of_board(self, key: BoardKey, employer: str | None) -> bool:
        if self.kind == "board":
            return self.name == "/".join(key)
        return self.kind == "employer" and self.name.casefold() == (employer or "").casefold()


class OptOutList:
    """The rows of the file as it is when they are asked for."""

    def __init__(self, path: Path = OPT_OUT_CSV) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._rows: tuple[OptOut, ...] = ()

    @property
    def rows(self) -> tuple[OptOut, ...]:
        """Raises ConfigurationError if the file is gone or broken: then nobody is asked."""
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp != self._stamp:
                self._rows, self._stamp = _read(self._path), stamp
        except OSError as error:
            raise ConfigurationError(f"{self._path}: can't be read ({error.strerror})") from error
        return self._rows

    def find(self, host: str, key: BoardKey, employer: str | None) -> OptOut | None:
        return next(
            (one for one in self.rows if one.is_of_host(host) or one.is_of_board(key, employer)),
            None,
        )

    def find_row(self, row: Board) -> OptOut | None:
        """Of a row of the registry, whose host its source knows."""
        spider = load_spiders()[row.source]
        address = spider.board_url(spider.index_url or spider.listing_url, row)
        return self.find(urlsplit(address).hostname or "", row.key, row.employer)


def _read(path: Path) -> tuple[OptOut, ...]:
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restkey="cells beyond the last column", strict=True)
        for row in reader:
            try:
                rows.append(OptOut.model_validate(row))
            except ValidationError as error:
                first = error.errors()[0]
                raise ConfigurationError(
                    f"{path.name} line {reader.line_num}: {first['loc']} {first['input']!r}: "
                    f"{first['msg']}; the columns are {','.join(OptOut.model_fields)}"
                ) from error
    return tuple(rows)


def purge_opted_out(
    store: Store, folder: Path, opt_outs: OptOutList, boards: Iterable[Board], crawl_date: date
) -> list[str]:
    """Purge what is stored of the listed; return a line for each board that it was done for."""
    if not opt_outs.rows:
        return []
    planned = {row.key for row in boards if opt_outs.find_row(row)}
    known = {key for key, employer in employers_of(store) if opt_outs.find("", key, employer)}
    employers = [one.name for one in opt_outs.rows if one.kind == "employer"]
    purged = purge(store, planned | known, employers, crawl_date)
    cut = cut_bodies(folder, purged.keys())
    return [
        f"{source}/{board}: {texts} texts, bodies of {cut[source, board]} nights"
        for (source, board), texts in sorted(purged.items())
    ]


def cut_bodies(folder: Path, keys: Iterable[BoardKey]) -> Counter[BoardKey]:
    """Write the kept nights again without the bodies of these boards; count the nights of each."""
    unwanted, counts = set(keys), Counter[BoardKey]()
    for night in bodies.nights(folder) if unwanted else []:
        kept = bodies.read_night(folder, night)
        if found := unwanted & kept.keys():
            _rewrite(folder, night, {key: kept[key] for key in kept.keys() - unwanted})
            counts.update(found)
    return counts


def _rewrite(folder: Path, night: date, kept: Mapping[BoardKey, Mapping[str, Body]]) -> None:
    """Whole or not at all: a kill leaves the old file."""
    aside = folder / "new"
    bodies.file_of(aside, night).unlink(missing_ok=True)
    with bodies.BodyWriter(aside, night) as writer:
        for key, found in kept.items():
            writer.write(key, list(found.values()))
    bodies.file_of(aside, night).replace(bodies.file_of(folder, night))
