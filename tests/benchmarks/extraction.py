"""
What reading a posting costs beside spaCy's own tokenizer with a PhraseMatcher of the same terms.

    python -m tests.benchmarks.extraction [--posts 1500] [--shared ../shared]

Process time of one core, cold caches, real texts from shared: Hacker News posts, and Japanese
postings whose lines are numbered on, so that none repeats. The plain path tokenizes every text and
matches every alias of the skills; beside it stand the one pass for the same terms, with what one
path finds and the other doesn't, the skills that their contexts leave of them, and the whole
extraction with roles, mentions, responsibilities, pay, place, terms of work and team on top.
"""

import argparse
import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from pipeline.components import remembered
from pipeline.extraction import Posting
from pipeline.extractor import Extractor
from pipeline.occurrences import begins_word, ends_word
from pipeline.skills import SkillFinder, find_skills
from pipeline.text import fold, to_text, without_addresses
from taxonomy.load import load_skills
from tests.benchmarks import extract_command
from tests.benchmarks.table import Row, markdown, peak_memory

SHARED = Path(__file__).parents[3] / "shared"
CITIES = 20  # that repeat an advertisement
READS_VOCABULARIES = [  # invented
    Posting(title="VPoE", text="VPoE候補を募集します。年収1,000万円 Go"),
    Posting(title="VP of Engineering", text="Remote, $100k, Go and AWS. You report to the CTO."),
]
POSTS_OF_STORE = 12  # times those of a language: two workers take a while to start
LEAST, LEAST_REPEATED, MOST_MEGABYTES = 8, 20, 400


def english(shared: Path, posts: int) -> list[Posting]:
    file = shared / "data/hn_who_is_hiring/posts.parquet"
    rows = duckdb.execute(
        "select distinct text from read_parquet(?) order by hash(text) limit ?", [str(file), posts]
    ).fetchall()
    return [Posting(text=to_text(text or ""), source="hackernews") for (text,) in rows]


def japanese(shared: Path, posts: int) -> list[Posting]:
    texts = [path.read_text() for path in sorted((shared / "data/ja-jd-cc0").glob("*.md"))]
    lines = (shared / "labels/postings_dev.jsonl").read_text().splitlines()
    texts += [row["text"] for row in map(json.loads, lines) if row.get("lang") == "ja"]
    number = count(10_000)
    return [
        Posting(text="\n".join(f"{line} {next(number)}" for line in text.splitlines()))
        for _ in range(max(1, posts // len(texts)))
        for text in texts
    ]


def repeated(postings: Iterable[Posting]) -> list[Posting]:
    """A board whose advertisements are posted city by city, each text a string of its own."""
    return [
        Posting(title=f"Engineering Manager, City {number}", text=posting.text.encode().decode())
        for posting in postings
        for number in range(CITIES)
    ]


class Plain:
    """SpaCy as it comes: its tokenizer and a PhraseMatcher of every alias of the skills."""

    def __init__(self, lang: str) -> None:
        nlp = spacy.blank(lang)
        self.tokenize = nlp.make_doc
        self.matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        aliases = sorted({row.alias for row in load_skills().aliases})
        self.matcher.add("skill", [nlp.make_doc(alias) for alias in aliases])

    def __call__(self, text: str) -> tuple[Doc, list[tuple[int, int, int]]]:
        doc = self.tokenize(text)
        return doc, self.matcher(doc)


def seconds(work: Callable[[str], object], texts: Iterable[str]) -> float:
    """Process time of reading the texts, which have been read by nothing before."""
    fold.cache_clear()
    begun = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - begun


def found_by_one(plain: Plain, finder: SkillFinder, texts: Iterable[str]) -> Counter[str]:
    """Count the occurrences of aliases that both paths find, and the others by the reason."""
    found = Counter[str]()
    for text in texts:
        doc, matches = plain(text)
        folded = without_addresses(fold(text))
        theirs = {(doc[a].idx, doc[b - 1].idx + len(doc[b - 1])) for _, a, b in matches}
        ours = {(start, end) for start, end, _ in finder.occurrences(folded)}
        found["by both"] += len(theirs & ours)
        for span in ours - theirs:
            is_token = doc.char_span(*span) is not None
            found["by ours alone: " + ("written otherwise" if is_token else "in a token")] += 1
        for start, end in theirs - ours:
            is_word = begins_word(folded, start) and ends_word(folded, start, end)
            reason = "other spaces, an address" if is_word else "in a word, a file, a domain"
            found[f"by spaCy alone: {reason}"] += 1
    return found


def _measure(pipe: Connection, lang: str, postings: list[Posting]) -> None:
    """In a process of its own, so that every cache is cold and the peak of memory its own."""
    extractor = Extractor()
    list(extractor.extract_many(READS_VOCABULARIES))
    texts = [posting.text for posting in postings]
    begun = time.process_time()
    for _ in extractor.extract_many(postings):
        pass
    whole = time.process_time() - begun
    peak = peak_memory()
    finder, plain = SkillFinder(load_skills()), Plain(lang)
    terms = remembered(lambda text: finder.candidates(text, without_addresses(fold(text))))
    spent = [seconds(work, texts) for work in (plain, terms, remembered(find_skills))]
    pipe.send([len(texts) / each for each in (*spent, whole)])
    pipe.send((peak, found_by_one(plain, finder, texts)))


def measure_language(name: str, lang: str, postings: list[Posting], bar: float) -> list[Row]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measure, args=(theirs, lang, postings))
    process.start()
    theirs.close()
    (by_spacy, terms, skills, whole), (peak, found) = ours.recv(), ours.recv()
    process.join()
    return [
        Row(f"{name}: the same terms", terms, "posts/CPU-s", by_spacy, bar),
        Row(f"{name}: skills, judged by context", skills, "posts/CPU-s", by_spacy),
        Row(f"{name}: the whole extraction", whole, "posts/CPU-s", by_spacy),
        *(Row(f"{name}: terms found {how}", number, "") for how, number in sorted(found.items())),
        Row(f"{name}: memory", peak, "MiB", None, MOST_MEGABYTES, "at most", is_bar_on_value=True),
    ]


def count_differences(postings: list[Posting]) -> Row:
    """Extractions that differ if spaCy splits every line."""
    fast = Extractor().extract_many(postings)
    every = Extractor(scope="all").extract_many(postings)
    differences = sum(one != other for one, other in zip(fast, every, strict=True))
    name = f"extractions unlike those of scope all, of {len(postings):,}"
    return Row(name, differences, "", None, 0, "at most", is_bar_on_value=True)


def measure(posts: int = 1_500, shared: Path = SHARED) -> list[Row]:
    """No rows where shared isn't there."""
    if not shared.is_dir():
        return []
    english_posts, japanese_posts = english(shared, posts), japanese(shared, posts // 3)
    board = repeated(english_posts[: max(1, posts // CITIES)])
    return [
        *measure_language("English", "en", english_posts, LEAST),
        *measure_language("Japanese", "ja", japanese_posts, LEAST),
        *measure_language(f"each text in {CITIES} cities", "en", board, LEAST_REPEATED),
        *extract_command.measure([one.text for one in english(shared, POSTS_OF_STORE * posts)]),
        count_differences(english_posts[:300] + japanese_posts[:100]),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--posts", type=int, default=1_500)
    parser.add_argument("--shared", type=Path, default=SHARED)
    args = parser.parse_args()
    rows = measure(args.posts, args.shared)
    print(markdown(rows) if rows else f"skipped: {args.shared} isn't there")  # noqa: T201


if __name__ == "__main__":
    main()
