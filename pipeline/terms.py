"""The terms of work that a posting states: employment type, and whether it is all remote."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

from pipeline.cues import Line, LineFilter
from pipeline.extraction import EmploymentType, Field, Span
from pipeline.text import fold

CUES_CSV = Path(__file__).parents[1] / "taxonomy" / "terms_cues.csv"
WINDOW = 100  # characters of the line read on each side of a type


class Employment(NamedTuple):
    type: EmploymentType
    span: Span


class Remote(NamedTuple):
    """Whether fully remote work is allowed; hybrid and "some remote" are not."""

    is_remote: bool
    span: Span


def _span(text: str, line: Line, found: re.Match[str], field: Field) -> Span:
    start, end = line.start + found.start(), line.start + found.end()
    return Span(start=start, end=end, text=text[start:end], field=field)


@cache
def _cues(field: str) -> dict[str, re.Pattern[str]]:
    """Return the patterns of terms_cues.csv by value, in the order of the file."""
    patterns: dict[str, list[str]] = {}
    with CUES_CSV.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["field"] == field:
                patterns.setdefault(row["value"], []).append(row["pattern"])
    return {value: re.compile("|".join(words)) for value, words in patterns.items()}


_TYPE_LABEL = re.compile(
    r"(?:雇用形態|契約形態|雇用区分|(?:契約|雇用)は|\b(?:employment|contract|job|position) ?(?:type|status)?\b ?:)[^|。]{0,12}$"
)
_TYPE_STARTS = re.compile(r"(?:^|[|,/;:(\[&+・、。:]|- |\bor\b|\band\b)[ *•・-]*$")
_TYPE_ENDS = re.compile(r" *(?:$|[|,/;:)\](&+・、。.]|- |\bor\b|\band\b)")
_TYPE_NOUN = re.compile(
    r" ?-?(?:position|role|job|contract|employment|employee|basis|opportunity|engagement|work\b"
    r"|hire|採用|として|での|雇用|契約|勤務)"
)
_TYPE_IS_NOUN = re.compile(r"internship|インターン")
_DENIED = re.compile(r"\b(?:no|not|non|without|never|than)\b[ -]?(?:\w+ ){0,2}$|\byears?(?: of)? $")
# A former job, studies: "prior internship experience", "applicants in full-time education".
_BACKGROUND = re.compile(
    r"\b(?:experiences?|prior|previous|coursework|relevant|projects?|education|studies|degree)\b|経験"
)
_SENTENCE = re.compile(r"[.;|。\n]")
BESIDE = 30  # characters on each side of a type in which such a word stands
_TYPE_CUES = (
    "full time|full-time|fulltime|full_time|perm|part time|part-time|parttime|part_time|contract"
    "|freelance|b2b|fractional|temporary|temp |fixed-term|fixed term|maternity|intern"
    "|正社員|正規雇用|無期雇用|正職員|アルバイト|パート|非常勤|業務委託|フリーランス|準委任|請負"
    "|契約社員|派遣社員|有期雇用|嘱託|インターン"
)


@cache
def _type_filter() -> LineFilter:
    return LineFilter(_TYPE_CUES.split("|"))


def read_employment_type(string: str) -> EmploymentType | None:
    """Return the type that a source's own field states ("FullTime", 正社員), or None."""
    folded = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", string)
    found = _types(fold(folded))
    return found[0][1] if found else None


def _types(folded: str) -> list[tuple[re.Match[str], EmploymentType]]:
    """Return the types that a string names, in its order."""
    types = get_args(EmploymentType)
    cues = _cues("employment_type")
    found = [(match, name) for name in types for match in cues[name].finditer(folded)]
    return sorted(found, key=lambda one: one[0].start())


def find_employment_type(text: str, field: Field = "text") -> Employment | None:
    """Return the employment type that a text states best, then first."""
    best: tuple[int, Employment | None] = (0, None)
    for line in _type_filter().lines(fold(text)):
        for match, name in _types(line.text):
            before = line.text[max(0, match.start() - WINDOW) : match.start()]
            score = _type_score(before, match, line.text[match.end() : match.end() + WINDOW])
            # "part-time MBA", "our interns": only full-time is also said in passing.
            is_in_passing = score == 1 and not (name == "FULL_TIME" or field == "title")
            if score > best[0] and not is_in_passing:
                best = score, Employment(name, _span(text, line, match, field))
    return best[1]


def _type_score(before: str, found: re.Match[str], after: str) -> int:
    beside = (
        _SENTENCE.split(before)[-1][-BESIDE:] + found.group() + _SENTENCE.split(after)[0][:BESIDE]
    )
    if _DENIED.search(before) or _BACKGROUND.search(beside):
        return 0
    if _TYPE_LABEL.search(before):
        return 5
    if _TYPE_STARTS.search(before) and _TYPE_ENDS.match(after):
        return 3
    is_noun = _TYPE_IS_NOUN.match(found.group()) and _TYPE_ENDS.match(after)
    return 2 if is_noun or _TYPE_NOUN.match(after) else 1


# What a cue of terms_cues.csv says of fully remote work. The first that holds decides, so that
# "onsite or remote" is allowed and "no remote work, hybrid" is not.
_REMOTE = {"denied": False, "all": True, "allowed": True, "partly": False}
_CONDITION = re.compile(r"\b(?:unless|whether|if|except(?:ion)?)\b[^.;|]*$")
_REMOTE_CUES = (
    "remote|distributed|anywhere|hybrid|on-site|onsite|on site|in-person|inperson|in person|office|from home|wherever you"
    "|works|comes in|local only|week|来社|オンライン|リモート|在宅|出社|常駐|ハイブリッド|居住地|オフィス"
)


@cache
def _remote_filter() -> LineFilter:
    return LineFilter(_REMOTE_CUES.split("|"))


def find_remote(text: str, field: Field = "text") -> Remote | None:
    """Return whether fully remote work is allowed, None where the text says nothing of it."""
    lines = list(_remote_filter().lines(fold(text)))
    for value, is_remote in _REMOTE.items():
        pattern = _cues("remote")[value]
        for line in lines:
            for found in pattern.finditer(line.text):
                before = line.text[max(0, found.start() - WINDOW) : found.start()]
                if not _CONDITION.search(before):
                    return Remote(is_remote, _span(text, line, found, field))
    return None
