"""
What is said about a posting: the records that every extractor fills and every reader gets.

Offsets are Python string offsets, half open, into the text as given (`Posting.text`) or into the
title (`field = "title"`). Ids are those of the taxonomy.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

MentionKind = Literal["hires_for", "reports_to", "author", "process", "works_with", "background"]
Period = Literal["year", "month", "day", "hour"]
EmploymentType = Literal["FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN"]
Field = Literal["title", "text"]


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Record):
    """Evidence: where in a field a value stands."""

    start: int
    end: int
    text: str
    field: Field = "text"


class RoleMention(Span):
    """A place that names a leadership role, and what it says about it."""

    role_id: str
    kind: MentionKind


class SkillMention(Span):
    """A place that names a skill; `text` is the words as they stand there."""

    skill_id: str


class ResponsibilityMention(Span):
    """A sentence or list item that states a duty or a leadership skill."""

    responsibility_id: str


class Salary(Record):
    """
    Pay in units of `currency` per `period`: 年収1,200万円 is 12,000,000 JPY a year.

    An open end is None. `text` of the span is the string that was read.
    """

    min: float | None
    max: float | None
    currency: str
    period: Period
    span: Span


class TitleReading(Record):
    """The roles that a title hires for, in the order of the title, with the flags of the guide."""

    roles: tuple[str, ...] = ()
    is_grade: bool = False
    is_candidate: bool = False
    spans: tuple[Span, ...] = ()  # one a role, in the same order


class Posting(Record):
    """What an extractor reads. Anything may be missing."""

    title: str = ""
    text: str = ""
    employer: str = ""
    source: str = ""
    location_text: str = ""
    employment_type_text: str = ""


class Extraction(Record):
    """Everything said about one posting; what isn't stated is None or empty, never guessed."""

    language: str  # ISO 639-1, "und" where undecidable
    title: TitleReading = TitleReading()
    hires_for: tuple[str, ...] = ()
    mentions: tuple[RoleMention, ...] = ()
    skills: tuple[SkillMention, ...] = ()
    responsibilities: tuple[ResponsibilityMention, ...] = ()
    salary: Salary | None = None
    location: str | None = None
    location_span: Span | None = None
    country_code: str | None = None  # ISO 3166-1 alpha-2
    is_remote: bool | None = None
    remote_span: Span | None = None
    employment_type: EmploymentType | None = None
    employment_type_span: Span | None = None
    reports_to: tuple[str, ...] = ()
    reports_to_spans: tuple[Span, ...] = ()
    team_size: tuple[int, int] | None = None
    team_size_span: Span | None = None
