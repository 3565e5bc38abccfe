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
from typing import Literal

from pipeline.known_names import FEW, KnownNames
from pipeline.list_terms import EXAMPLE_CHARS
from pipeline.spelling import key_of
from pipeline.text import clean, to_text
from warehouse.store import Store

Kind = Literal["role_alias", "skill_alias", "new_skill"]
Progress = Callable[[int], None]

MIN_EMPLOYERS = 3
LIST_SHARE = 0.1  # of the postings that hold a word, those that have it in a list of skills
EMPLOYER_LIST_SHARE = 0.3  # the same for a word that is an employer's name
NAME_SHARE = 0.4  # of a term's uses, those with a capital, a digit or a sign
EXAMPLES = 3
SHORTEST_PLURAL = 4
PROGRESS_EVERY = 1_000

_WORD = re.compile(r"[^\W_](?:[\w.+#'&-]*[\w+#])?")


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

    def add(self, text: str, employer: str, example: str, *, is_name: bool = True) -> None:
        self.spellings[text] += 1
        self.postings += 1
        self.names += is_name
        if employer not in self.employers and len(self.examples) < EXAMPLES:
            self.examples.append(example)
        self.employers.add(employer)

    def joined(self, other: "Cluster") -> "Cluster":
        return Cluster(
            self.spellings + other.spellings,
            self.employers | other.employers,
            self.postings + other.postings,
            self.names + other.names,
            self.hints + other.hints,
            self.glosses + other.glosses,
            [*self.examples, *other.examples][:EXAMPLES],
        )


class Proposer:
    """Collects candidates from postings against one taxonomy: `read` each, then `candidates`."""

    def __init__(self, known: KnownNames) -> None:
        self._known = known
        self._terms: dict[str, Cluster] = {}
        self._heads: dict[str, Cluster] = {}
        self._words: Counter[str] = Counter()  # postings that hold the word anywhere
        self._employers: set[str] = set()
        self._neighbours: Counter[str] = Counter()

    def read(self, employer: str, title: str, text: str) -> None:
        """Take in one posting; without an employer it is its own."""
        if employer:
            self._employers.add(key_of(employer))
        employer = key_of(employer or text[:EXAMPLE_CHARS])
        if title:
            self._read_title(employer, title)
        if text:
            self._read_text(employer, clean(text))

    def _read_title(self, employer: str, title: str) -> None:
        if head := self._known.unknown_head(title):
            cluster = self._heads.setdefault(key_of(head), Cluster())
            cluster.add(head, employer, title[:EXAMPLE_CHARS])
            cluster.hints.update(self._known.roles_near(head))

    def _read_text(self, employer: str, text: str) -> None:
        self._words.update({key_of(word) for word in _WORD.findall(text)})
        seen = {employer}
        for key, term in self._known.unknown_terms(text):
            if key in seen:
                continue
            seen.add(key)
            cluster = self._terms.setdefault(key, Cluster())
            cluster.add(term.text, employer, term.example, is_name=term.is_name)
            cluster.glosses.update(set(term.glosses))
            broader = self._known.broader_of(term.neighbours)
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
        kept = [
            one
            for one in found
            if one.employers >= min_employers and one.candidate_id not in self._known.refused
        ]
        return sorted(kept, key=lambda one: (-one.employers, -one.postings, one.candidate_id))

    @staticmethod
    def _merged(clusters: dict[str, Cluster]) -> Iterator[tuple[str, Cluster]]:
        """The clusters, a plural counted with its singular."""
        for key, cluster in clusters.items():
            if _is_plural(key) and key[:-1] in clusters:
                continue
            plural = clusters.get(f"{key}s") if _is_plural(f"{key}s") else None
            yield key, cluster.joined(plural) if plural else cluster

    def _is_term(self, key: str, cluster: Cluster) -> bool:
        """Whether the cluster is used as a name in lists of skills, not as a word anywhere."""
        anywhere = self._words.get(key, cluster.postings)
        share = EMPLOYER_LIST_SHARE if key in self._employers else LIST_SHARE
        return (
            cluster.postings >= share * anywhere
            and cluster.names >= NAME_SHARE * cluster.postings
            and not self._known.names_people(cluster.spellings.most_common(1)[0][0])
        )

    def _role(self, key: str, cluster: Cluster) -> Candidate:
        hint = cluster.hints.most_common(1)
        role, votes = hint[0] if hint else ("", 0)
        reason = f"words of {role} in {votes} of {cluster.postings}" if role else "no known word"
        return _candidate(f"role:{key}", "role_alias", cluster, role, reason)

    def _term(self, key: str, cluster: Cluster) -> Candidate:
        skill_id, reason = self._known.skill_named(key, cluster.glosses, cluster.hints.keys())
        if skill_id:
            return _candidate(f"skill:{key}", "skill_alias", cluster, skill_id, reason)
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


def _is_plural(key: str) -> bool:
    return len(key) > SHORTEST_PLURAL and key.endswith("s")  # TFS is no TF


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
    known: KnownNames | None = None,
    min_employers: int = MIN_EMPLOYERS,
    progress: Progress | None = None,
) -> list[Candidate]:
    """
    Return what the postings (employer, title, text) say and the taxonomy doesn't know.

    `known` is another taxonomy than this checkout's; `progress` gets the number of postings read
    since its last call. Raises TaxonomyError.
    """
    proposer = Proposer(known or KnownNames())
    read = 0
    for read, posting in enumerate(postings, 1):
        proposer.read(*posting)
        if progress and read % PROGRESS_EVERY == 0:
            progress(PROGRESS_EVERY)
    if progress:
        progress(read % PROGRESS_EVERY)
    return proposer.candidates(min_employers=min_employers)


def postings_of(store: Store) -> Iterator[tuple[str, str, str]]:
    """Stream (employer, title, text) of a store's contents; the registry names the employer."""
    employers = store.employers()
    for content in store.contents():
        employer = employers.get(content["content_hash"]) or content["employer_text"] or ""
        yield employer, content["title"], to_text(content["description_html"] or "")
