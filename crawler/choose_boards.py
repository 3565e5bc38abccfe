"""
Choose boards for the registry from a seed list, blind to what the boards hold.

    python -m crawler.choose_boards --seed boards_seed.csv > chosen.csv

The seed has the columns source, board, employer, url, origins (lists that name the board, joined
by ";"). Chosen are, without a look at any posting:

1. every board of known_employers.csv whose employer is Japanese (`discovery_reason` list);
2. from each source a quota of the others (`ats_enumeration`): boards that more independent lists
   name come first, boards alike in that in the order of a hash of source and board.

Left out: trial boards, boards for a part of an employer's posts (campus, referrals, interns),
boards whose employer has no name in the seed or is in the registry already.
"""

import argparse
import csv
import hashlib
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from crawler.boards import COLUMNS, SOURCES, Board

KNOWN_EMPLOYERS_CSV = Path(__file__).with_name("known_employers.csv")
QUOTAS = {  # boards a source, beside the known ones
    "ashby": 450,
    "gem": 25,
    "greenhouse": 800,
    "lever": 150,
    "lever_eu": 10,
    "personio": 15,
    "pinpoint": 15,
    "recruitee": 15,
    "rippling": 15,
    "workable": 60,
}
NO_EMPLOYERS_BOARD = re.compile(
    r"sandbox\d*$|demo|wayneenterprises|example|^test|\btest|internal|referral|campus|intern(?:s|ships?)?$|template"
    r"|talent-?(?:pool|community)|early-?careers?|universit|linkedin|private|unlisted|\d{5,}|recruitee\.com"
    r"|job ?board|contractors?\b|expert ?network|alternative|^north america$",
    re.IGNORECASE,
)

Row = dict[str, str]
Known = dict[tuple[str, str], Row]


def choose_boards(
    seed: Iterable[Row],
    known: Iterable[Row],
    added_date: date,
    *,
    quotas: Mapping[str, int] = QUOTAS,
    registry: Iterable[Board] = (),
) -> list[Board]:
    """
    Return the chosen boards by source and board, beside those that the registry has.

    With a registry it suggests the next ones. Rows of sources that aren't built are left out.
    """
    known_rows = {(row["source"], row["board"]): row for row in known}
    taken = list(registry)
    keys = {board.key for board in taken}
    employers = {fold(board.employer or "") for board in taken}
    rows = [
        row for row in map(normal, seed) if row["source"] in SOURCES and key_of(row) not in keys
    ]
    japanese = [row for row in rows if is_japanese(known_rows.get(key_of(row)))]
    chosen = [to_board(row, known_rows, "list", added_date) for row in japanese]
    employers |= {fold(board.employer or "") for board in chosen}
    left = dict(quotas)
    for row in sorted(rows, key=rank):
        name = name_of(row, known_rows)
        is_fit = name and not NO_EMPLOYERS_BOARD.search(f"{row['board']} {name}")
        if is_fit and left.get(row["source"], 0) > 0 and fold(name) not in employers:
            left[row["source"]] -= 1
            employers.add(fold(name))
            chosen.append(to_board(row, known_rows, "ats_enumeration", added_date))
    return sorted(chosen, key=lambda board: board.key)


def name_of(row: Row, known: Known) -> str:
    """Return the known name, or the seed's without the words that only a careers page adds."""
    if stated := known.get(key_of(row), {}).get("employer"):
        return stated
    name = re.sub(r"^careers at |\s*\| .*$", "", row["employer"], flags=re.IGNORECASE)
    return re.sub(r" (?:careers|external website)$", "", name, flags=re.IGNORECASE)


def to_board(row: Row, known: Known, reason: str, added_date: date) -> Board:
    stated = known.get(key_of(row), {})
    return Board.model_validate(
        {
            "source": row["source"],
            "board": row["board"],
            "employer": name_of(row, known),
            "country_code": stated.get("country_code"),
            "url": row["url"],
            "discovery_reason": reason,
            "added_date": added_date,
            "note": stated.get("note"),
        }
    )


def rank(row: Row) -> tuple[int, str]:
    """Most origins first, then a hash: neither knows what the board holds."""
    digest = hashlib.sha256(f"{row['source']}:{row['board']}".encode()).hexdigest()
    return -row["origins"].count(";"), digest


def key_of(row: Row) -> tuple[str, str]:
    return row["source"], row["board"]


def normal(row: Row) -> Row:
    """Return the row with its board's bare name, under the source that answers for it."""
    # Lever's European boards have an instance of their own.
    source = "lever_eu" if ".eu.lever.co/" in row["url"] else row["source"]
    return row | {"source": source, "board": unquote(row["board"])}


def is_japanese(known: Row | None) -> bool:
    return known is not None and known["country_code"] == "JP"


def fold(employer: str) -> str:
    """Return a name by which two boards of one employer are told: letters and digits only."""
    bare = re.sub(r"\b(?:inc|llc|ltd|gmbh|corp|co|group|careers|jobs)\b", "", employer.lower())
    return re.sub(r"[\W_]", "", bare)


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--seed", type=Path, required=True)
    parser.add_argument("--known", type=Path, default=KNOWN_EMPLOYERS_CSV)
    parser.add_argument("--added-date", type=date.fromisoformat, default=date.today())  # noqa: DTZ011
    options = parser.parse_args()
    boards = choose_boards(read_rows(options.seed), read_rows(options.known), options.added_date)
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(board.model_dump() for board in boards)


if __name__ == "__main__":
    main()
