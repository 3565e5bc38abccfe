"""
The registry: one row of boards.csv is one employer's board in one source.

`employer` is empty only where a board carries several employers. `country_code` is the employer's
home, ISO 3166-1 alpha-2, empty where it isn't known. `discovery_reason` says how the board was
found, which decides what it may count for (method 2.4).
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from crawler.errors import ConfigurationError

DiscoveryReason = Literal["list", "ats_enumeration", "role_hit", "user"]
DISCOVERY_REASONS: tuple[DiscoveryReason, ...] = get_args(DiscoveryReason)

BOARDS_CSV = Path(__file__).with_name("boards.csv")
SOURCES = frozenset(
    file.stem
    for file in (Path(__file__).parent / "spiders").glob("*.py")
    if file.stem not in {"__init__", "base"}
)
COUNTRY_CODES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - 249 quoted items are no easier to read
)


class Board(BaseModel):
    """One row of boards.csv."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    board: str
    employer: str | None = None
    country_code: str | None = None
    url: str | None = None
    discovery_reason: DiscoveryReason
    added_date: date
    retired_date: date | None = None
    note: str | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_missing(cls, value: object) -> object:
        return (value.strip() or None) if isinstance(value, str) else value

    @field_validator("source")
    @classmethod
    def _is_a_source(cls, source: str) -> str:
        if source not in SOURCES:
            raise ValueError(f"unknown; one of {', '.join(sorted(SOURCES))}")
        return source

    @field_validator("country_code")
    @classmethod
    def _is_a_country(cls, code: str | None) -> str | None:
        if code is not None and code not in COUNTRY_CODES:
            raise ValueError("not an ISO 3166-1 alpha-2 code; leave it empty if unknown")
        return code

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is not None and not re.match(r"https?://[^\s/@]+(/\S*)?$", url):
            raise ValueError("not an http(s) address without credentials")
        return url

    @model_validator(mode="after")
    def _retires_after_it_was_added(self) -> "Board":
        if self.retired_date is not None and self.retired_date < self.added_date:
            raise ValueError(f"retired_date {self.retired_date} is before added_date; correct one")
        return self

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.board


COLUMNS = tuple(Board.model_fields)


def load_boards(path: Path = BOARDS_CSV) -> tuple[Board, ...]:
    """Read a registry. Raises ConfigurationError with file, line, value and remedy."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return _read(path, file)
    except OSError as error:
        raise ConfigurationError(f"{path}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8 ({error}); save it as UTF-8") from error


def _read(path: Path, lines: Iterable[str]) -> tuple[Board, ...]:
    reader = csv.DictReader(lines, restkey="cells beyond the last column", strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ConfigurationError(
            f"{path.name} line 1: columns are {reader.fieldnames}; they must be {','.join(COLUMNS)}"
        )
    first_line: dict[tuple[str, str], int] = {}
    boards = []
    for row in reader:
        where = f"{path.name} line {reader.line_num}"
        try:
            board = Board.model_validate(row)
        except ValidationError as error:
            raise ConfigurationError(f"{where}: {_explain(error)}") from error
        if board.key in first_line:
            line = first_line[board.key]
            raise ConfigurationError(
                f"{where}: {board.source}/{board.board} is already on line {line}; delete one"
            )
        first_line[board.key] = reader.line_num
        boards.append(board)
    return tuple(boards)


def _explain(error: ValidationError) -> str:
    problem = error.errors()[0]
    field = ".".join(map(str, problem["loc"])) or "row"
    value = "" if field == "row" else f" {problem['input']!r}"
    return f"{field}{value}: {problem['msg'].removeprefix('Value error, ')}"


def write_boards(boards: Sequence[Board], path: Path = BOARDS_CSV) -> None:
    """Write a registry sorted by source and board, whole or not at all."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for board in sorted(boards, key=lambda board: board.key):
            writer.writerow(board.model_dump())
    os.replace(temporary, path)  # noqa: PTH105 - the atomic one


def add_board(board: Board, path: Path = BOARDS_CSV) -> None:
    """Add a row. Raises ConfigurationError if the registry has the board already."""
    boards = load_boards(path)
    if known := next((known for known in boards if known.key == board.key), None):
        state = f"retired on {known.retired_date}" if known.retired_date else "active"
        raise ConfigurationError(f"{path.name} already has {board.source}/{board.board}, {state}")
    write_boards([*boards, board], path)


def count_table(boards: Iterable[Board]) -> str:
    """Write how many active boards each source has, and in which countries, as Markdown."""
    active = [board for board in boards if board.retired_date is None]
    countries = Counter(board.country_code or "unknown" for board in active)
    lines = ["| source | boards | Japanese |", "|---|---|---|"]
    for source in sorted({board.source for board in active}):
        codes = [board.country_code for board in active if board.source == source]
        lines.append(f"| {source} | {len(codes)} | {codes.count('JP')} |")
    lines.append(f"| all | {len(active)} | {countries['JP']} |")
    by_country = ", ".join(
        f"{code} {n}" for code, n in sorted(countries.items(), key=lambda x: (-x[1], x[0]))
    )
    return "\n".join([*lines, "", f"By country of the employer: {by_country}."])
