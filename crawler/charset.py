"""Bytes to text: byte order mark, then header, then the document's own word, then what fits."""

import re

from crawler.errors import FetchError

BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Labels that mean a larger set in the wild (WHATWG Encoding): ①㈱～ come as "Shift_JIS".
ALIASES = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932"}
DETECTED = ("iso2022_jp", "cp932", "euc_jp")  # tried strictly, where the labels don't fit
REPLACED_SHARE_MAX = 0.01  # of the characters that may be undecodable
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,80}encoding=|<meta[^>]{0,200}charset=)\s*["']?([\w.:-]{2,30})""",
    re.IGNORECASE,
)
_HEADER = re.compile(r"charset\s*=\s*\"?([\w.:-]{2,30})", re.IGNORECASE)
_XML_ENCODING = re.compile(r"""^(<\?xml[^>]{0,80}?)\s+encoding=["'][^"']*["']""", re.IGNORECASE)
# An escape that no backslash escapes, of U+0080 and above but for halves of surrogate pairs.
_ESCAPED = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(?!d[89a-f])(00[89a-f][\da-f]|0[1-9a-f][\da-f]{2}|[1-9a-f][\da-f]{3})",
    re.IGNORECASE,
)
HEAD_BYTES = 1024
JAPANESE_KANA = re.compile("[ぁ-ヿ]")


def decode(body: bytes, content_type: str | None = None) -> str:
    """
    Decode a body (method faults 34 to 36). Raises FetchError("encoding") for what no set fits.

    A document's declaration of its encoding is dropped: the text is handed on as UTF-8.
    """
    for bom, encoding in BOMS:
        if body.startswith(bom):
            return _strict(body[len(bom) :], encoding) or _replaced(body, encoding)
    header = _HEADER.search(content_type or "")
    declared = _DECLARED.search(body[:HEAD_BYTES])
    labels = [header[1]] if header else []
    labels += [declared[1].decode("ascii")] if declared else []
    for label in [*labels, "utf-8"]:
        if (text := _strict(body, label)) is not None:
            return _XML_ENCODING.sub(r"\1", text, count=1)
    return _detected(body) or _replaced(body, labels[0] if labels else "utf-8")


def unescaped(text: str) -> str:
    """
    Write out the characters beyond ASCII that JSON has escaped.

    The same JSON, in which a name or number can be recognised before it is kept.
    """
    if "\\u" not in text:
        return text
    return _ESCAPED.sub(lambda found: found[1] + chr(int(found[2], 16)), text)


def _strict(body: bytes, label: str) -> str | None:
    try:
        text = body.decode(ALIASES.get(label.lower(), label))
    except (UnicodeDecodeError, LookupError):
        return None
    if "\x1b" not in text or label.lower() == "iso-2022-jp":
        return text
    is_escaped = "\x1b$" in text or "\x1b(" in text  # ISO-2022-JP is ASCII to every other label
    return None if is_escaped else text


def _detected(body: bytes) -> str | None:
    """The Japanese encodings share byte ranges; the right one has the most kana."""
    found = [text for encoding in DETECTED if (text := _strict_codec(body, encoding)) is not None]
    return max(found, key=lambda text: len(JAPANESE_KANA.findall(text)), default=None)


def _strict_codec(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _replaced(body: bytes, label: str) -> str:
    try:
        text = body.decode(ALIASES.get(label.lower(), label), "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    if text.count("\ufffd") > REPLACED_SHARE_MAX * len(text):
        raise FetchError("encoding", f"no encoding fits: not {label}, UTF-8 or a Japanese one")
    return text
