"""
Contacts are removed before anything is stored (method 4): no e-mail address, no telephone number,
no recruiter's name reaches the store, a kept body, or a report.

Masks hold no character that JSON, XML or HTML would read, so that a whole body can be scrubbed
before it is parsed. Ids, UUIDs, dates, addresses on the web and pay are left alone.
"""

import re

import re2

EMAIL, PHONE, CONTACT = "[email]", "[phone]", "[contact]"
LONG_DIGITS = range(8, 16)  # of a number with its country code; E.164 allows 15
JAPANESE_DIGITS = range(10, 12)
LABEL_CHARS = 14  # before a number, in which "TEL:" may stand

_HOST = r"[A-Za-z0-9-]{1,63}"
_AT = r"(?:@|＠|&(?:amp;){0,2}(?:#0*64|#[xX]0*40|commat);|\\u0040|%40)"  # escaped up to three times
_SPELLED_DOT = r"(?:\s{0,2}[(\[{]\s?dot\s?[)\]}]\s{0,2}|\sdot\s)"
_DOT = rf"(?:\.|．|{_SPELLED_DOT})"
_BRACKETED_AT = r"\s{0,2}[(（\[{]\s?(?:at|@|＠|アット(?:マーク)?)\s?[)）\]}]\s{0,2}"
_PLAIN_AT = r"\sat\s(?!(?:the|an?|our|my|your|this)\s)"  # "at the dot com boom" is no address
# Searched for by its first character, which is ten times faster than by an optional white space.
_AT_HOST = re.compile(rf"{_AT}\s?{_HOST}(?:{_DOT}{_HOST}){{1,5}}")
_AT_HINTS = ("@", "＠", "64;", "40;", "commat;", "\\u0040", "%40")
_SPELLED_HOST = re.compile(
    rf"(?:{_BRACKETED_AT}{_HOST}(?:{_DOT}{_HOST}){{1,5}}|{_PLAIN_AT}{_HOST}(?:{_SPELLED_DOT}{_HOST}){{1,5}})",
    re.IGNORECASE,
)
# In lower case. Apart, since one character beyond ASCII makes a search three times slower.
_SPELLED_HINT = re.compile(r"[(\[{]\s?(?:at|@|dot)")
_WIDE_SPELLED_HINT = re.compile(r"[(（\[{]\s?(?:at|[@＠]|dot)|アット")
_BEFORE_AT = re.compile(r"[\w.%+'-]{1,64}$")

_D = "[0-9０-９]"
_DASHES = "-‐‑–—−－ー"
_CANDIDATE = re.compile(rf"{_D}(?:[{_DASHES}.\s()（）/]{{0,3}}{_D}){{8,16}}")
# The same of ASCII alone, by an automaton that is five times as fast.
_ASCII_DIGITS = rb"[0-9](?:[-.\t-\r\x1c-\x1f ()/]{0,3}[0-9]){8,16}"
_ASCII_CANDIDATE = re2.compile(_ASCII_DIGITS)
_BEFORE_CANDIDATE = re.compile(r"(?:[+＋(（]|\\u002[bB]|&#43;)\Z")
_INTERNATIONAL = re.compile(rf"(?:\+|＋|\\u002[bB]|&#43;){_D}(?:[{_DASHES}.\s()（）/]{{0,3}}{_D})+")
_NORTH_AMERICAN = re.compile(
    r"(?<![\w./=%+-])(?:1[-. ])?(?:\(\d{3}\)[-. ]{0,2}|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])"
)
_JAPANESE = re.compile(
    rf"(?<![\w./=%+-])[(（]?[0０]{_D}{{1,4}}[{_DASHES}()（） ]{{1,2}}{_D}{{1,4}}"
    rf"[{_DASHES})） ]{{1,2}}{_D}{{3,4}}(?![\w-])"
)
_LABEL = re.compile(
    r"(?:\btel|\bphone|\bmobile|\bcell|\bfax|電話(?:番号)?|携帯|ＴＥＬ|ＦＡＸ)\s?[.:：]?\s?$",
    re.IGNORECASE,
)

_PERSON = re.compile(
    r"((?:\b(?i:recruiter|hiring contact|contact person|contact|talent partner)"
    r"|採用担当者?|人事担当者?|連絡先|担当者?)\s?[:：]\s{0,2}(?:<[^<>]{1,40}>\s?){0,2})"
    r"((?:[A-Z][\w'’-]{0,20}[ .]{1,2}){1,3}[A-Z][\w'’-]{1,20}"
    r"|[一-鿿々ァ-ヶー]{1,6}[ 　]?[一-鿿々ぁ-ゖァ-ヶー]{1,6})"
)
_PERSON_HINTS = (
    "ecruiter",
    "ontact:",
    "ontact person",
    "iring contact",
    "artner:",
    "担当",
    "連絡先",
)


# Without one of these an ASCII text holds no contact: nearly all do without. An at-sign alone is
# none: JSON-LD and style sheets are full of them.
_ASCII_HINT = re2.compile(
    _ASCII_DIGITS
    + rb"|(?:@|64;|40;|commat;|\\u0040|%40)[\t-\r\x1c-\x1f ]?[A-Za-z0-9-]{1,63}[\t-\r\x1c-\x1f .(\[{]"
    rb"|[(\[{][\t-\r\x1c-\x1f ]?(?:[aA][tT]|[dD][oO][tT])| [dD][oO][tT] "
    rb"|ecruiter|ontact:|ontact person|iring contact|artner:"
)


def scrub(text: str) -> str:
    """Return the text with contacts masked."""
    if text.isascii() and not _ASCII_HINT.search(text.encode()):
        return text
    if any(map(text.__contains__, _AT_HINTS)):
        text = _mask_addresses(text, _AT_HOST)
    lower = text.lower()
    hint = _SPELLED_HINT if lower.isascii() else _WIDE_SPELLED_HINT
    if " dot " in lower or hint.search(lower):
        text = _mask_addresses(text, _SPELLED_HOST)
    text = _mask_numbers(text)
    if any(map(text.__contains__, _PERSON_HINTS)):
        text = _PERSON.sub(rf"\1{CONTACT}", text)
    return text


def _mask_addresses(text: str, host: re.Pattern[str]) -> str:
    """Mask from the at-sign outwards: looking for names first would try every word."""
    kept, end = [], 0
    for found in host.finditer(text):
        start = found.start()
        if host is _AT_HOST and text[max(0, start - 1) : start].isspace():
            start -= 1
        name = _BEFORE_AT.search(text, max(end, start - 64), start)
        if name:
            kept += [text[end : name.start()], EMAIL]
            end = found.end()
    return "".join([*kept, text[end:]]) if kept else text


def _mask_numbers(text: str) -> str:
    kept, end = [], 0
    candidates = _CANDIDATE.finditer(text)
    if text.isascii():
        candidates = _ASCII_CANDIDATE.finditer(text.encode())
    for found in candidates:
        sign = _BEFORE_CANDIDATE.search(text, max(end, found.start() - 6), found.start())
        start = sign.start() if sign else found.start()
        masked = _mask_candidate(text, start, found.end())
        if masked != text[start : found.end()]:
            kept += [text[end:start], masked]
            end = found.end()
    return "".join([*kept, text[end:]]) if kept else text


def _mask_candidate(text: str, start: int, end: int) -> str:
    """Mask the telephone numbers in a run of digits and what stands between digits."""
    before, run = text[max(0, start - LABEL_CHARS) : start], text[start:end]
    if _LABEL.search(before):
        return PHONE
    run = _INTERNATIONAL.sub(lambda one: _if_digits(one[0], LONG_DIGITS), run)
    if before[-1:].isalnum() or before[-1:] in {".", "/", "=", "%", "-", "_"}:
        return run  # the rest of an id, an address, a date
    following = text[end : end + 1]
    if following.isalnum() or following == "-":
        return run
    run = _NORTH_AMERICAN.sub(PHONE, run)
    return _JAPANESE.sub(lambda one: _if_digits(one[0], JAPANESE_DIGITS), run)


def _if_digits(number: str, allowed: range) -> str:
    return PHONE if sum(map(str.isdecimal, number)) in allowed else number
