"""
Postings whose ids all changed overnight are the same postings (method fault 66).

A board that is numbered anew would otherwise close all it has and open it again. A posting keeps
the id it was first seen under; what the board calls it now is its alias.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from warehouse.store import Observation

CHURN_SHARE, CHURN_POSTINGS = 0.3, 3  # of the listed ids replaced in one night, and so many
EQUAL_SHARE = 0.8  # of them whose content is listed again under another id

Aliases = Mapping[str, str]  # the board's id -> the posting_id it stands for


def renamed(observations: Iterable[Observation], aliases: Aliases) -> dict[str, Observation]:
    """The observations by posting_id; an alias whose posting is listed under its own id is one itself."""
    observations = list(observations)
    found = {one.posting_id: one for one in observations if one.posting_id not in aliases}
    if not aliases:
        return found
    for one in observations:
        posting_id = aliases.get(one.posting_id, one.posting_id)
        if posting_id in found:
            found.setdefault(one.posting_id, one)
        else:
            found[posting_id] = replace(one, posting_id=posting_id)
    return found


def with_aliases(known: Mapping[str, Observation], aliases: Aliases) -> dict[str, Observation]:
    """What is known by posting_id, by what the board calls it as well."""
    named = {alias: known[old] for alias, old in aliases.items() if old in known}
    return {**known, **named}


def new_aliases(known: Mapping[str, Observation], now: Mapping[str, Observation]) -> dict[str, str]:
    """The new id of each posting whose id was replaced, if tonight that is churn; else nothing."""
    gone = [one for posting_id, one in known.items() if posting_id not in now]
    if len(gone) < CHURN_POSTINGS or len(gone) <= CHURN_SHARE * len(known):
        return {}
    unknown = defaultdict[str, list[str]](list)
    for posting_id in reversed(list(now)):  # equal contents are paired in the order of the list
        if posting_id not in known:
            unknown[now[posting_id].content_hash].append(posting_id)
    pairs = {
        unknown[one.content_hash].pop(): one.posting_id for one in gone if unknown[one.content_hash]
    }
    return pairs if len(pairs) > EQUAL_SHARE * len(gone) else {}
