"""The headline for machines: an Atom feed and a JSON file."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

import orjson

from warehouse.report.demand import Demand
from warehouse.report.world import World


def headline_json(world: World, found: Demand) -> bytes:
    claim = found.claim
    facts: dict[str, Any] = {
        "as_of_date": world.as_of_date,
        "kind": world.kind,
        "source": world.source,
        "verdict": claim.verdict if claim else "withheld",
        "sentence": claim.sentence if claim else None,
        "reason": claim.reason if claim else None,
        "notes": claim.notes if claim else (),
        "newest_period": found.newest,
    }
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2)


def atom(world: World, found: Demand) -> str:
    """One entry, the newest; who reads the feed every night has them all (RFC 4287)."""
    claim = found.claim
    sentence = (claim.sentence or claim.reason or "") if claim else world.word("why_none")
    notes = "\n".join(claim.notes) if claim else ""
    name = f"vpoe:{world.lang}:{world.source}"
    updated = f"{world.as_of_date}T00:00:00Z"
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(world.lang)}>
  <id>{uuid5(NAMESPACE_URL, name).urn}</id>
  <title>{escape(world.word("site"))}</title>
  <updated>{updated}</updated>
  <author><name>{escape(world.word("site"))}</name></author>
  <link rel="self" href="feed.xml"/>
  <link rel="alternate" href="index.html"/>
  <entry>
    <id>{uuid5(NAMESPACE_URL, f"{name}:{world.as_of_date}").urn}</id>
    <title>{escape(sentence)}</title>
    <updated>{updated}</updated>
    <link rel="alternate" href="index.html"/>
    <summary>{escape(notes)}</summary>
  </entry>
</feed>
"""
