"""The terms of work that a posting states: employment type, and whether it is all remote."""

import re
from functools import cache
from typing import NamedTuple

from pipeline.cues import Line, LineFilter
from pipeline.extraction import EmploymentType, Field, Span
from pipeline.text import fold

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


_TYPES: dict[EmploymentType, re.Pattern[str]] = {
    "FULL_TIME": re.compile(
        r"\bfull[-_ ]?time\b(?! (?:engineers|developers|staff|students?)\b)"
        r"|\bpermanent\b(?! resid)|正社員(?!登用|経験|以外|数|の)|正規雇用|無期雇用"
    ),
    "PART_TIME": re.compile(r"\bpart[-_ ]?time\b|アルバイト|パートタイム|パート(?!ナ)|非常勤"),
    "CONTRACTOR": re.compile(
        r"\bcontract(?:or)?s?\b(?! manufactur)|\bfreelance(?:rs?)?\b|\bfractional\b"
        r"|業務委託|フリーランス|準委任|請負"
    ),
    "TEMPORARY": re.compile(
        r"\btemp(?:orary)?\b|\bfixed[- ]term\b|\bmaternity cover\b|契約社員|派遣社員|有期雇用|嘱託"
    ),
    "INTERN": re.compile(r"\bintern(?:ship)?s?\b|インターン(?:シップ)?"),
}
_TYPE_LABEL = re.compile(
    r"(?:雇用形態|契約形態|雇用区分|\b(?:employment|contract|job|position) ?(?:type|status)?\b ?:)[^|。]{0,12}$"
)
_TYPE_STARTS = re.compile(r"(?:^|[|,/;:(\[&+・、。:]|- |\bor\b|\band\b)[ *•・-]*$")
_TYPE_ENDS = re.compile(r" *(?:$|[|,/;:)\](&+・、。.]|- |\bor\b|\band\b)")
_TYPE_NOUN = re.compile(
    r" ?-?(?:position|role|job|contract|employment|employee|basis|opportunity|engagement|work"
    r"|hire|採用|として|での|雇用|契約|勤務)"
)
_TYPE_IS_NOUN = re.compile(r"internship|インターン")
_DENIED = re.compile(r"\b(?:no|not|non|without|never|than)\b[ -]?(?:\w+ ){0,2}$")
_TYPE_CUES = (
    "full time|full-time|fulltime|full_time|permanent|part time|part-time|parttime|part_time|contract"
    "|freelance|fractional|temporary|temp |fixed-term|fixed term|maternity|intern"
    "|正社員|正規雇用|無期雇用|アルバイト|パート|非常勤|業務委託|フリーランス|準委任|請負"
    "|契約社員|派遣社員|有期雇用|嘱託|インターン"
)


@cache
def _type_filter() -> LineFilter:
    return LineFilter(_TYPE_CUES.split("|"))


def read_employment_type(string: str) -> EmploymentType | None:
    """Return the type that a source's own field states ("FullTime", 正社員), or None."""
    folded = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", string)
    starts = {
        name: found.start()
        for name, pattern in _TYPES.items()
        if (found := pattern.search(fold(folded)))
    }
    return min(starts, key=starts.__getitem__, default=None)


def find_employment_type(text: str, field: Field = "text") -> Employment | None:
    """Return the employment type that a text states best, then first."""
    best: tuple[int, Employment | None] = (0, None)
    for line in _type_filter().lines(fold(text)):
        found = sorted(
            (
                (match, name)
                for name, words in _TYPES.items()
                for match in words.finditer(line.text)
            ),
            key=lambda one: one[0].start(),
        )
        for match, name in found:
            before = line.text[max(0, match.start() - WINDOW) : match.start()]
            score = _type_score(before, match, line.text[match.end() : match.end() + WINDOW])
            # "part-time MBA", "our interns": only full-time is also said in passing.
            is_in_passing = score == 1 and not (name == "FULL_TIME" or field == "title")
            if score > best[0] and not is_in_passing:
                best = score, Employment(name, _span(text, line, match, field))
    return best[1]


def _type_score(before: str, found: re.Match[str], after: str) -> int:
    if _DENIED.search(before):
        return 0
    if _TYPE_LABEL.search(before):
        return 5
    if _TYPE_STARTS.search(before) and _TYPE_ENDS.match(after):
        return 3
    is_noun = _TYPE_IS_NOUN.match(found.group()) and _TYPE_ENDS.match(after)
    return 2 if is_noun or _TYPE_NOUN.match(after) else 1


# Read in this order; the first that holds decides.
_REMOTE: tuple[tuple[bool, re.Pattern[str]], ...] = (
    (
        False,
        re.compile(
            r"\b(?:no|not|non)[- ](?:\w+ ){0,3}remote|\bremote ?(?:work )?(?:is |: ?)?(?:not?\b|isn't)"
            r"|\b(?:on-?site|in-?office|in-?person|local) only\b|\bonly on-?site\b"
            r"|\b(?:hybrid|partial(?:ly)?|part|semi|some|occasional|flexible)[ /-]?\(?remote"
            r"|\bremote[ /-]?\(?(?:hybrid|for now|until|during|currently|partial|part of|\d|one|two|three|some|occasional|friday)"
            r"|(?:フル)?リモート(?:勤務|ワーク)?(?:では|は|も)?(?:不可|なし|でき(?:ません|ない)|対応なし|ありません)"
        ),
    ),
    (
        True,
        re.compile(
            r"\b(?:fully?|100 ?%|completely|entirely|all)[ -](?:\w+[ -])?remote|\bremote[- ](?:first|only)"
            r"|\bfully distributed|\bremote (?:from )?anywhere|\bwork from anywhere|\bwork fully remote"
            r"|フルリモート|フル在宅|完全(?:在宅|リモート)|出社(?:の)?義務(?:は|が)?(?:なし|な[くい]|ありません|ございません)"
            r"|出社不要|居住地(?:不問|は問いません|を問いません)"
        ),
    ),
    (
        True,
        re.compile(
            r"(?:^|[|,/;(\[&+:·]| - |\bor|\band) *remote\b(?! (?:teams?|sensing|control|desktop|access"
            r"|device|monitoring|server|support|office|employees|culture|collabor))"
            r"|\bremote ?(?:\(|ok\b|okay|possible|welcome|friendly|allowed|available|considered|eligible"
            r"|within|in |-? ?(?:us|uk|eu|europe|worldwide|global)\b|position|role|job|opportunity"
            r"|work(?:ing)? (?:ok|possible|allowed|welcome|available|is\b))|\bremote *(?=[|)\]]|$)"
            r"|\bwork(?:ing)? (?:is )?remote(?:ly)?\b|\bremote, (?:us|uk|canada|eu)\b|\bis remote\b"
        ),
    ),
    (
        False,
        re.compile(
            r"\bhybrid\b(?! (?:cloud|mobile|app|system|model of|infra|search|approach))"
            r"|(?:^|[|,/;(\[&+:·]| - |\bor|\band|work|based|\bis|full-time) *(?:on-?site|on site|in-?office|in-?person|in office)\b(?! (?:interview|visit|gym|lunch|meal|day))"
            r"|\bon-?site *(?=[|)\]]|$)"
            r"|\b(?:on-?site|on site|in-?office|in-?person) (?:in|at|role|position|job|\d|three|four|five|two)\b"
            r"|\bdays? (?:a|per|each|/) ?week (?:in|at|on|there|from|with us)\b|\bdays?(?: a week)? (?:in|at) (?:the|our) office"
            r"|\bwork(?:ing)? (?:from|in|at) (?:our|the) (?:[\w-]+ ){0,2}office\b"
            r"|\bin (?:the|our) office (?:every day|daily|\w+ days)|\boffice-based|\b(?:no|without) remote"
            r"|出社|常駐|ハイブリッド勤務|ハイブリッドワーク|一部(?:リモート|在宅)|(?:リモート|在宅)(?:勤務|ワーク)?(?:も)?(?:可|併用|相談|制度|でき)"
            r"|週\d日?(?:まで)?(?:の)?(?:在宅|リモート)|オフィス勤務"
        ),
    ),
)
_REMOTE_CUES = (
    "remote|distributed|anywhere|hybrid|on-site|onsite|on site|in-person|inperson|in person|office"
    "|local only|week|リモート|在宅|出社|常駐|ハイブリッド|居住地|オフィス"
)


@cache
def _remote_filter() -> LineFilter:
    return LineFilter(_REMOTE_CUES.split("|"))


def find_remote(text: str, field: Field = "text") -> Remote | None:
    """Return whether fully remote work is allowed, None where the text says nothing of it."""
    lines = list(_remote_filter().lines(fold(text)))
    for is_remote, pattern in _REMOTE:
        for line in lines:
            found = pattern.search(line.text)
            if found:
                return Remote(is_remote, _span(text, line, found, field))
    return None
