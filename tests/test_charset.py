"""Bytes to text, whatever they are labelled, and texts that were encoded twice. All invented."""

import json

import pytest

from crawler.charset import decode, unescaped
from crawler.errors import FetchError
from crawler.items import Posting
from crawler.mojibake import is_garbled, mend
from pipeline.roles import read_title
from tests.faults import FaultServer, Reply, World, gh_path, row

TITLE = "開発部長(VPoE候補)を募集しています"
VENDOR = "①㈱～"  # in no strict Shift_JIS
SAID_OTHERWISE = '<meta charset="euc-jp">' + TITLE


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        # 34: declared UTF-8, and isn't
        (TITLE.encode("cp932"), "text/html; charset=utf-8", TITLE),
        (TITLE.encode("euc_jp"), "text/html; charset=utf-8", TITLE),
        (TITLE.encode("iso2022_jp"), "text/html; charset=utf-8", TITLE),
        (TITLE.encode("cp932"), None, TITLE),
        # 35
        (VENDOR.encode("cp932"), "text/html; charset=Shift_JIS", VENDOR),
        # 36: byte order mark, then header, then the document's own word, then what fits
        (b"\xef\xbb\xbf" + TITLE.encode(), "text/html; charset=shift_jis", TITLE),
        (b"\xff\xfe" + TITLE.encode("utf-16-le"), "text/html; charset=utf-8", TITLE),
        (b"\xfe\xff" + TITLE.encode("utf-16-be"), None, TITLE),
        (SAID_OTHERWISE.encode(), "text/html; charset=utf-8", SAID_OTHERWISE),
        (SAID_OTHERWISE.encode("euc_jp"), "text/html; charset=utf-8", SAID_OTHERWISE),
        (SAID_OTHERWISE.encode("euc_jp"), None, SAID_OTHERWISE),
        (TITLE.encode("iso2022_jp"), "text/html; charset=iso-2022-jp", TITLE),
        (b"\xff\xfe\x81\x00\xa0"[2:] * 9, "text/html; charset=no-such-set", None),
        (b"plain", "text/html; charset=no-such-set", "plain"),
    ],
)
def test_faults_34_to_36_bytes_are_read_by_what_they_are(body, content_type, text):
    if text is None:
        with pytest.raises(FetchError, match="no encoding fits"):
            decode(body, content_type)
    else:
        assert decode(body, content_type) == text


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r'"\u63a1\u7528"', '"採用"'),
        (r'"\uFF10"', '"０"'),
        (r'"\u00e9\u0080"', '"é\x80"'),
        (r'"\u0022 \u005c \u000a \u007f"', r'"\u0022 \u005c \u000a \u007f"'),  # JSON's own
        (r'"\\u63a1"', r'"\\u63a1"'),  # a backslash, and u63a1
        (r'"\\\u63a1"', '"\\\\採"'),
        (r'"\ud83d\ude00"', r'"\ud83d\ude00"'),
        (r'"\u63a"', r'"\u63a"'),
    ],
)
def test_escapes_of_json_are_written_out(escaped, text):
    assert unescaped(escaped) == text
    if escaped != r'"\u63a"':
        assert json.loads(unescaped(escaped)) == json.loads(escaped)


def twice(text, wrong="cp1252"):
    """As a system keeps it that read UTF-8 as something else."""
    return text.encode().decode(wrong, "replace")


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (twice("Café manager", "latin-1"), "Café manager"),
        (twice("Head of Engineering – Zürich"), "Head of Engineering – Zürich"),
        (twice("エンジニア採用", "latin-1"), "エンジニア採用"),
        ("Ingénieur à Genève", "Ingénieur à Genève"),
        ("Ärztin, Öffentlicher Dienst", "Ärztin, Öffentlicher Dienst"),
        (TITLE, TITLE),
        ("VP of Engineering", "VP of Engineering"),
    ],
)
def test_fault_37_a_text_that_was_encoded_twice_is_repaired(stored, text):
    posting = Posting(posting_id="1", title=stored, description_html=f"<p>{stored}</p>")
    mended = mend(posting)
    assert (mended.title, mended.description_html) == (text, f"<p>{text}</p>")
    assert (mended is posting) == (stored == text)
    assert not is_garbled(mended)


def test_fault_37_what_cannot_be_undone_is_kept_counted_and_no_role(tmp_path):
    garbled = twice("開発部長、エンジニアリング責任者", "cp1252")
    assert "\ufffd" in garbled
    titles = [twice("Café manager"), garbled, "VP of Engineering"]
    jobs = [{"id": n, "title": title, "content": "<p>x</p>"} for n, title in enumerate(titles)]
    body = json.dumps({"jobs": jobs, "meta": {"total": 3}}).encode()
    world = World(tmp_path)
    with FaultServer({gh_path("acme"): Reply(body=body)}) as host:
        world.run([row("greenhouse", "acme")], {"greenhouse": host.base_url})
    kept = world.query("select title from raw.contents order by title")
    assert kept == [
        ("Café manager",),
        ("VP of Engineering",),
        (mend(Posting(posting_id="1", title=garbled)).title,),
    ]
    ((shape,),) = world.query("select field_counts from raw.snapshots")
    assert {name: count for name, count in json.loads(shape).items() if "text" in name.split()} == {
        "text garbled": 1,
        "text repaired": 1,
    }
    assert read_title(kept[-1][0]).roles in ((), ("other",))
