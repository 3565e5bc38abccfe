"""
Title → roles: exclusions first, then level × function × trade.

A title is cut into words that the taxonomy knows (`title_words.csv`, `role_aliases.csv`), words
that it doesn't, and separators. A level ("VP", "Head", 部長) takes its function from the phrase
beside it, and `title_functions.csv` says what role the two make; an engineer takes the trade of
the words before it; other aliases are roles by themselves. English and Japanese phrases both
have their head at the end, so one reading serves both.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import groupby

import ahocorasick_rs

from pipeline.extraction import Span, TitleReading
from taxonomy.folding import Folded, fold
from taxonomy.load import Roles, load_roles

_CHIEF = r"(?:chief [\w&]+(?: (?:and|&) \w+)? officer|c[a-z]{1,3}o|vpo[a-z]|vpe|em)"
_FIELD = r"(?:engineering|technology|product|software|r&d|data|it|development)"
_LEADER = (
    rf"(?:{_CHIEF}|(?:[se]?vp|vice president|head|director) (?:of )?{_FIELD}"
    rf"|{_FIELD} (?:vp|vice president|director|head))"
)
_SLOTS = {
    "{chief}": rf"(?:the )?{_CHIEF}(?:\s*(?:[・/,&]|and)\s*{_CHIEF})*",
    "{role}": rf"(?:the )?{_LEADER}(?:\s*(?:[・/,&]|and)\s*{_LEADER})*",
}
_GAP = re.compile(r"[^\W_]+(?:['.&+#-][^\W_]+)*|\s-|-\s|[-,|/()\[\]:;【】「」『』<>《》※~•!?*\"_・&+〈〉]")
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
_VETOED_BY_INDUSTRY = frozenset({"engineering", "technology", "research", "development", "quality"})
# What stands before decides: "Sales Engineering", "Marketing Technology".
_COLOURS = {
    "engineering": frozenset({"field", "physical", "hardware"}),
    "technology": frozenset({"field", "physical", "other"}),
    "product": frozenset({"physical"}),
}
# Functions that a name may follow: "VP Engineering Payments", "Software Engineering Kubernetes".
# What these say after "Staff Engineer, …" is the product and not the trade.
_VAGUE = frozenset({"trade", "quality_other", "product", "technology"})
_LEADERS = frozenset({"vp", "head", "director", "manager", "chief"})
_OPEN_ENDED = frozenset({"engineering", "hardware", "quality", "reliability", "trade", "stack"})
_AND = frozenset({"and", "&", "/", "・", "+", "und", "or"})
_PREPOSITIONS = frozenset("for in at to with on by from der für within across".split())
_PRACTITIONERS = frozenset(
    {"software_engineer", "data_engineer", "ml_engineer", "sre", "qa_engineer", "security_engineer"}
)
_WORKS = _PRACTITIONERS | {"product_manager", "data_scientist", "architect", "tech_lead"}
_SHORT_FORM = re.compile(r"(?<![A-Za-z])(?:EM|TL)(?![A-Za-z])")  # in English only beside software
_NAMED_VP = re.compile(r"(?:vp|president) of (?!.*level)")
_LETTER = re.compile(r"[a-zà-ɏ]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the taxonomy says of one spelling."""

    level: str = ""
    function: str = ""
    engineer_role: str = ""
    role: str = ""
    is_discipline: bool = False
    is_engineer: bool = False
    is_developer: bool = False
    is_rank: bool = False
    needs_japanese: bool = False

    @property
    def is_anchor(self) -> bool:
        """Whether the word can make a role by itself or with its phrase."""
        return bool(self.level or self.is_engineer or (self.role and not self.function))


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    kind: str  # entry, word, and, of, preposition, separator
    entry: Entry = Entry()
    bracket: str = ""


@dataclass(slots=True)
class Found:
    """A role with the tokens that made it."""

    role: str
    start: int
    end: int
    level: str = ""
    function: str = ""
    is_engineer: bool = False
    is_weak: bool = False


class TitleReader:
    """Reads titles by one taxonomy; pure, and remembers what it has read."""

    def __init__(self, taxonomy: Roles) -> None:
        self.functions = {row.function_id: row for row in taxonomy.functions}
        self.entries: dict[str, Entry] = {}
        for row in taxonomy.words:
            if row.kind != "industry":
                self._add_word(row.word, row.lang, row.kind, row.value, row.engineer_role)
        self._compile()
        self.excluded = _phrases(row.phrase for row in taxonomy.exclusions)
        markers = {
            name: _phrases(row.phrase for row in taxonomy.markers if row.marker == name)
            for name in ("candidate", "grade_employer", "grade_title", "grade_rung")
        }
        self.markers = markers
        self.industry = _phrases(row.word for row in taxonomy.words if row.kind == "industry")
        # An alias that the words already read is not matched as a phrase, so that what stands
        # before it still counts: "Engineering Manager" in "Civil Engineering Manager".
        for alias in taxonomy.aliases:
            if alias.role_id == "other" or self.read(alias.alias).roles != (alias.role_id,):
                key = fold(alias.alias).text
                known = self.entries.get(key, Entry())
                needs = alias.lang == "ja" and not _JAPANESE.search(alias.alias)
                self.entries[key] = replace(known, role=alias.role_id, needs_japanese=needs)
        self._compile()
        self.read = lru_cache(maxsize=65536)(self.read)  # type: ignore[method-assign]

    def _add_word(self, word: str, lang: str, kind: str, value: str, engineer_role: str) -> None:
        entry = Entry(
            level=value if kind == "level" else "",
            function=value if kind in {"topic", "discipline"} else "",
            engineer_role=engineer_role,
            is_discipline=kind == "discipline",
            is_engineer=kind == "engineer",
            is_developer=value == "developer",
            is_rank=kind == "rank",
            needs_japanese=lang == "ja" and not _JAPANESE.search(word),
        )
        key = fold(word).text
        for form in {key, key.replace(" ", "-"), key.replace("-", " ")}:
            self.entries.setdefault(form, entry)
        if lang == "en" and kind == "topic" and not key.endswith("s"):
            self.entries.setdefault(key + "s", entry)

    def _compile(self) -> None:
        self.forms = list(self.entries)
        self.matcher = ahocorasick_rs.AhoCorasick(self.forms)

    def read(self, title: str, employer: str = "") -> TitleReading:
        folded = fold(title)
        if not folded.text.strip():
            return TitleReading()
        text = self.excluded.sub(lambda match: "," * len(match[0]), folded.text)
        tokens = self._tokens(text, has_short_form=bool(_SHORT_FORM.search(title)))
        found = self._found(tokens, text + " " + fold(employer).text)
        is_grade, found = self._grade(text, fold(employer).text, found)
        roles: dict[str, Span] = {}
        for item in found:
            if item.role and item.role != "other":
                roles.setdefault(item.role, _span(title, folded, item.start, item.end))
        if not roles:
            roles = {"other": _span(title, folded, 0, len(folded.text))}
        return TitleReading(
            roles=tuple(roles),
            spans=tuple(roles.values()),
            is_grade=is_grade,
            is_candidate=bool(self.markers["candidate"].search(folded.text)),
        )

    def _tokens(self, text: str, *, has_short_form: bool = False) -> list[Token]:
        """Cut the text at the longest known words, leftmost first."""
        is_japanese = bool(_JAPANESE.search(text))
        matches = sorted(
            self.matcher.find_matches_as_indexes(text, overlapping=True),
            key=lambda match: (match[1], -match[2]),
        )
        allows_short = has_short_form and any(
            self.entries[self.forms[number]].engineer_role in _PRACTITIONERS
            for number, _, _ in matches
        )
        tokens: list[Token] = []
        end = 0
        for number, match_start, match_end in matches:
            entry = self.entries[self.forms[number]]
            if match_start < end or not _is_whole(text, match_start, match_end):
                continue
            if entry.needs_japanese and not (
                is_japanese
                or (allows_short and self.forms[number] in {"em", "tl"})
                or self.forms[number] == text.strip()
            ):
                continue
            tokens += _gap_tokens(text, end, match_start)
            tokens.append(Token(match_start, match_end, "entry", entry))
            end = match_end
        return tokens + _gap_tokens(text, end, len(text))

    def _found(self, tokens: list[Token], context: str) -> list[Found]:
        found: list[Found] = []
        used: set[int] = set()
        for index, token in enumerate(tokens):
            entry = token.entry
            if entry.level:
                self._read_level(tokens, index, found, used)
            elif entry.is_engineer and self._is_aside(tokens, index, found):
                continue
            elif entry.is_engineer and not _names_a_unit(tokens, index):
                self._read_engineer(tokens, index, found, used)
            elif entry.role in _PRACTITIONERS and self._is_aside(tokens, index, found):
                continue
            elif entry.role == "architect" and found and found[-1].level in {"director", "manager"}:
                used.add(index)  # "Senior Manager, Solutions Architect" leads them
            elif entry.role in {"cto", "cpo"} and _is_attribute(tokens, index):
                used.add(index)
            elif entry.role and (not entry.function or _is_coordinate(tokens, index)):
                found.append(Found(entry.role, token.start, token.end))
        names_software = any(
            t.entry.function == "engineering" and not t.entry.is_discipline for t in tokens
        )
        if not names_software and self.industry.search(context):
            for item in found:
                if item.function in _VETOED_BY_INDUSTRY and item.level != "lead":
                    item.role = ""
        if any(item.role for item in found):
            return found
        return found + self._weak(tokens, used, has_level=any(item.level for item in found))

    def _weak(self, tokens: list[Token], used: set[int], *, has_level: bool) -> list[Found]:
        """Read what names a post only where nothing better does: "QA", "Intern, AI Engineering"."""
        named: list[Found] = []
        found: list[Found] = []
        for index, token in enumerate(tokens):
            if index in used:
                continue
            if token.entry.role:
                named.append(Found(token.entry.role, token.start, token.end, is_weak=True))
            elif token.entry.is_discipline and not has_level and (phrase := _left(tokens, index, used)):
                role = self._trade(tokens, phrase)
                found.append(Found(role, tokens[phrase[0]].start, token.end))
        return named or found

    def _read_level(
        self, tokens: list[Token], index: int, found: list[Found], used: set[int]
    ) -> None:
        token = tokens[index]
        level = token.entry.level
        before = tokens[index - 1] if index else None
        if before and before.entry.role == "tech_lead" and level == "manager":
            found.append(Found("engineering_manager", token.start, token.end, level, "engineering"))
            return
        if before and found and _is_practitioner(before.entry):  # "Software Engineer Team Lead"
            base = found.pop()
            function = "physical" if base.role == "other_engineer" else "engineering"
            role = getattr(self.functions[function], level)
            found.append(Found(role, base.start, token.end, level, function))
            return
        phrase = [] if _is_of(tokens, index + 1) and level != "manager" else _left(tokens, index, used)
        if not _has_content(tokens, phrase) and not (level == "head" and _is_adjective(tokens, index)):
            phrase = _right(tokens, index)
        if not phrase and before and before.kind == "and" and found and found[-1].level:
            functions = [found[-1].function]  # "Engineering Manager/Director"
        else:
            functions = self._functions(tokens, phrase)
        if (
            level == "lead"
            and functions == ["engineering"]
            and found
            and found[-1].role == "software_engineer"
        ):
            found.pop()  # "Software Engineer, Frontend Lead" is one post
        if before and before.bracket == "(" and not _left(tokens, index, used):
            functions = self._of_practitioner(tokens, index, found) or functions
        used.update(phrase)
        start = min([token.start, *(tokens[i].start for i in phrase)])
        end = max([token.end, *(tokens[i].end for i in phrase)])
        if "quality_other" in functions and any(t.entry.function == "engineering" for t in tokens):
            functions = ["quality"]
        for function in functions or [""]:
            role = getattr(self.functions[function], level) if function else ""
            found.append(Found(role, start, end, level, function))

    def _is_aside(self, tokens: list[Token], index: int, found: list[Found]) -> bool:
        """Return whether a bracket explains a leader's work: "Director of Engineering (FDE)"."""
        if found and found[-1].role and found[-1].level in _LEADERS and _runs_on(tokens, index):
            return True  # "Director of Engineering, Developer Experience"
        opened = next((t for t in reversed(tokens[:index]) if t.bracket), None)
        return bool(opened and opened.bracket == "(" and found and found[-1].role and found[-1].level in _LEADERS)

    def _of_practitioner(
        self, tokens: list[Token], index: int, found: list[Found]
    ) -> list[str]:
        """
        Read a bracket after somebody who builds software: "(Team Lead)", （マネージャー候補）.

        A candidate's later post stands beside the present one; a lead's replaces it.
        """
        level = tokens[index].entry.level
        last = tokens[index - 2].entry if index > 1 else Entry()
        role = found[-1].role if found else last.role
        is_candidate = index + 1 < len(tokens) and tokens[index + 1].entry.is_rank
        if level in {"director", "head"} and is_candidate and found:
            return [found[-1].function]  # （部長候補）
        if role not in _PRACTITIONERS or level not in {"lead", "manager"}:
            return []
        if not found:
            found.append(Found(role, tokens[index - 2].start, tokens[index - 2].end))
        if level == "lead" and not is_candidate:
            found.pop()
        return ["engineering"]

    def _functions(self, tokens: list[Token], phrase: list[int]) -> list[str]:
        """Return the functions that a phrase names: the head of each conjunct, or of the last."""
        groups = groupby(phrase, key=lambda i: tokens[i].kind == "and")
        conjuncts = [list(group) for is_and, group in groups if not is_and]
        heads: list[str] = []
        for position, conjunct in enumerate(conjuncts):
            topics = [tokens[i].entry for i in conjunct if tokens[i].entry.function]
            is_compound = len(topics) > 1
            topics = [t for t in topics if t.function != "trade"] or topics[-1:]
            is_last = position == len(conjuncts) - 1
            if not topics:
                if is_last and len(conjunct) > 1:
                    return []  # "Product & Balance Sheet Management"
                continue
            head = topics[-1].function
            if len(topics) > 1 and head in _COLOURS and (
                topics[-1].is_discipline or head != "engineering"
            ):
                head = topics[-2].function if topics[-2].function in _COLOURS[head] else head
            if topics[0].is_discipline and topics[0].function == "product":
                head = "product"
            elif tokens[conjunct[-1]].kind == "word" and head not in _OPEN_ENDED:
                head = "other"  # "Product Commercialization": the head is what we don't know
            if is_last and heads and is_compound:
                if head in {"other", "field", "physical"}:
                    return [head]  # "Product & Engineering Finance"
                if topics[-1].is_discipline:
                    heads = [h for h in heads if h == "product"]  # "Analytics & Data Engineering"
            heads.append(head)
        if "physical" in heads:
            heads = [h for h in heads if h != "infrastructure"]  # "Facilities & Infrastructure"
        return list(dict.fromkeys(heads))

    def _read_engineer(
        self, tokens: list[Token], index: int, found: list[Found], used: set[int]
    ) -> None:
        phrase = _left(tokens, index, used)
        role = self._trade(tokens, phrase)
        if not role:
            scope = [i for i in _right(tokens, index) if tokens[i].entry.function not in _VAGUE]
            ends = [i for i in scope if tokens[i].kind == "and"]
            role = self._trade(tokens, scope[: scope.index(ends[0])] if ends else scope)
        if not role or (tokens[index].entry.is_developer and role == "other_engineer"):
            role = "software_engineer"
        first = phrase[0] if phrase else index
        start = tokens[first].start
        before = tokens[first - 1].entry if first else Entry()
        if before.level == "lead" or before.role == "tech_lead":
            start = tokens[first - 1].start
            if role == "software_engineer" or (before.role or not phrase) and role != "other_engineer":
                role = "tech_lead"
            if found and (found[-1].level == "lead" or found[-1].role == "tech_lead"):
                found.pop()
        used.update(phrase)
        found.append(Found(role, start, tokens[index].end, is_engineer=True))

    def _trade(self, tokens: list[Token], phrase: list[int]) -> str:
        topics = [tokens[i].entry for i in phrase if tokens[i].entry.engineer_role]
        if not topics:
            return ""
        if topics[-1].function in {"quality_other", "trade"} and any(
            topic.function in {"physical", "hardware"} for topic in topics
        ):
            return "other_engineer"
        return topics[-1].engineer_role

    def _grade(
        self, text: str, employer: str, found: list[Found]
    ) -> tuple[bool, list[Found]]:
        """Decide whether the title's rung is a pay grade; then it makes no leadership role."""
        has_rung = bool(self.markers["grade_rung"].search(text))
        works = [item for item in found if item.role and item.level not in {"vp", "director"}]
        at_work = {
            item.role for item in works if not (item.is_weak or item.level in {"head", "chief"})
        }
        is_bank = bool(
            self.markers["grade_employer"].search(employer)
            or (self.markers["grade_title"].search(text) and not _NAMED_VP.search(text))
        )
        bare = {item.level for item in found if not item.function}
        has_bare_director = any(item.level == "director" and not item.role for item in found)
        is_grade = has_rung and (is_bank or bool("vp" in bare and at_work & _WORKS))
        if not is_grade and not (is_bank and has_bare_director and at_work):
            return False, found
        if works:
            return True, works
        for item in found:
            item.role = self.functions[item.function].grade if item.function else ""
        return True, found


def _phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """Compile phrases with {role} and …, whole words only, the longest first."""
    parts = []
    for phrase in sorted(phrases, key=len, reverse=True):
        pattern = re.escape(fold(phrase).text.replace("...", "…"))
        pattern = pattern.replace("\\ …", ".*").replace("…", ".*").replace("\\^", "^")
        for slot, expansion in _SLOTS.items():
            pattern = pattern.replace(re.escape(slot), expansion)
        left = r"(?<![a-z])" if re.match(r"[a-z{]", phrase, re.IGNORECASE) else ""
        right = r"(?![a-z])" if re.search(r"[a-z}]$", phrase, re.IGNORECASE) else ""
        parts.append(left + pattern + right)
    return re.compile("|".join(parts) if parts else r"(?!)")


def _is_whole(text: str, start: int, end: int) -> bool:
    """Return whether Latin letters at the edges of the match end there."""
    return not (
        (start and _LETTER.match(text[start]) and _LETTER.match(text[start - 1]))
        or (end < len(text) and _LETTER.match(text[end - 1]) and _LETTER.match(text[end]))
    )


def _gap_tokens(text: str, start: int, end: int) -> list[Token]:
    tokens = []
    for match in _GAP.finditer(text, start, end):
        word = match[0]
        if word == "/" and _JAPANESE.search(text[max(0, match.start() - 1) : match.end() + 1]):
            kind = "separator"
        elif word in _AND:
            kind = "and"
        elif word == "of":
            kind = "of"
        elif word in _PREPOSITIONS:
            kind = "preposition"
        else:
            kind = "word" if word[0].isalnum() else "separator"
        bracket = word if word in {"(", ")"} else ""
        tokens.append(Token(match.start(), match.end(), kind, bracket=bracket))
    return tokens


def _left(tokens: list[Token], index: int, used: set[int]) -> list[int]:
    """Return the phrase that ends before `index` and is nobody else's."""
    start = index
    while start and _continues(tokens[start - 1]) and start - 1 not in used:
        start -= 1
    while start < index and tokens[start].kind == "and":
        start += 1
    return list(range(start, index))


def _right(tokens: list[Token], index: int) -> list[int]:
    """Return the next phrase after `index`, unless it belongs to a post of its own."""
    start = index + 1
    while start < len(tokens) and (
        tokens[start].kind in {"of", "separator", "and", "preposition"} or tokens[start].entry.is_rank
        or (tokens[start].entry.level and tokens[start - 1].kind == "and")
    ):
        start += 1
        if tokens[start - 1].bracket == "(":
            start = _after_abbreviation(tokens, start)
    end = start
    while end < len(tokens) and _continues(tokens[end]):
        end += 1
    if end < len(tokens) and tokens[end].entry.is_anchor:
        if not _is_of(tokens, index + 1):
            return []
        while end > start and tokens[end - 1].kind != "and":  # "VP of Engineering and Site Lead"
            end -= 1
    return list(range(start, end))


def _after_abbreviation(tokens: list[Token], start: int) -> int:
    """Skip a bracket of one unknown word: "Director (EMEA), Engineering"."""
    is_one_word = (
        start + 1 < len(tokens)
        and tokens[start].kind == "word"
        and tokens[start + 1].bracket == ")"
    )
    return start + 2 if is_one_word else start


def _continues(token: Token) -> bool:
    return token.kind in {"word", "and"} or (token.kind == "entry" and not token.entry.is_anchor)


def _has_content(tokens: list[Token], phrase: list[int]) -> bool:
    """Return whether the phrase says more than a rank."""
    return any(
        tokens[i].kind == "word" or (tokens[i].kind == "entry" and not tokens[i].entry.is_rank)
        for i in phrase
    )


def _is_practitioner(entry: Entry) -> bool:
    return entry.is_engineer or (entry.role in _PRACTITIONERS and not entry.function)


def _names_a_unit(tokens: list[Token], index: int) -> bool:
    """Return whether something else follows at once: エンジニア採用, "Developer Marketing"."""
    after = tokens[index + 1].entry if index + 1 < len(tokens) else Entry()
    is_bare = not index or tokens[index - 1].kind == "separator"
    follows = index + 1 < len(tokens) and tokens[index + 1].kind == "word"
    if tokens[index].entry.is_developer and is_bare and (after.function or after.level or follows):
        return True
    return bool(after.function) and after.function in {"other", "field"}


def _is_attribute(tokens: list[Token], index: int) -> bool:
    """Return whether a post only names a unit: "CTO AI Lab", "CTO & Infrastructure"."""
    after = tokens[index + 1] if index + 1 < len(tokens) else Token(0, 0, "separator")
    if after.kind == "and" and after.end - after.start != 1:
        after = tokens[index + 2] if index + 2 < len(tokens) else after
    return bool(after.entry.function) and after.start > tokens[index].end


def _runs_on(tokens: list[Token], index: int) -> bool:
    after = tokens[index + 1] if index + 1 < len(tokens) else Token(0, 0, "separator")
    return after.kind in {"word", "and"} or bool(after.entry.function)


def _is_adjective(tokens: list[Token], index: int) -> bool:
    """Return whether "head" only describes what follows: "Head Chef"."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return bool(after and after.kind in {"word", "entry"} and not after.entry.is_rank)


def _is_coordinate(tokens: list[Token], index: int) -> bool:
    """Return whether the word stands beside a person and last: "Test Engineer and SRE"."""
    if index < 2 or tokens[index - 1].kind != "and":
        return False
    is_last = index + 1 == len(tokens) or tokens[index + 1].kind == "separator"
    return is_last and _is_practitioner(tokens[index - 2].entry)


def _is_of(tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].kind == "of"


def _span(title: str, folded: Folded, start: int, end: int) -> Span:
    while start < end and folded.text[start] == " ":
        start += 1
    while start < end and folded.text[end - 1] == " ":
        end -= 1
    first, last = folded.original_span(start, end)
    return Span(start=first, end=last, text=title[first:last], field="title")


@cache
def _default_reader() -> TitleReader:
    return TitleReader(load_roles())


def read_title(title: str, employer: str = "", *, reader: TitleReader | None = None) -> TitleReading:
    """
    Read who a title hires for. The employer decides only whether a rung is a pay grade.

    A title that says nothing is no role; one that says something else is `other`.
    """
    return (reader or _default_reader()).read(title, employer)
