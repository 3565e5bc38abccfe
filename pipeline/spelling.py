"""Which spellings are one name: folded, one letter apart, or with a maker's name before them."""

import re
from collections.abc import Iterable

from taxonomy.folding import fold

_JOINT = re.compile(r"[\s\-_.'・&/]+")


def key_of(term: str) -> str:
    """The folded spelling without spaces and joints, so that "Node.js" and "NodeJS" are one."""
    return _JOINT.sub("", fold(term).text)


class NearNames:
    """Known spellings that are one letter away, or the same but for a version or a maker."""

    _SHORT = 3
    _MIN = 6  # letters; shorter names that are one letter apart are different names
    _DROPPED = re.compile(r"^(?:apache|amazon|aws|google|microsoft|ms)|(?:js|\d+|db|lang)$")

    def __init__(self, aliases: Iterable[tuple[str, str]]) -> None:
        self._bare: dict[str, tuple[str, str]] = {}
        self._forms: dict[str, list[tuple[str, str]]] = {}
        for alias, concept_id in aliases:
            key = key_of(alias)
            self._bare.setdefault(self._DROPPED.sub("", key), (alias, concept_id))
            if len(key) >= self._MIN:
                for form in _deletes(key):
                    self._forms.setdefault(form, []).append((alias, concept_id))

    def find(self, key: str) -> tuple[str, str] | None:
        """Return (alias, concept id) of the known spelling that `key` is a variant of."""
        bare = self._DROPPED.sub("", key)
        if len(bare) > self._SHORT and bare in self._bare:
            return self._bare[bare]
        forms = _deletes(key) if len(key) >= self._MIN else []
        near = (known for form in forms for known in self._forms.get(form, ()))
        return next((known for known in near if _is_typo(key, key_of(known[0]))), None)


def _deletes(key: str) -> list[str]:
    return [key, *(key[:index] + key[index + 1 :] for index in range(len(key)))]


def _is_typo(one: str, other: str) -> bool:
    """Whether one letter is wrong, missing or doubled, or two are swapped, but not the first."""
    if one[0] != other[0]:
        return False
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        return short in _deletes(long)
    wrong = [index for index, pair in enumerate(zip(one, other, strict=True)) if len(set(pair)) > 1]
    first, last = wrong[0], wrong[-1]
    return first == last or one[first : last + 1] == other[last] + other[first]
