"""The posts that a title names: level × function, engineer × trade, and names by themselves."""

from dataclasses import dataclass
from itertools import groupby

from pipeline.title_words import END, PRACTITIONERS, Token
from taxonomy.load import TitleFunction

_EXECUTIVES = frozenset({"cto", "cpo", "vp_engineering", "vp_technology", "vp_product"})
_LEADERS = frozenset({"vp", "head", "director", "manager", "chief"})
# What stands before decides: "Sales Engineering", "Marketing Technology", "Drug Product".
_COLOURS = {
    "engineering": frozenset({"field", "physical", "hardware"}),
    "technology": frozenset({"field", "physical", "other"}),
    "product": frozenset({"physical"}),
    "development": frozenset({"field", "physical", "other"}),
}
_PARTS_OF_ENGINEERING = frozenset({"architecture", "data", "ai", "infrastructure", "reliability"})
# Through these the word before them colours: "Hardware Test Engineering".
_TRANSPARENT = frozenset({"quality_other", "development"})
# What these mean in a title that names software.
_OF_SOFTWARE = {"quality_other": "quality", "development": "engineering"}
# What every industry has built by software people.
_OF_DATA = frozenset({"data", "data_science", "machine_learning", "ai", "reliability", "security"})
# Functions that a name may follow: "VP Engineering Payments", "Software Engineering Kubernetes".
_OPEN_ENDED = frozenset({"engineering", "hardware", "quality", "reliability", "trade", "stack"})
_NARROW = frozenset({"data_engineer", "ml_engineer", "security_engineer"})
_VAGUE_TRADE = frozenset({"", "trade", "quality_other", "development"})
# What these say after "Staff Engineer, …" is the product and not the trade.
_VAGUE = frozenset({"trade", "quality_other", "product", "technology"})


@dataclass(slots=True)
class Post:
    """A post with the folded offsets that name it; `role` is empty where it is none of ours."""

    role: str
    start: int
    end: int
    level: str = ""
    function: str = ""
    trade: str = ""  # of the phrase beside a level: the work behind a pay grade
    is_weak: bool = False
    is_default: bool = False  # an engineer whose trade the title doesn't name

    @property
    def is_leader(self) -> bool:
        return bool(self.role) and self.level in _LEADERS


class Reading:
    """One title being read, from left to right."""

    def __init__(self, tokens: list[Token], functions: dict[str, TitleFunction]) -> None:
        self.tokens = tokens
        self.functions = functions
        self.found: list[Post] = []
        self.used: set[int] = set()  # tokens that already belong to a post
        self.names_software = any(
            token.entry.function in {"engineering", "stack"} and not token.entry.is_discipline
            for token in tokens
        )
        self.names_data = any(token.entry.function in _OF_DATA for token in tokens)
        for index, token in enumerate(tokens):
            if token.entry.level:
                self._read_level(index)
            elif token.entry.is_anchor or token.entry.role:
                self._read_post(index)
        if not any(post.role for post in self.found):
            self.found += self._weak_posts()

    def _at(self, index: int) -> Token:
        return self.tokens[index] if 0 <= index < len(self.tokens) else END

    def _last(self) -> Post:
        return self.found[-1] if self.found else Post("", 0, 0)

    # Posts that need no level

    def _read_post(self, index: int) -> None:
        entry = self.tokens[index].entry
        last = self._last()
        is_practitioner = entry.is_engineer or entry.role in PRACTITIONERS
        if is_practitioner and last.is_leader and self._explains_leader(index):
            return
        if entry.is_engineer:
            if not self._names_unit(index):
                self._read_engineer(index)
        elif entry.role == "architect" and last.level in {"director", "manager"}:
            self.used.add(index)  # "Senior Manager, Solutions Architect" leads them
        elif entry.role in _EXECUTIVES and self._is_attribute(index):
            self.used.add(index)
        elif entry.is_anchor or self._is_coordinate(index):
            token = self.tokens[index]
            self.found.append(Post(entry.role, token.start, token.end))

    def _read_engineer(self, index: int) -> None:
        token = self.tokens[index]
        phrase = self._left(index)
        trade = [i for i in phrase if not self.tokens[i].entry.is_discipline]
        named = self._trade(trade) or self._trade(self._scope(index))
        # 開発エンジニア and "Systems Engineer" build whatever their employer builds.
        is_default = named not in _NARROW and all(
            self.tokens[i].entry.function in _VAGUE_TRADE for i in trade
        )
        role = named or self._trade(phrase)
        if not role or (token.entry.is_developer and role == "other_engineer"):
            role = token.entry.engineer_role or "software_engineer"
        first = phrase[0] if phrase else index
        start = self.tokens[first].start
        before = self._at(first - 1)
        if before.kind == "and" and self._at(first - 2).entry.level:
            before = self._at(first - 2)  # "Lead / Senior Backend Engineer"
        if before.entry.level == "lead" or before.entry.role == "tech_lead":
            start = before.start
            is_bare = bool(before.entry.role) or not phrase  # "Lead Engineer, Data Platform"
            if role == "software_engineer" or (is_bare and role != "other_engineer"):
                role = "tech_lead"
            leads = self._last().level == "lead" or self._last().role == "tech_lead"
            if leads and self.found.pop().function in {"physical", "hardware", "quality_other"}:
                role = "other_engineer"  # "Manufacturing Lead Engineer"
        self.used.update(phrase)
        self.found.append(Post(role, start, token.end, is_default=is_default))

    def _trade(self, phrase: list[int]) -> str:
        """Return the role of an engineer of this phrase: its last topic decides."""
        topics = [e for i in phrase if (e := self.tokens[i].entry).engineer_role]
        if not topics:
            return ""
        is_physical = any(topic.function in {"physical", "hardware"} for topic in topics)
        if is_physical and topics[-1].function in {"quality_other", "trade"}:
            return "other_engineer"  # "Electronics Test Engineer"
        return topics[-1].engineer_role

    def _scope(self, index: int) -> list[int]:
        """Return what follows an engineer without a trade: "Senior Engineer - Full Stack"."""
        scope: list[int] = []
        for i in self._right(index):
            if self.tokens[i].kind == "and":
                break
            if self.tokens[i].entry.function not in _VAGUE:
                scope.append(i)
        return scope

    def _explains_leader(self, index: int) -> bool:
        """
        Return whether a practitioner's word only tells what a leader leads.

        "Director of Engineering (FDE)", "Director of Engineering, Developer Experience".
        """
        after = self._at(index + 1)
        brackets = [token.bracket for token in self.tokens[:index] if token.bracket]
        runs_on = after.kind in {"word", "and"} or bool(after.entry.function)
        return runs_on or brackets[-1:] == ["("]

    def _names_unit(self, index: int) -> bool:
        """Return whether something else follows at once: エンジニア採用, "Developer Adoption"."""
        after = self._at(index + 1)
        is_bare = self._at(index - 1).kind == "separator"
        if after.kind == "headcount":
            return True  # エンジニア60名
        if self.tokens[index].entry.is_developer and is_bare:
            is_unit = after.entry.function not in {"", "engineering", "stack"}
            return after.kind == "word" or is_unit or bool(after.entry.level)
        return after.entry.function in {"other", "field"}

    def _is_attribute(self, index: int) -> bool:
        """Return whether a post only names a unit: "CTO AI Lab", "CTO & Infrastructure"."""
        after = self._at(index + 1)
        if self._is_spelled_out(index) or (
            after.is_japanese and after.start == self._at(index).end
        ):
            return True  # VPoEメンタリング: what may follow a post is known (候補, 募集)
        if self._at(index).entry.role not in {"cto", "cpo"}:
            return False
        if after.kind == "and":
            return self._at(index + 2).entry.function == "infrastructure"
        return bool(after.entry.function) and after.start > self.tokens[index].end

    def _is_spelled_out(self, index: int) -> bool:
        """Return whether a bracket spells the letters as another post: "CPO (Chief People …)"."""
        if self._at(index + 1).bracket != "(":
            return False
        inside = [token.entry for token in (*self.tokens[index + 2 :], END)]
        is_ours = any(
            entry.role == self.tokens[index].entry.role
            or entry.function in {"technology", "product"}
            for entry in inside
        )
        return not is_ours and (inside[0].level == "chief" or inside[0].role == "other")

    def _is_coordinate(self, index: int) -> bool:
        """Return whether a word stands beside a person and last: "Test Engineer and SRE"."""
        return (
            self._at(index - 1).kind == "and"
            and self._at(index - 2).entry.is_practitioner
            and self._at(index + 1).kind == "separator"
        )

    def _weak_posts(self) -> list[Post]:
        """Read what names a post only where nothing better does: "QA", "Intern, AI Engineering"."""
        named: list[Post] = []
        disciplines: list[Post] = []
        has_level = any(post.level for post in self.found)
        for index, token in enumerate(self.tokens):
            if index in self.used:
                continue
            if token.entry.role:
                named.append(Post(token.entry.role, token.start, token.end, is_weak=True))
            elif token.entry.is_discipline and not has_level and (phrase := self._left(index)):
                start = self.tokens[phrase[0]].start
                disciplines.append(Post(self._trade(phrase), start, token.end))
        return named or disciplines

    # Levels

    def _read_level(self, index: int) -> None:
        token = self.tokens[index]
        level = token.entry.level
        before = self._at(index - 1)
        if before.entry.role == "tech_lead" and level == "manager":
            self._add(level, ["engineering"], token.start, token.end)
        elif before.entry.is_practitioner and self.found:  # "Software Engineer Team Lead"
            base = self.found.pop()
            function = "physical" if base.role == "other_engineer" else "engineering"
            self._add(level, [function], base.start, token.end)
        else:
            phrase = self._level_phrase(index)
            functions = self._level_functions(index, phrase)
            around = [token, *(self.tokens[i] for i in phrase)]
            self.used.update(phrase)
            start, end = min(t.start for t in around), max(t.end for t in around)
            trade = self._trade([i for i in phrase if not self.tokens[i].entry.is_discipline])
            self._add(level, functions, start, end, trade)

    def _add(self, level: str, functions: list[str], start: int, end: int, trade: str = "") -> None:
        if self.names_software:
            functions = [_OF_SOFTWARE.get(function, function) for function in functions]
        for function in functions or [""]:
            role = getattr(self.functions[function], level) if function else ""
            self.found.append(Post(role, start, end, level, function, trade))

    def _level_phrase(self, index: int) -> list[int]:
        """Return the phrase beside a level: before it, or after it, as "of" and order say."""
        level = self.tokens[index].entry.level
        after = self._at(index + 1)
        phrase = [] if after.kind == "of" and level != "manager" else self._left(index)
        if any(self.tokens[i].has_content for i in phrase):
            names_topic = any(self.tokens[i].entry.function for i in phrase)
            is_employer = level == "vp" and not names_topic and after.is_topic
            return self._right(index) if is_employer else phrase  # "Acme VP Engineering"
        is_ours = after.entry.is_rank or after.entry.function in {"engineering", "product"}
        if level == "head" and after.kind in {"word", "entry"} and not is_ours:
            return phrase  # "Head Chef"
        return self._right(index)

    def _level_functions(self, index: int, phrase: list[int]) -> list[str]:
        level = self.tokens[index].entry.level
        before = self._at(index - 1)
        last = self._last()
        if not phrase and before.kind == "and":
            if last.role in PRACTITIONERS and level in {"lead", "manager"}:
                return ["engineering"]  # "Backend Developer / Team Lead"
            return [last.function] if last.function else []  # "Engineering Manager/Director"
        functions = self._functions(phrase)
        if before.bracket == "(" and (bracketed := self._bracketed_functions(index)):
            return bracketed
        if level == "lead" and functions == ["engineering"] and last.role == "software_engineer":
            self.found.pop()  # "Software Engineer, Frontend Lead" is one post
        return functions

    def _bracketed_functions(self, index: int) -> list[str]:
        """
        Read a level alone in a bracket: "Software Engineer (Team Lead)", （マネージャー候補）.

        A candidate's later post stands beside the present one; a lead's replaces it.
        """
        level = self.tokens[index].entry.level
        is_candidate = self._at(index + 1).entry.is_rank
        holder = self._at(index - 2)
        if not self.found and holder.entry.role in PRACTITIONERS:
            self.found.append(Post(holder.entry.role, holder.start, holder.end))
        last = self._last()
        if level in {"director", "head"} and is_candidate:
            return (
                [last.function] if last.function else ["engineering"] * (last.role in PRACTITIONERS)
            )
        if level not in {"lead", "manager"} or last.role not in PRACTITIONERS:
            return []
        if level == "lead" and not is_candidate:
            self.found.pop()
        return ["engineering"]

    # Phrases

    def _functions(self, phrase: list[int]) -> list[str]:
        """Return the functions that a phrase names: the head of each conjunct, or of the last."""
        groups = groupby(phrase, key=lambda i: self.tokens[i].kind == "and")
        conjuncts = [list(group) for is_and, group in groups if not is_and]
        heads: list[str] = []
        for conjunct in conjuncts:
            topics = [e for i in conjunct if (e := self.tokens[i].entry).function]
            head = self._head(conjunct)
            if heads and conjunct is conjuncts[-1] and len(conjunct) > 1:
                if not topics:
                    return []  # "Product & Balance Sheet Management"
                if len(topics) > 1 and head in {"other", "field", "physical"}:
                    return [head]  # "Product & Engineering Finance"
                if len(topics) > 1 and topics[-1].is_discipline:
                    heads = [h for h in heads if h == "product"]  # "Analytics & Data Engineering"
            if head:
                heads.append(head)
        if "engineering" in heads:
            heads = [h for h in heads if h not in _PARTS_OF_ENGINEERING]
        if "physical" in heads:
            bare = {"infrastructure", "engineering"} if self._is_bare(conjuncts[-1]) else set()
            heads = [
                h for h in heads if h not in {"infrastructure", *bare}
            ]  # "Facilities & Infrastructure"
        return list(dict.fromkeys(heads))

    def _is_bare(self, conjunct: list[int]) -> bool:
        """Return whether a discipline says only how: "Launch Design and Build Engineering"."""
        topics = [e for i in conjunct if (e := self.tokens[i].entry).function]
        vague = {"trade", *_TRANSPARENT}
        return len(topics) > 1 and all(topic.function in vague for topic in topics[:-1])

    def _head(self, conjunct: list[int]) -> str:
        """Return the function of a noun phrase without "and"; its last topic decides."""
        topics = [e for i in conjunct if (e := self.tokens[i].entry).function]
        topics = [topic for topic in topics if topic.function != "trade"] or topics[-1:]
        if not topics:
            return ""
        head = topics[-1].function
        if topics[0].is_discipline and topics[0].function == "product":
            return "product"  # "Product Management AI Strategy"
        if self.tokens[conjunct[-1]].kind == "word" and head not in _OPEN_ENDED:
            return "other"  # "Product Commercialization": the head is what we don't know
        if topics[-1].is_discipline and self._is_coloured_by_unknown(conjunct):
            return "other"
        takes_colour = topics[-1].is_discipline or head != "engineering"
        before = [t.function for t in topics[:-1] if t.function not in _TRANSPARENT]
        if takes_colour and before and before[-1] in _COLOURS.get(head, ()):
            return before[-1]
        return head

    def _is_coloured_by_unknown(self, conjunct: list[int]) -> bool:
        """Return whether a noun that we don't know stands in one word with 開発: 施設開発."""
        first, second = [*conjunct, conjunct[-1]][:2]
        return (
            self.tokens[first].is_kanji
            and self.tokens[second].entry.is_discipline
            and self.tokens[first].end == self.tokens[second].start
        )

    def _left(self, index: int) -> list[int]:
        """Return the phrase that ends before `index` and is nobody else's."""
        start = index
        while start - 1 not in self.used and self._at(start - 1).is_phrase:
            start -= 1
        while start < index and self.tokens[start].kind == "and":
            start += 1
        return list(range(start, index))

    def _right(self, index: int) -> list[int]:
        """Return the next phrase after `index`, unless it belongs to a post of its own."""
        start = index + 1
        while start < len(self.tokens) and self._is_skipped(start):
            start += 1
            is_abbreviation = self._at(start).kind == "word" and self._at(start + 1).bracket == ")"
            if self.tokens[start - 1].bracket == "(" and is_abbreviation:
                start += 2  # "Director (EMEA), Engineering"
        end = start
        while self._at(end).is_phrase:
            end += 1
        if self._at(end).entry.is_anchor:
            if self._at(index + 1).kind != "of" and self._at(end - 1).kind != "and":
                return []
            while end > start and self.tokens[end - 1].kind != "and":
                end -= 1  # "VP of Engineering and Country Manager", "VP Engineering/CTO"
        while end > start and self.tokens[end - 1].kind == "and":
            end -= 1
        return list(range(start, end))

    def _is_skipped(self, index: int) -> bool:
        """Return whether a token may stand between a level and its phrase."""
        token = self.tokens[index]
        is_second_level = bool(token.entry.level) and self.tokens[index - 1].kind == "and"
        return token.kind not in {"word", "entry"} or token.entry.is_rank or is_second_level
