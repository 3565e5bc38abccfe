"""Where words of a vocabulary stand: on the edges of words, by one pass over bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.occurrences import WordFinder, begins_word, ends_word

WORDS = [
    *("go", "java", "c", "c#", "c++", ".net", "node.js", "node", "ci/cd", "machine learning"),
    *("html", "aws認定", "採用", "テスト", "c♯"),
]
FINDER = WordFinder(WORDS)


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("java, java8 and javaの開発", ["java", "java", "java"]),
        ("javascript, java2ee, myjava", []),
        ("go/c", ["go", "c"]),
        ("go2, gopher, cargo", []),
        ("c++ and c# and c♯", ["c", "c++", "c", "c#", "c", "c♯"]),
        ("asp.net and .net", [".net", ".net"]),
        ("node.js node-js", ["node", "node.js", "node"]),
        ("ci/cd, ci cd", ["ci/cd"]),
        ("machine learning, machine-learning, machine\nlearning", ["machine learning"]),
        ("index.html, html.com, <html>", ["html"]),
        ("aws認定の採用", ["aws認定", "採用"]),
        ("コンテスト、テスト", ["テスト"]),
        ("écgo", []),
        ("écé", ["c"]),
        ("", []),
    ],
)
def test_words_are_found_on_their_edges(folded: str, expected: list[str]) -> None:
    found = sorted(FINDER(folded))
    assert [word for _, _, word in found] == expected
    assert [folded[start:end] for start, end, _ in found] == expected


PIECES = [*WORDS, *" \n.,/-8é#+の", "com", "script", "index.", "2026"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_pass_over_bytes_finds_what_a_search_for_each_word_finds(folded: str) -> None:
    expected = [
        (start, start + len(word), word)
        for start in range(len(folded))
        for word in WORDS
        if folded.startswith(word, start)
        and begins_word(folded, start)
        and ends_word(folded, start, start + len(word))
    ]
    assert sorted(FINDER(folded)) == sorted(expected)


def test_a_vocabulary_of_one_script() -> None:
    assert WordFinder(["go"])("goの採用") == [(0, 2, "go")]
    assert WordFinder(["採用"])("go 採用") == [(3, 5, "採用")]
