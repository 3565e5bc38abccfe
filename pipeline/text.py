"""
HTML to text, folding, sentences, language: the text that every mention's offsets refer to.

`to_text` decides the text once; everything after it works on that string by offset, so nothing
here changes a string's length except `to_text` and `clean`.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

MAX_UNESCAPES = 3  # boards send entity-escaped HTML, some escape it twice
LANGUAGE_SAMPLE = 2000  # characters

# Zero-width and bidi marks, tags, soft hyphens, C0 and C1 controls but tab and newline, surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BLOCKS = (
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre section table tr ul"
)
_INLINE = (
    "a abbr b body br button caption center cite code col colgroup del em font head html i iframe "
    "img input ins kbd label legend link mark meta noscript option q s script select small span "
    "strike strong style sub sup svg tbody td template textarea tfoot th thead title tt u var video"
)
_NAMES = "|".join(f"{_BLOCKS} {_INLINE}".split())
_TAG = re.compile(rf"<(?:/?(?:{_NAMES})(?:\s[^<>]*)?/?>|!--|!doctype\b)", re.IGNORECASE)
_NOT_TAG = re.compile(rf"(?!{_TAG.pattern})<", re.IGNORECASE)
_UNREAD = "script, style, template, noscript, iframe, head, svg"


def clean(text: str) -> str:
    """Return the text without characters that nobody sees (method fault 48)."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", text)


def to_text(source: str) -> str:
    """
    Return the plain text of HTML, escaped up to three times over; plain text comes back as it is.

    Block elements become lines and list items lines that begin with "- ". A "<" that opens no HTML
    tag ("<3", "List<String>") is text.
    """
    for _ in range(MAX_UNESCAPES):
        unescaped = _ENTITY.sub(lambda match: html.unescape(match.group()), source)
        if unescaped == source:
            break
        source = unescaped
    source = clean(source)
    if not _TAG.search(source):
        return source
    escaped = _NOT_TAG.sub("&lt;", source.replace("&", "&amp;"))
    tree = LexborHTMLParser(re.sub(r"\s+", " ", escaped))
    for node in tree.css(_UNREAD):
        node.decompose()
    for node in tree.css("li"):
        if node.first_child:
            node.first_child.insert_before("- ")
    for node in tree.css(_BLOCKS.replace(" ", ", ") + ", br"):
        node.insert_before("\n")
        node.insert_after("\n")
    for node in tree.css("td, th"):
        node.insert_after(" ")
    return _tidy(tree.body.text() if tree.body else "")


def _tidy(text: str) -> str:
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" ?\n[ \n]*", "\n", text)
    return re.sub(r"^-\n", "- ", text, flags=re.MULTILINE).strip()


# A dash or quote of any script reads as "-" or "'"; a character that NFKC or case folding would
# make longer stays, so that an offset in the folded text is an offset in the text.
_QUOTES = '‘’‚‛“”„‟′‵″`´＇＂"'


class _Folding(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if unicodedata.category(character) == "Pd" or character == "−":
        return "-"
    if character in _QUOTES:
        return "'"
    normal = unicodedata.normalize("NFKC", character)
    normal = normal if len(normal) == 1 else character
    lower = normal.casefold()
    return lower if len(lower) == 1 else normal


_FOLDING = _Folding()
# Lower case is folded already in ASCII, kana and Han, but for the two quotes.
_TO_FOLD = re.compile("[^\x00-\x7f、。々ぁ-ゖァ-ヿ㐀-䶿一-鿿]+")


@lru_cache(maxsize=64)  # every extractor folds the same text
def fold(text: str) -> str:
    """Return the text in the form that matching reads, as long as the text itself."""
    folded = text.lower()
    if len(folded) != len(text):  # of İ
        return text.translate(_FOLDING)
    if not folded.isascii():
        folded = _TO_FOLD.sub(lambda match: match.group().translate(_FOLDING), folded)
    return folded.replace('"', "'").replace("`", "'")


_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()]+|[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,64}")
_IN_ADDRESS = re.compile(r"://|@|www\.")


def without_addresses(folded: str) -> str:
    """Return the text with spaces for URLs and e-mail addresses, as long as before."""
    parts = []
    read = 0
    while sign := _IN_ADDRESS.search(folded, read):
        start = folded.rfind(" ", read, sign.start()) + 1 or read
        end = folded.find(" ", sign.end())
        end = len(folded) if end < 0 else end
        words = _ADDRESS.sub(lambda match: " " * len(match.group()), folded[start:end])
        parts += [folded[read:start], words]
        read = end
    return "".join([*parts, folded[read:]]) if parts else folded


_ABBREVIATIONS = (
    "inc ltd co corp llc e.g i.e eg ie vs mr mrs ms dr st jr sr no approx dept eng dir v.p u.s u.k "
    "ph.d b.s m.s b.sc m.sc exec asst assoc mgr incl min max est fig al"
)
_STOP = re.compile(r"[。！？]+[」』）)\"”’']*|[.!?]+[)\"”’']*(?=\s)")
_WORD_BEFORE = re.compile(r"[\w.]*$")
_STARTS_SENTENCE = re.compile(r"\s+[\"“‘'(\[•*-]*[^\W_a-z]")


def sentences(text: str) -> list[tuple[int, int]]:
    """
    Return (start, end) of each sentence, in order, without the white space around it.

    A line break always ends one. A line "Acme | VP of Engineering | Berlin" is one sentence.
    """
    return [
        (start, end)
        for line in re.finditer(r"[^\n]+", text)
        for start, end in _line_sentences(text, line.start(), line.end())
    ]


def _line_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _STOP.finditer(text, start, end):
        if _ends_sentence(text, stop, end):
            yield from _trimmed(text, start, stop.end())
            start = stop.end()
    yield from _trimmed(text, start, end)


def _ends_sentence(text: str, stop: re.Match[str], end: int) -> bool:
    if stop.group()[0] in "。！？":
        return True
    if not _STARTS_SENTENCE.match(text, stop.end(), end):
        return False
    found = _WORD_BEFORE.search(text, max(0, stop.start() - 20), stop.start())
    word = found.group().lower() if found else ""
    is_initial = len(word) == 1 and word.isalpha() and word != "i"
    return stop.group()[0] != "." or not (word in _ABBREVIATIONS.split() or is_initial)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


_STOP_WORDS = {
    "en": "the and of to for with you our we are is in this will your have be on as at or",
    "de": "der die das und für mit wir sie ist von ein eine zu den auf du als im dich nicht werden",
    "fr": "le la les des et vous nous une pour dans est sur avec au aux du votre notre de sont un",
    "es": "el la los las y de en con para una por que del nuestro eres como su se tu un",
    "pt": "o os as e de em com para uma por que do da você nosso não são um dos na no",
    "nl": "de het een en van je voor met wij op ons zijn bij als jij naar aan dat wordt onze",
    "it": "il lo gli di e per con una che del della nostro sono nel alla un dei come si delle",
}
_STOP_LANGUAGES: dict[str, list[str]] = {}
for _code, _words in _STOP_WORDS.items():
    for _word in _words.split():
        _STOP_LANGUAGES.setdefault(_word, []).append(_code)

_KANA = re.compile(r"[ぁ-ゖァ-ヺｦ-ﾝ]")
_HAN = re.compile(r"[々〇㐀-\u9fff豈-\ufaff]")
_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
_LATIN = re.compile(r"[a-zà-öø-ÿāăąćčďęěğıłńňőœřśšşťůűźżž]+")
SHORT_HAN = 30  # Japanese of more Han characters than this has kana in it


def language(text: str) -> str:
    """
    Return the ISO 639-1 code of the text: en, de, fr, es, pt, nl, it, ja, zh, ko, or "und".

    A few kana in a Latin text ("ツ") don't make it Japanese. Han without kana is Chinese, unless
    it is short and in characters that only Japanese writes so ("VPoE候補", "開発部長").
    """
    sample = text[:LANGUAGE_SAMPLE]
    if not sample.isascii():
        kana, han, hangul = (len(p.findall(sample)) for p in (_KANA, _HAN, _HANGUL))
        latin_words = len(_LATIN.findall(fold(sample)))
        if (kana + han) > max(1, latin_words // 2) and kana + han > hangul:
            return "ja" if kana or _is_japanese_han(sample) else "zh"
        if hangul > latin_words // 2:
            return "ko"
    return _latin_language(sample)


def _is_japanese_han(sample: str) -> bool:
    han = "".join(_HAN.findall(sample))
    return len(han) <= SHORT_HAN and _encodes(han, "cp932") and not _encodes(han, "gb2312")


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _latin_language(sample: str) -> str:
    words = _LATIN.findall(sample.lower())
    # Of ASCII letters all are in words.
    if not sample.isascii() and sum(map(len, words)) * 2 < sum(map(str.isalpha, sample)):
        return "und"
    votes = dict.fromkeys(_STOP_WORDS, 0)
    uses = Counter(words)
    for word in uses.keys() & _STOP_LANGUAGES.keys():
        for code in _STOP_LANGUAGES[word]:
            votes[code] += uses[word]
    (best, most), (_, second) = sorted(votes.items(), key=lambda vote: -vote[1])[:2]
    return best if most > second else "und"
