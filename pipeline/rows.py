"""What the store keeps of a content: rows of extract.results and extract.mentions."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pipeline.extraction import Extraction, Field, Posting, Span
from pipeline.extractor import EXTRACTOR_VERSION, extract_batch
from pipeline.fingerprint import fingerprint
from pipeline.text import sentences, to_text

EXCERPT_CHARS = 200  # a small quotation, method 4

Row = dict[str, Any]


def read_contents(contents: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows of extract.results and of extract.mentions for rows of raw.contents."""
    postings = [to_posting(content) for content in contents]
    results: list[Row] = []
    mentions: list[Row] = []
    for content, posting, said in zip(contents, postings, extract_batch(postings), strict=True):
        key = {
            "content_hash": content["content_hash"],
            "extractor_version": EXTRACTOR_VERSION,
        }
        results.append({**key, **result_row(posting, said)})
        mentions += [{**key, **row} for row in mention_rows(posting, said)]
    return results, mentions


def to_posting(content: Row) -> Posting:
    """What the extractor reads of a row of raw.contents; every offset refers to this text."""
    return Posting(
        title=content["title"],
        text=to_text(content["description_html"] or ""),
        employer=content["employer_text"] or "",
        source=content["source"] or "",
        location_text=content["location_text"] or "",
        employment_type_text=content["employment_type_text"] or "",
    )


def result_row(posting: Posting, extraction: Extraction) -> Row:
    """The columns of extract.results, but for its key."""
    salary, team_size = extraction.salary, extraction.team_size
    return {
        "language": extraction.language,
        "roles": extraction.title.roles,
        "is_grade": extraction.title.is_grade,
        "is_candidate": extraction.title.is_candidate,
        "hires_for": extraction.hires_for,
        "salary_min": salary.min if salary else None,
        "salary_max": salary.max if salary else None,
        "salary_currency": salary.currency if salary else None,
        "salary_period": salary.period if salary else None,
        "location": extraction.location,
        "country_code": extraction.country_code,
        "is_remote": extraction.is_remote,
        "employment_type": extraction.employment_type,
        "reports_to": extraction.reports_to,
        "team_size_min": team_size[0] if team_size else None,
        "team_size_max": team_size[1] if team_size else None,
        "text_chars": len(posting.text),
        "text_fingerprint": fingerprint(posting.text),
    }


def mention_rows(posting: Posting, extraction: Extraction) -> Iterator[Row]:
    """The columns of extract.mentions, but for the key: one row a span."""
    excerpts = Excerpts(posting)
    for concept, concept_id, kind, span in evidence(extraction):
        yield {
            "concept": concept,
            "concept_id": concept_id,
            "mention_kind": kind,
            "field": span.field,
            "start_char": span.start,
            "end_char": span.end,
            "text": span.text[:EXCERPT_CHARS],
            "excerpt": excerpts.around(span) if concept == "role" else None,
        }


def evidence(extraction: Extraction) -> Iterator[tuple[str, str, str | None, Span]]:
    """Every value of an extraction with its evidence: (concept, concept id, kind, span)."""
    title = extraction.title
    yield from (
        ("role", role, "hires_for", span)
        for role, span in zip(title.roles, title.spans, strict=False)
    )
    yield from (("role", one.role_id, one.kind, one) for one in extraction.mentions)
    yield from (("skill", one.skill_id, None, one) for one in extraction.skills)
    yield from (
        ("responsibility", one.responsibility_id, None, one) for one in extraction.responsibilities
    )
    if extraction.salary:
        yield "salary", extraction.salary.currency, extraction.salary.period, extraction.salary.span
    single = [
        ("location", extraction.location, extraction.location_span),
        ("remote", str(extraction.is_remote).lower(), extraction.remote_span),
        ("employment_type", extraction.employment_type, extraction.employment_type_span),
        ("team_size", str(extraction.team_size), extraction.team_size_span),
    ]
    yield from ((concept, value or "", None, span) for concept, value, span in single if span)
    yield from (
        ("reports_to", role, None, span)
        for role, span in zip(extraction.reports_to, extraction.reports_to_spans, strict=False)
    )


class Excerpts:
    """The sentence around a span, cut to a small quotation."""

    def __init__(self, posting: Posting) -> None:
        self.fields: dict[Field, str] = {"title": posting.title, "text": posting.text}

    @cached_property
    def bounds(self) -> list[tuple[int, int]]:
        """Of the text's sentences; only roles are quoted, and most postings name none."""
        return sentences(self.fields["text"])

    def around(self, span: Span) -> str:
        text = self.fields[span.field]
        bounds = self.bounds if span.field == "text" else [(0, len(text))]
        start, end = next(
            ((start, end) for start, end in bounds if start <= span.start < end),
            (span.start, span.end),
        )
        if end - start > EXCERPT_CHARS:
            margin = max(0, EXCERPT_CHARS - (span.end - span.start)) // 2
            start = max(start, min(span.start - margin, end - EXCERPT_CHARS))
            end = min(end, start + EXCERPT_CHARS)
        return " ".join(text[start:end].split())
