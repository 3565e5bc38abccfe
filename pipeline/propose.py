"""
What postings say and the taxonomy doesn't know, as candidates for a person to accept.

Terms are what stands in one list with known skills ("Python, Temporal and Postgres", Goや「Ent」):
a list is cut at its commas, and a piece that holds no known skill is a candidate. Head phrases are
the words before the first break of a title whose last word the taxonomy doesn't know. Spellings
are clustered by folding; what most postings use outside such lists, too, is a common word and not
proposed. Counting only: every number behind a proposal is on it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from pipeline.extraction import SkillMention
from pipeline.roles import TitleReader
from pipeline.skills import SkillFinder
from pipeline.title_words import Lexicon
from taxonomy.folding import fold
from taxonomy.load import HERE, Problems, Row, Skill, load_roles, load_skills, read_rows

Kind = Literal["role_alias", "skill_alias", "new_skill"]
Progress = Callable[[int], None]

MIN_EMPLOYERS = 3
LIST_SHARE = 0.1  # of the postings that hold a word, those that have it in a list of skills
NAME_SHARE = 0.4  # of a term's uses, those with a capital, a digit or a sign
REACH = 2  # pieces between a term and the known skill of its list
EXAMPLES = 3
EXAMPLE_CHARS = 80
LONGEST_WORDS, LONGEST_CHARS = 3, 32
FEW = 2  # neighbours that make a parent
PROGRESS_EVERY = 1_000

_WORD = re.compile(r"[^\W_](?:[\w.+#'&-]*[\w+#])?")
_HARD = re.compile(r"[\n|;:()\[\]{}<>（）【】。：；｜!?！？•●■◆★]|[.](?=\s|$)|\s[-–—*]+\s|\.\.+|…")
_SOFT = re.compile(
    r"\s*(?:[,/、，／・]|\s[+&]\s|\b(?:and/or|and|or|plus)\b|[やと](?=[A-Za-z「ァ-ヺ])|または|および)\s*"
)
_LEAD = re.compile(
    r"^.*\b(?:with|in|using|of|like|as|e\.g\.?|including|use|our|the|on|some|into|for|via|both|any|a)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:etc|experience|skills?|knowledge|preferred|is|are|a plus|on|in|for|with|to|at|if)\b.*$",
    re.IGNORECASE,
)
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
_JAPANESE_TERM = re.compile(
    r"「([^「」]{2,20})」|^([A-Za-z][\w.+#-]*(?: [A-Z][\w.+#-]*)*|[ァ-ヺー]{3,})(?=[のをでにはがや等な」]|$)"
    r"|([A-Za-z][\w.+#-]*|[ァ-ヺー]{3,})$|^([一-鿿ァ-ヺー]{3,10})$"
)
_NAME = re.compile(r"[A-Z0-9+#ァ-ヺー一-鿿]|\w\.\w")
_LETTER = re.compile(r"[^\W\d_]")
_JOINT = re.compile(r"[\s\-_.'・&/]+")
_TITLE_BREAK = re.compile(r"[,|/()\[\]【】（）:：／｜、@]|\s[-–—~]\s|\bat\b|\bfor\b|\bin\b")
_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    A cluster of spellings with what a person needs to judge it.

    `employers` and `postings` count those that hold it (a posting of an employer that bears the
    name isn't counted); `parent` is the role or skill that an alias would name, or the broader
    skill of a new one, empty where nothing speaks for any; `reason` says what does.
    """

    candidate_id: str
    kind: Kind
    term: str
    spellings: tuple[str, ...]
    employers: int
    postings: int
    parent: str
    reason: str
    examples: tuple[str, ...]


class Term(NamedTuple):
    """A piece of a text that stands in a list of skills."""

    text: str
    neighbours: tuple[str, ...]  # skill ids within REACH pieces
    glosses: tuple[str, ...]  # skills that a bracket gives as its other name
    example: str


@dataclass(slots=True)
class Cluster:
    """What was seen of one folded spelling."""

    spellings: Counter[str] = field(default_factory=Counter)
    employers: set[str] = field(default_factory=set)
    postings: int = 0
    names: int = 0  # uses that look like a name
    hints: Counter[str] = field(default_factory=Counter)  # parents that a use speaks for
    glosses: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, text: str, employer: str, example: str) -> None:
        self.spellings[text] += 1
        self.postings += 1
        self.names += bool(_NAME.search(text))
        if employer not in self.employers and len(self.examples) < EXAMPLES:
            self.examples.append(example)
        self.employers.add(employer)


def key_of(term: str) -> str:
    """The folded spelling without spaces and joints: クーバネ・テス, "Node.js" and "NodeJS" as one."""
    return _JOINT.sub("", fold(term).text)


class PlaceName(Row):
    name: str
    kind: str
    country_code: str


class Refusal(Row):
    """A candidate that a person refused, with why; it isn't proposed again."""

    term: str
    reason: str
    note: str = ""


def load_refusals(folder: Path = HERE) -> tuple[Refusal, ...]:
    """Load growth/refused.csv. It lies apart from the files that change what is extracted."""
    problems = Problems()
    rows = read_rows(folder / "growth" / "refused.csv", Refusal, problems)
    problems.raise_if_any()
    return rows


class Proposer:
    """Collects candidates from postings against one taxonomy: `read` each, then `candidates`."""

    def __init__(self, folder: Path = HERE) -> None:
        roles, skills = load_roles(folder), load_skills(folder)
        problems = Problems()
        places = read_rows(folder / "places.csv", PlaceName, problems)
        problems.raise_if_any()
        self._reader = TitleReader(roles)
        self._lexicon = Lexicon(row for row in roles.words if row.kind not in {"industry"})
        self._finder = SkillFinder(skills)
        self._skills = {skill.skill_id: skill for skill in skills.skills}
        self._near = _Near((row.alias, row.skill_id) for row in skills.aliases)
        self._head_roles = _head_roles((row.alias, row.role_id) for row in roles.aliases)
        self._not_terms = {key_of(row.name) for row in places}
        self._not_terms |= {key_of(row.term) for row in load_refusals(folder)}
        self._not_terms |= {key_of(row.alias) for row in skills.aliases}
        self._terms: dict[str, Cluster] = {}
        self._heads: dict[str, Cluster] = {}
        self._words: Counter[str] = Counter()  # postings that hold the word anywhere
        self._neighbours: Counter[str] = Counter()

    def read(self, employer: str, title: str, text: str) -> None:
        """Take in one posting; without an employer it is its own."""
        employer = key_of(employer) or key_of(text[:40])
        if title:
            self._read_title(employer, title)
        if text:
            self._read_text(employer, text)

    def _read_title(self, employer: str, title: str) -> None:
        head = self._unknown_head(title)
        if head and self._reader.read(title).roles == ("other",):
            cluster = self._heads.setdefault(key_of(head), Cluster())
            cluster.add(head, employer, title[:EXAMPLE_CHARS])
            cluster.hints.update(self._roles_near(head))

    def _unknown_head(self, title: str) -> str:
        """Return the noun phrase that a title opens with if its last word is unknown, or ""."""
        first = next((part for part in _TITLE_BREAK.split(title) if part.strip()), "").strip()
        folded = fold(first)
        tokens = self._lexicon.tokens(folded.text, first)
        while tokens and tokens[-1].entry.is_rank:
            tokens.pop()
        if not tokens or tokens[-1].kind != "word":
            return ""
        phrase = []
        for token in reversed(tokens[-LONGEST_WORDS:]):
            if token.kind not in {"word", "entry"} or token.entry.is_rank:
                break
            phrase.append(token)
        start, end = folded.original_span(phrase[-1].start, tokens[-1].end)
        return first[start:end] if _LETTER.search(first[start:end]) else ""

    def _roles_near(self, head: str) -> set[str]:
        """The roles of the words before the head, and of aliases with the same last word."""
        folded = fold(head).text
        topics = {
            token.entry.engineer_role for token in self._lexicon.tokens(folded, head)
        } - {""}
        return topics or self._head_roles.get(folded.split()[-1], set())

    def _read_text(self, employer: str, text: str) -> None:
        self._words.update({key_of(word) for word in _WORD.findall(text)})
        seen = set[str]()
        for term in terms(text, self._finder(text)):
            key = key_of(term.text)
            if key in seen or key in self._not_terms or key == employer:
                continue
            seen.add(key)
            cluster = self._terms.setdefault(key, Cluster())
            cluster.add(term.text, employer, term.example)
            cluster.glosses.update(set(term.glosses))
            broader = {self._skills[one].broader_id for one in term.neighbours} - {""}
            cluster.hints.update(broader)
            self._neighbours.update(broader)

    def candidates(self, *, min_employers: int = MIN_EMPLOYERS) -> list[Candidate]:
        """The clusters so far, the most distinct employers first."""
        found = [self._role(key, cluster) for key, cluster in self._merged(self._heads)]
        found += [
            self._term(key, cluster)
            for key, cluster in self._merged(self._terms)
            if len(cluster.employers) >= min_employers and self._is_term(key, cluster)
        ]
        kept = [one for one in found if one.employers >= min_employers]
        return sorted(kept, key=lambda one: (-one.employers, -one.postings, one.candidate_id))

    def _merged(self, clusters: dict[str, Cluster]) -> Iterator[tuple[str, Cluster]]:
        """The clusters, a plural counted with its singular."""
        for key, cluster in clusters.items():
            if len(key) > LONGEST_WORDS and key.endswith("s") and key[:-1] in clusters:
                continue
            if plural := clusters.get(f"{key}s"):
                examples = [*cluster.examples, *plural.examples][:EXAMPLES]
                yield key, Cluster(
                    cluster.spellings + plural.spellings,
                    cluster.employers | plural.employers,
                    cluster.postings + plural.postings,
                    cluster.names + plural.names,
                    cluster.hints + plural.hints,
                    cluster.glosses + plural.glosses,
                    examples,
                )
            else:
                yield key, cluster

    def _is_term(self, key: str, cluster: Cluster) -> bool:
        """Whether the cluster is used as a name in lists of skills, not as a word anywhere."""
        anywhere = self._words.get(key, cluster.postings)
        return (
            cluster.postings >= LIST_SHARE * anywhere
            and cluster.names >= NAME_SHARE * cluster.postings
            and self._reader.read(cluster.spellings.most_common(1)[0][0]).roles in {(), ("other",)}
        )

    def _role(self, key: str, cluster: Cluster) -> Candidate:
        hint = cluster.hints.most_common(1)
        role, votes = hint[0] if hint else ("", 0)
        reason = f"words of {role} in {votes} of {cluster.postings}" if role else "no known word"
        return _candidate(f"role:{key}", "role_alias", cluster, role, reason)

    def _term(self, key: str, cluster: Cluster) -> Candidate:
        if gloss := cluster.glosses.most_common(1):
            skill, votes = gloss[0]
            if votes >= FEW:
                reason = f"another name in brackets in {votes} postings"
                return _candidate(f"skill:{key}", "skill_alias", cluster, skill, reason)
        if near := self._near.find(key):
            alias, skill = near
            reason = f'spelled like "{alias}"'
            return _candidate(f"skill:{key}", "skill_alias", cluster, skill, reason)
        parent, reason = self._parent(cluster)
        return _candidate(f"skill:{key}", "new_skill", cluster, parent, reason)

    def _parent(self, cluster: Cluster) -> tuple[str, str]:
        """The broader skill that its neighbours share more often than neighbours elsewhere do."""
        total, all_hints = cluster.hints.total(), self._neighbours.total()

        def surprise(broader: str) -> float:
            count = cluster.hints[broader]
            return count * math.log(count * all_hints / (total * self._neighbours[broader]))

        known = [broader for broader, count in cluster.hints.items() if count >= FEW]
        if not known:
            return "", "no neighbours in common"
        best = max(known, key=surprise)
        return best, f"beside a {best} in {cluster.hints[best]} of {cluster.postings} postings"


def _candidate(
    candidate_id: str, kind: Kind, cluster: Cluster, parent: str, reason: str
) -> Candidate:
    spellings = tuple(spelling for spelling, _ in cluster.spellings.most_common())
    return Candidate(
        candidate_id,
        kind,
        spellings[0],
        spellings,
        len(cluster.employers),
        cluster.postings,
        parent,
        reason,
        tuple(cluster.examples),
    )


def propose(
    postings: Iterable[tuple[str, str, str]],
    *,
    folder: Path = HERE,
    min_employers: int = MIN_EMPLOYERS,
    progress: Progress | None = None,
) -> list[Candidate]:
    """
    Return what the postings (employer, title, text) say and the taxonomy doesn't know.

    `progress` gets the number of postings read since its last call. Raises TaxonomyError.
    """
    proposer = Proposer(folder)
    read = 0
    for read, posting in enumerate(postings, 1):
        proposer.read(*posting)
        if progress and read % PROGRESS_EVERY == 0:
            progress(PROGRESS_EVERY)
    if progress:
        progress(read % PROGRESS_EVERY)
    return proposer.candidates(min_employers=min_employers)


def terms(text: str, mentions: Iterable[SkillMention]) -> Iterator[Term]:
    """Yield the unknown pieces of lists that hold known skills."""
    spans = [(one.start, one.end, one.skill_id) for one in mentions]
    if not spans:
        return
    glosses = _glosses(text, spans)
    start = place = 0
    for stop in [*_HARD.finditer(text), None]:
        end = stop.start() if stop else len(text)
        while place < len(spans) and spans[place][0] < start:
            place += 1
        inside = place
        while inside < len(spans) and spans[inside][1] <= end:
            inside += 1
        if inside > place or start in glosses or end in glosses:
            yield from _list_terms(text, start, end, spans[place:inside], glosses)
        start, place = (stop.end() if stop else end), inside


Span = tuple[int, int, str]


def _glosses(text: str, spans: list[Span]) -> dict[int, str]:
    """Where a bracket opens on or closes after a known skill: "K8s (Kubernetes)"."""
    found = {}
    for start, end, skill in spans:
        if text[start - 1 : start] in {"(", "（"} and text[end : end + 1] in {")", "）"}:
            found[start - 1] = skill
    return found


def _list_terms(
    text: str, start: int, end: int, spans: list[Span], glosses: dict[int, str]
) -> Iterator[Term]:
    pieces: list[tuple[str, int, tuple[str, ...]]] = []  # text, where it ends, its skills
    begin = start
    for stop in [*_SOFT.finditer(text, start, end), None]:
        until = stop.start() if stop else end
        if until > begin:
            known = tuple(one[2] for one in spans if one[0] < until and one[1] > begin)
            pieces.append((text[begin:until], until, known))
        begin = stop.end() if stop else end
    for index, (piece, until, known) in enumerate(pieces):
        term = "" if known else term_of(piece)
        if not term:
            continue
        around = pieces[max(0, index - REACH) : index + REACH + 1]
        neighbours = tuple(skill for _, _, skills in around for skill in skills)
        gloss = glosses.get(until)
        if neighbours or gloss:
            example = " ".join(text[start:end].split())[:EXAMPLE_CHARS]
            yield Term(term, neighbours, (gloss,) if gloss else (), example)


def term_of(piece: str) -> str:
    """Return the name that a piece of a list is, or ""."""
    piece = piece.strip(" \t\"'“”‘’*_.-·")
    if _JAPANESE.search(piece):
        match = _JAPANESE_TERM.search(piece)
        return next((group for group in match.groups() if group), "") if match else ""
    piece = _TAIL.sub("", _LEAD.sub("", piece)).strip(" \"'.")
    words = piece.split()
    is_name = (
        0 < len(words) <= LONGEST_WORDS
        and len(piece) <= LONGEST_CHARS
        and all(_WORD.fullmatch(word) for word in words)
        and _LETTER.search(piece)
        and len(piece) > 1
    )
    return piece if is_name else ""


class _Near:
    """Known spellings that are one letter away, or the same but for a version or a maker."""

    _MIN = 6  # letters; shorter names one letter apart are other names (Kafka and Kafkr are rare)
    _DROPPED = re.compile(r"^(?:apache|amazon|aws|google|microsoft|ms)|(?:js|\d+|db|lang)$")

    def __init__(self, aliases: Iterable[tuple[str, str]]) -> None:
        self._bare: dict[str, tuple[str, str]] = {}
        self._deletes: dict[str, tuple[str, str]] = {}
        for alias, skill in aliases:
            key = key_of(alias)
            self._bare.setdefault(self._DROPPED.sub("", key), (alias, skill))
            if len(key) >= self._MIN:
                for form in _deletes(key):
                    self._deletes.setdefault(form, (alias, skill))

    def find(self, key: str) -> tuple[str, str] | None:
        bare = self._DROPPED.sub("", key)
        if len(bare) > LONGEST_WORDS and bare in self._bare:
            return self._bare[bare]
        forms = _deletes(key) if len(key) >= self._MIN else ()
        return next((self._deletes[form] for form in forms if form in self._deletes), None)


def _deletes(key: str) -> list[str]:
    return [key, *(key[:index] + key[index + 1 :] for index in range(len(key)))]


def _head_roles(aliases: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    roles: dict[str, set[str]] = {}
    for alias, role in aliases:
        words = fold(alias).text.split()
        if len(words) > 1:
            roles.setdefault(words[-1], set()).add(role)
    return roles
