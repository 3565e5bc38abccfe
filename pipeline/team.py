"""The team that a posting is about, and whom the hired person reports to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.cues import Line, LineFilter, line_after
from pipeline.extraction import Field, RoleMention, Span
from pipeline.roles import read_title
from pipeline.text import fold


class TeamSize(NamedTuple):
    """People in the team or organisation that is led or joined, (min, max)."""

    size: tuple[int, int]
    span: Span


class ReportsTo(NamedTuple):
    role_id: str
    span: Span


_UNITS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word: value for value, word in enumerate(_UNITS.split(), 2)}
_VALUES |= {word: value * 10 for value, word in enumerate(_TENS.split(), 3)}
COMPANY = 100  # people from whom on "our team of 800" without a word of engineers is everybody
LARGEST_TEAM = 5000
WINDOW = 200  # characters of the line read on each side of a number

_N = rf"(?:\d{{1,3}}(?:,\d{{3}})?(?![\w%]|[,.]\d)|\b(?:{'|'.join(_VALUES)})\b)"
_SIZE = rf"(?<![\d.,$€£¥#])(?P<low>{_N})(?:\+|(?: ?(?:-|to|or) ?)(?P<high>{_N}))?"
_ABOUT = r"(?:about |around |roughly |approximately |currently |nearly |almost |over |~ ?|now |just |only )*"
_GROUP = r"(?:team|group|organi[sz]ation|org|department|squad)"
_PEOPLE = r"(?:engineers?|developers?|devs|programmers|product managers|designers|(?:data )?scientists|analysts|testers)"
_MEMBER = r"(?:person|people|strong|member|engineer|developer)"
_LEADS = r"(?:lead|manage|inherit|oversee|direct|head|run|look after)"
_SIZE_JA = r"(?<![\d,.])(?P<low>\d{1,4})(?:[-~](?P<high>\d{1,4}))?"
_PEOPLE_WORD = re.compile(
    r"team|group|organi[sz]|\borg\b|squad|department|engineer|developer|devs|people|report|名|人"
)
_NOT_PEOPLE = r"(?! (?:years?|months?|weeks?|days?|%|cities|countries|offices|(?:product )?managers|leads|directors)\b)"
# A size by its evidence: a group that states its number, engineers by number.
_SIZES = tuple(
    (score, re.compile(pattern))
    for score, pattern in (
        (4, rf"{_SIZE} (?:[\w-]+ ){{1,4}}?report(?:ing)? (?:in)?to you\b"),
        (4, rf"\b{_LEADS}s? {_ABOUT}{_SIZE} (?:people|reports)\b"),
        (4, rf"{_SIZE}[- ]{_MEMBER}s?(?: [\w-]+){{0,3}}? {_GROUP}\b"),
        (4, rf"\b{_GROUP} (?:is |are |counts |numbers )?(?:of |has )?{_ABOUT}{_SIZE}{_NOT_PEOPLE}"),
        (3, rf"{_SIZE} (?:[\w-]+ ){{0,2}}?{_PEOPLE}\b"),
        (3, rf"{_SIZE} people(?: in (?:all|total)\b|(?=\)))"),
        (3, rf"{_SIZE_JA}(?:名|人)(?!以上|月|気|事|数|材|それ|ずつ|目)"),
    )
)
_LED = re.compile(
    r"\b(?:lead|leads|leading|manage|managing|join|joins|our|we are|we have|this team|currently"
    r"|today|there are|group of|team of|made up of|consists? of|you)\b|現在|いま|今|うち|体制|率い|チームは|組織は|所属|在籍"
)
# The reader's own part beside the whole: "Of 70 people in nine teams, you lead 27 engineers".
_YOURS = re.compile(
    r"\byour (?:part|teams?|group|organi[sz]ation|department)\b"
    r"|\byou(?:'ll|'d| will| would)? (?:lead|manage|run|have|inherit|look after)\b"
)
_SENTENCE = re.compile(r"[.。]\s")
# Plans and requirements, anywhere in the clause.
_NOT_NOW = re.compile(
    r"\b(?:gr(?:ow|owing|ew|own) (?:to|from|by|the|our|into)|scal(?:e|ing)(?!-)|doubl\w+|experience|managed|led(?! by)"
    r"|built|at least|minimum|interviews?|next|plan|target|across all)\b"
    r"|経験|採用|以上|目標|目指|予定|計画|増員|世界|年後|拡大|とする|にする|募集|ユーザー|顧客|面接"
)
# The whole company and people outside it, beside the number.
_NOT_THE_TEAM = re.compile(
    r"\b(?:customers?|users?|clients?|employees|company|startup|community|world|years?|every|each)\b|社員|従業員|全社|会社"
)
_NUMBERED_ENGINEERS = re.compile(
    r"(?:エンジニア|開発者|開発メンバー)(?:は|が|も)?(?:現在|いま|約)?$"
)
BESIDE = (15, 25)  # characters before and after a number
_CHANGES_TO = re.compile(
    r"\b(?:from|to|by|another|per|or|(?:hir(?:e|es|ing)|recruit\w*|add|adding|bring(?:ing)? in|looking for"
    r"|searching for|seeking|need|first)(?: [\w-]+){0,3}) ?$"
)
_OR_MORE = re.compile(r" ?(?:or more|\+|以上)")
_ENGINEERS = re.compile(r"engineer|develop|software|エンジニア|開発")
_TEAM_JA = re.compile(
    r"エンジニア|開発|組織|チーム|メンバー|pdm|pm(?![a-z])|部門|部署|部員|グループ|システム部|プロダクトマネージャー|デザイナー"
)
_CLAUSE = re.compile(r"[。、（）()「」;]|[,.:](?=\s)|\bwhile\b")


@cache
def _team_filter() -> LineFilter:
    return LineFilter((*"0123456789", *_VALUES))


def is_staff(title: str) -> bool:
    """Whether a title is that of an assistant, whose department isn't their team."""
    return bool(_STAFF.search(fold(title)))


def find_team_size(text: str, field: Field = "text") -> TeamSize | None:
    """Return the size of the team that a text states best, then first."""
    best: tuple[int, TeamSize | None] = (0, None)
    for line in _team_filter().lines(fold(text)):
        if not _PEOPLE_WORD.search(line.text):
            continue
        for found, score in _sizes(line):
            low = _value(found["low"])
            high = _value(found["high"]) if found["high"] else low
            if score > best[0] and 1 < low <= high <= LARGEST_TEAM:
                start, end = line.start + found.start(), line.start + found.end()
                span = Span(start=start, end=end, text=text[start:end], field=field)
                best = score, TeamSize((low, high), span)
    return best[1]


def _sizes(line: Line) -> Iterator[tuple[re.Match[str], int]]:
    for score, pattern in _SIZES:
        for found in pattern.finditer(line.text):
            before = line.text[max(0, found.start() - WINDOW) : found.start()]
            after = line.text[found.end() : found.end() + WINDOW]
            # チーム（8名）: what stands before the bracket speaks of the number.
            ahead = _CLAUSE.split(before.removesuffix("("))[-1]
            behind = _CLAUSE.split(after, maxsplit=1)[0]
            clause = ahead + found.group() + behind
            beside = ahead[-BESIDE[0] :] + found.group() + behind[: BESIDE[1]]
            is_team = found.group()[-1] not in "名人" or _TEAM_JA.search(clause)
            is_other = _CHANGES_TO.search(ahead) or _OR_MORE.match(after)
            is_other = is_other or _NOT_NOW.search(clause)
            if not _NUMBERED_ENGINEERS.search(ahead):
                is_other = is_other or _NOT_THE_TEAM.search(beside)
            led, built = bool(_LED.search(clause)), bool(_ENGINEERS.search(clause))
            is_company = _value(found["low"]) >= COMPANY and not built
            if is_team and not is_other and not is_company:
                is_yours = bool(_YOURS.search(_SENTENCE.split(before)[-1] + found.group()))
                yield found, score + 2 * led + built + 4 * is_yours


def _value(words: str) -> int:
    return _VALUES.get(words) or int(words.replace(",", ""))


# Whom the hired person reports to, for the roles that `mentions` doesn't read.
_NAME = r"(?P<role>[a-z][a-z /&-]{1,40}?)"
_NAME_ENDS = r"(?= (?:of (?:the|our|this)|for|and|in|who|on|at|with|based)\b|[^a-z /&-]|$)"
_NAME_JA = r"(?P<role>[一-龥ァ-ヴーa-z・]{2,24})"
_IS_HEAD_JA = (
    r"(?:が(?:直属の)?(?:上長|上司)|の?(?:直下|直属|配下)|に(?:直接)?(?:報告|レポート)(?:し|す))"
)
_REPORTS = (
    re.compile(
        r"\breport(?:s|ing)?(?: directly| straight)? (?:in)?to (?:the |our |an? |\w+, (?:our|the) )?"
        rf"{_NAME}{_NAME_ENDS}"
    ),
    re.compile(rf"(?:レポートライン|レポート先|直属の上司|上司|上長)(?:は|:| )+{_NAME_JA}"),
    re.compile(rf"{_NAME_JA}(?:\([^)]*\))?{_IS_HEAD_JA}"),
)
# So plain that it holds for leadership roles too, whatever their mention seemed to say.
_REPORTS_PLAINLY = (
    re.compile(
        rf"\b(?:the|our|an?) {_NAME}, (?:to whom you|who [\w ]{{2,16}} your (?:manager|boss|lead)\b)"
    ),
    re.compile(
        r"\byour (?:line )?(?:manager|boss|lead|supervisor)(?: is| will be| would be| ?:) "
        rf"(?:the |our )?{_NAME}{_NAME_ENDS}"
    ),
    re.compile(rf"\breport(?:s|ing)? to [^().;]{{2,24}}\((?:our |the )?{_NAME}\)"),
    re.compile(rf"(?:レポートライン|レポート先|上司|上長|報告先|所属長)[】\] :は]+{_NAME_JA}"),
    re.compile(
        r"^\W*(?:reports? to|reporting line|レポートライン|レポート先|(?:直属の)?上司|上長)\W*\n+(?P<role>.+)"
    ),
)
_STAFF = re.compile(r"\bassistant\b|\bchief of staff\b|\bsecretary\b|アシスタント|秘書|補佐|室")
_ASSISTS = (
    re.compile(
        r"\b(?:assistant|chief of staff|secretary|deputy) to (?:the |our )?(?P<role>[a-z][a-z /&-]+)"
    ),
    re.compile(r"(?P<role>[一-龥ァ-ヴーa-z]{2,24}?)の?(?:アシスタント|秘書|補佐|直下|直属)"),
)
_REPORTS_TO_AUTHOR = re.compile(r"\breport(?:s|ing)?(?: directly| straight)? to me\b")
_REPORT_CUES = (
    *["report", "報告", "レポート", "上司", "上長", "所属長", "直下", "直属", "配下"],
    *["your manager", "your line manager", "your boss", "your lead", "your supervisor"],
)


@cache
def _report_filter() -> LineFilter:
    return LineFilter(_REPORT_CUES)


def find_reports_to(
    text: str, mentions: Sequence[RoleMention], title: str = ""
) -> tuple[ReportsTo, ...]:
    """
    Return the roles that the hired person reports to, each once, in the order of the text.

    `mentions` decide for leadership roles, and for "report to me" in a text whose author holds one;
    for other roles ("reports to the Engineering Manager") the words beside "report to" do. If the
    text says nothing, the title of an assistant or of a direct report (VPoE直下) does.
    """
    found = [_holder(one) for one in mentions if one.kind == "reports_to"]
    authors = [one for one in mentions if one.kind == "author"]
    folded = fold(text)
    for line in _report_filter().lines(folded):
        me = _REPORTS_TO_AUTHOR.search(line.text)
        if me and authors:
            found.append(ReportsTo(authors[0].role_id, _line_span(text, line, me.span())))
        for span in _named(text, line, _REPORTS):
            if not _within(span, mentions):
                found += [ReportsTo(role, span) for role in _roles(span.text)]
        below = line_after(folded, line)
        both = Line(line.start, folded[line.start : below.start + len(below.text)])
        for span in _named(text, both, _REPORTS_PLAINLY):
            found += [_holder(one) for one in _within(span, mentions)] or [
                ReportsTo(role, span) for role in _roles(span.text)
            ]
    found = found or list(_assisted(title))
    found.sort(key=lambda one: one.span.start)
    return tuple({one.role_id: one for one in reversed(found)}.values())[::-1]


def _assisted(title: str) -> Iterator[ReportsTo]:
    folded = fold(title)
    for pattern in _ASSISTS:
        for match in pattern.finditer(folded):
            start, end = match.span("role")
            span = Span(start=start, end=end, text=title[start:end], field="title")
            yield from (ReportsTo(role, span) for role in _roles(span.text))


def _holder(mention: RoleMention) -> ReportsTo:
    span = Span(start=mention.start, end=mention.end, text=mention.text)
    return ReportsTo(mention.role_id, span)


def _named(text: str, line: Line, patterns: Iterable[re.Pattern[str]]) -> Iterator[Span]:
    for pattern in patterns:
        for match in pattern.finditer(line.text):
            yield _line_span(text, line, match.span("role"))


def _within(span: Span, mentions: Iterable[RoleMention]) -> list[RoleMention]:
    return [one for one in mentions if one.start < span.end and span.start < one.end]


def _roles(words: str) -> list[str]:
    """Return the roles that words after "report to" name; the CEO and "our team" are none."""
    return [role for role in read_title(words).roles if role not in {"other", "other_engineer"}]


def _line_span(text: str, line: Line, bounds: tuple[int, int]) -> Span:
    start, end = line.start + bounds[0], line.start + bounds[1]
    return Span(start=start, end=end, text=text[start:end])
