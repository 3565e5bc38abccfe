"""Values as sources write them: dates, pay, broken JSON, rows. Near misses stand beside the hits."""

import gzip
from datetime import date

import pytest

from crawler.errors import ListingFormatError, WallError
from crawler.items import Posting
from crawler.job_posting import pay_of, place_of, posting_of_ad
from crawler.jsonld_blocks import is_job_posting, job_postings, load_block, walk
from crawler.parsing import (
    UNPACKED_MAX,
    RowError,
    date_of,
    epoch_date,
    join_texts,
    load_json,
    number_of,
    parse_rows,
    parse_xml,
    pay_text,
    text_of,
    unpack,
)
from crawler.spiders.hackernews import employer_of, header_of, thread_month
from crawler.spiders.jsonld import is_build_stamp, is_job_page


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-01", "2026-10-01"),
        ("2026-10-01T23:30:00-08:00", "2026-10-01"),  # the day as written, in its zone
        ("2026-10-01T00:10:00.000Z", "2026-10-01"),
        ("2026-10-01 09:00:00", "2026-10-01"),
        ("2026/10/1", "2026-10-01"),
        ("2026.10.01", "2026-10-01"),
        ("2026年10月1日", "2026-10-01"),
        ("２０２６／１０／０１", "2026-10-01"),
        ("令和8年10月1日", "2026-10-01"),
        ("令和元年5月1日", "2019-05-01"),
        ("Ｒ８．１０．１", "2026-10-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("昭和64年1月7日", None),  # 1989, before anything here was posted
        ("令和0年1月1日", None),
        ("2026年13月1日", None),
        ("2026-02-30", None),
        ("2/30", None),
        ("10/11/26", None),
        ("20261301", None),
        ("20261001", None),
        ("1970-01-01", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31", None),
        ("3 days ago", None),
        ("本日", None),
        ("30+ days", None),
        ("2026-10-012", None),
        ("", None),
        (None, None),
        (1785000000, None),
        ({"date": "2026-10-01"}, None),
    ],
)
def test_date_of(text, day):
    assert date_of(text) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("stamp", "per_second", "day"),
    [
        (1767225599000, 1000, "2025-12-31"),  # a second before midnight UTC
        (1767225600000, 1000, "2026-01-01"),
        ("1767225600000", 1000, "2026-01-01"),
        (1767225600, 1, "2026-01-01"),
        (1767225600, 1000, None),  # seconds where milliseconds are stated: January 1970
        (0, 1, None),
        (-1, 1, None),
        (10**30, 1, None),
        (float("nan"), 1, None),
        (True, 1, None),
        ("yesterday", 1, None),
        (None, 1, None),
    ],
)
def test_epoch_date(stamp, per_second, day):
    found = epoch_date(stamp, per_second=per_second)
    assert found == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((6000000, 9000000, "JPY", "YEAR"), "JPY 6000000-9000000 YEAR"),
        (("6,000,000", "9000000", "JPY", "YEAR"), "JPY 6000000-9000000 YEAR"),
        ((25.5, 40, "USD", "HOUR"), "USD 25.5-40 HOUR"),
        ((200000, None, "USD", "YEAR"), "USD 200000- YEAR"),
        ((None, 1300000, "JPY", "MONTH"), "JPY -1300000 MONTH"),
        ((85000, 85000, "EUR", None), "EUR 85000"),
        ((50000, 60000, None, None), "50000-60000"),
        ((None, None, "USD", "YEAR"), None),
        ((float("nan"), float("inf"), "USD", "YEAR"), None),
        (("competitive", "great", "USD", "YEAR"), None),
    ],
)
def test_pay_text(parts, text):
    assert pay_text(*parts) == text


@pytest.mark.parametrize(
    ("pay", "text"),
    [
        ({"currency": "JPY", "value": {"minValue": 6000000, "maxValue": 9000000, "unitText": "YEAR"}}, "JPY 6000000-9000000 YEAR"),
        ({"currency": "JPY", "value": {"value": 1500, "unitText": "HOUR"}}, "JPY 1500 HOUR"),
        ({"currency": "EUR", "value": 85000}, "EUR 85000"),
        ({"currency": "EUR", "value": "85000", "unitText": "YEAR"}, "EUR 85000 YEAR"),
        ({"currency": "USD", "minValue": 1, "maxValue": 2, "unitText": "HOUR"}, "USD 1-2 HOUR"),
        ("年収600万円〜900万円", "年収600万円〜900万円"),
        ({"currency": "JPY", "value": "応相談"}, "応相談"),
        ({"currency": "JPY"}, None),
        (None, None),
        ({}, None),
    ],
)  # fmt: skip
def test_pay_of_json_ld(pay, text):
    assert pay_of(pay) == text


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({"address": {"addressLocality": "千代田区", "addressRegion": "東京都", "addressCountry": "日本"}}, "千代田区, 東京都, 日本"),
        ({"address": {"addressCountry": {"@type": "Country", "name": "DE"}}}, "DE"),
        ({"address": {"streetAddress": "東京都千代田区"}}, "東京都千代田区"),
        ({"address": "Hamburg"}, "Hamburg"),
        ({"name": "Tokyo office"}, "Tokyo office"),
        ("Remote", "Remote"),
        ({}, None),
        (None, None),
        (["Kyoto"], None),
    ],
)  # fmt: skip
def test_place_of_json_ld(place, text):
    assert place_of(place) == text


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'{"a": NaN, "b": -Infinity}', {"a": None, "b": None}),
        (b'{"a": "raw\nnewline\tand tab"}', {"a": "raw\nnewline\tand tab"}),
        (rb'{"a": "\[email]"}', {"a": "[email]"}),
        (rb'{"a": "C:\\[x\]"}', {"a": "C:\\[x]"}),
        (rb'{"a": "\ud83d half, \ud83d\ude00 whole"}', {"a": " half, \N{GRINNING FACE} whole"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_load_json_forgives_characters(body, value):
    assert load_json("greenhouse", body) == value


@pytest.mark.parametrize(
    "body",
    [b"", b"<html></html>", b'{"a": 1', b'{"a": 1,}', b"[" * 100_000, b'{"a": ' + b"9" * 5000],
)
def test_load_json_refuses_the_rest(body):
    with pytest.raises(ListingFormatError, match=r"^greenhouse: the body isn't JSON"):
        load_json("greenhouse", body)


@pytest.mark.parametrize(
    ("page", "is_wall"),
    [
        ("<title>Just a moment...</title>", True),
        ("<title>Attention Required! | Cloudflare</title>", True),
        ("<title>ログイン | 採用管理</title>", True),
        ("<script>window._cf_chl_opt = {}</script>", True),
        ("<title>Jobs at Example</title><script src='/recaptcha/api.js'></script>", False),
        ("<title>Technologist in Blogging</title>", False),
        ("<title>Our catalog in print: editor</title>", False),
        ("<title>Log in to Example Careers</title>", True),
    ],
)
def test_walls_are_told_from_pages(page, is_wall):
    with pytest.raises(WallError if is_wall else ListingFormatError):
        load_json("lever", page.encode())


def test_unpack_is_bounded():
    packed = gzip.compress(b"<urlset/>")
    assert unpack("jsonld", packed) == b"<urlset/>"
    assert unpack("jsonld", b"<urlset/>") == b"<urlset/>"
    bomb = gzip.compress(b"\0" * (UNPACKED_MAX + 1))
    for body in (bomb, packed[:-5], packed[:12] + b"\xff" * 9, b"\x1f\x8b"):
        with pytest.raises(ListingFormatError, match="gzip"):
            unpack("jsonld", body)


def test_parse_xml_refuses_document_types():
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    outside = b'<!DOCTYPE a SYSTEM "https://example.com/a.dtd"><a/>'
    for body in (bomb, outside, bomb.decode().encode("utf-16"), b"<a>", b""):
        with pytest.raises(ListingFormatError):
            parse_xml("personio", body)
    assert parse_xml("personio", b"<a><b>1</b></a>").findtext("b") == "1"


def test_parse_rows_keeps_counts_and_reasons():
    def to_posting(row):
        if row["id"] == 2:
            return None
        if row["id"] == 3:
            raise RowError("no title")
        return Posting(posting_id=str(row["id"]), title=row["title"])

    rows = [{"id": 1, "title": "x" * 301}, {"id": 2}, {"id": 3}, [], {"id": 4, "title": "😀"}]
    postings, invalid = parse_rows(rows, to_posting)
    assert [(posting.posting_id, len(posting.title)) for posting in postings] == [
        ("1", 300),
        ("4", 1),
    ]
    assert [(bad.posting_id, bad.reason) for bad in invalid] == [
        ("1", "title of 301 characters cut to 300"),
        ("3", "no title"),
        (None, "the row is list, not an object"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(" a ", "a"), (7, "7"), (10**40, "1" + "0" * 40), ("", None), (" ", None), (True, None), (1.5, None), ([], None)],
)  # fmt: skip
def test_text_of(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [("1,200", 1200), (3, 3), ("x", None), (False, None), (10**400, None), ("inf", None)],
)
def test_number_of(value, number):
    assert number_of(value) == number


def test_join_texts_keeps_each_once_in_order():
    assert join_texts(["b", None, " a", "b", {}, 3]) == "b; a; 3"
    assert join_texts([None, ""]) is None


@pytest.mark.parametrize(
    "block",
    [
        '{"@type": "JobPosting", "title": "A",}',
        '//<![CDATA[\n{"@type": "JobPosting", "title": "A"}\n//]]>',
        '/*<![CDATA[*/ {"@type": "JobPosting", "title": "A"} /*]]>*/',
        '<!-- {"@type": "JobPosting", "title": "A"} -->',
        '{"@type": "JobPosting", /* // */ "title": "A" // end\n}',
        '{"@type": "JobPosting"\n "title": "A"}',
        '{"@type": "JobPosting", "title": "A"};',
        "{&quot;@type&quot;: &quot;JobPosting&quot;, &quot;title&quot;: &quot;A&quot;}",
    ],
)
def test_load_block_repairs(block):
    assert load_block(block) == {"@type": "JobPosting", "title": "A"}


def test_repair_leaves_strings_alone():
    block = (
        '{"url": "https://example.com/a,}", "title": "/* not a comment */ \\"x\\" // nor this",}'
    )
    assert load_block(block) == {
        "url": "https://example.com/a,}",
        "title": '/* not a comment */ "x" // nor this',
    }


@pytest.mark.parametrize("block", ["", "{", '{"a": ' * 100_000, '{"title": "cut', '"' * 50_001])
def test_load_block_gives_up(block):
    with pytest.raises((ValueError, RecursionError)):
        load_block(block)


@pytest.mark.parametrize(
    ("kind", "is_one"),
    [
        ("JobPosting", True),
        ("http://schema.org/JobPosting", True),
        ("schema:JobPosting", True),
        (["Thing", "JobPosting"], True),
        ("JobPostingBoard", False),
        (["Organization"], False),
        (None, False),
        ({"@id": "JobPosting"}, False),
    ],
)
def test_is_job_posting(kind, is_one):
    assert is_job_posting(kind) is is_one


def test_walk_finds_every_ad_once_and_in_order():
    ad = {"@type": "JobPosting", "title": "a", "nested": {"@type": "JobPosting", "title": "inner"}}
    graph = {
        "@graph": [{"mainEntity": ad}, [{"itemListElement": [{"item": {**ad, "title": "b"}}]}]]
    }
    assert [found["title"] for found in walk(graph)] == ["a", "b"]
    with pytest.raises(ValueError, match="nodes"):
        list(walk([0] * 100_001))


def test_an_unreadable_block_costs_only_itself():
    page = (
        '<script type="application/ld+json">{"@type": "JobPosting", "title": "cut</script>'
        '<script type="application/ld+json; charset=utf-8">{"@type": "JobPosting", "title": "A"}</script>'
        '<script type="application/ld+json">{"@type": "Organization", broken</script>'
    )
    assert job_postings(page) == ([{"@type": "JobPosting", "title": "A"}], 1)


def test_identifier_never_is_the_employers_name():
    ad = {"title": "A", "identifier": {"@type": "PropertyValue", "name": "Example KK"}}
    with pytest.raises(RowError):
        posting_of_ad(ad)
    assert (
        posting_of_ad({**ad, "url": "https://example.com/1"}).posting_id == "https://example.com/1"
    )


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/jobs/101", True),
        ("/jobs/1230.html", True),
        ("/recruit/engineer/vpoe.html", True),
        ("/saiyo/123/", True),
        ("/en/open-positions/4711-vp", True),
        ("/careers/?id=7", False),
        ("/jobs/", False),
        ("/jobs", False),
        ("/jobs/search", False),
        ("/blog/jobs/how-we-hire", False),
        ("/about", False),
        ("/jobsite", False),
    ],
)
def test_is_job_page(path, is_one):
    assert is_job_page(f"https://careers.example.com{path}") is is_one


@pytest.mark.parametrize(
    ("lastmods", "is_one"),
    [
        (["2026-09-01T00:00:01Z"] * 20, True),
        ([f"2026-09-01T{hour:02}:00:00Z" for hour in range(24)], True),
        (["2026-09-01"] * 19, False),
        (["2026-09-01"] * 20 + ["2026-08-31"], False),
        ([None] * 30, True),  # no stamp at all: nothing to trust either
    ],
)
def test_is_build_stamp(lastmods, is_one):
    assert is_build_stamp(lastmods) is is_one


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("Ask HN: Who is hiring? (June 2015)", "2015-06"),
        ("Ask HN: Who Is Hiring? (November 2012) ", "2012-11"),
        ("Ask HN: Who is Hiring? (April 2011)", "2011-04"),
        ("Ask HN: Who wants to be hired? (June 2015)", None),
        ("Ask HN: Freelancer? Seeking freelancer? (June 2015)", None),
        ("Show HN: Who is hiring refugees? (June 2015)", None),
        ("Ask HN: Who is hiring? (Smarch 2015)", None),
        ("Ask HN: Who is hiring?", None),
        (None, None),
    ],
)
def test_thread_month(title, month):
    assert thread_month(title) == month


@pytest.mark.parametrize(
    ("html", "header", "employer"),
    [
        ("Acme | CTO &amp; VP | Berlin<p>Text", "Acme | CTO & VP | Berlin", "Acme"),
        ("<p>Acme (https:&#x2F;&#x2F;acme.example) | CTO</p><p>x</p>", "Acme (https://acme.example) | CTO", "Acme"),
        ("Acme (YC S12) | CTO", "Acme (YC S12) | CTO", "Acme (YC S12)"),
        ("<p></p><i>Acme</i>\nSecond line", "Acme", None),
        ("Acme is hiring in Berlin<p>a | b", "Acme is hiring in Berlin", None),
        (" | CTO", "| CTO", None),
        ("Senior Engineer | Acme | Berlin", "Senior Engineer | Acme | Berlin", None),
        ("Denver, CO | Acme | Engineer", "Denver, CO | Acme | Engineer", None),
        ("REMOTE | Acme", "REMOTE | Acme", None),
        ("Acme, Inc. | Engineer", "Acme, Inc. | Engineer", "Acme, Inc."),
        ("Leadfeeder | Engineer", "Leadfeeder | Engineer", "Leadfeeder"),
        ("<p> </p>", "", None),
    ],
)  # fmt: skip
def test_header_of_a_comment(html, header, employer):
    assert header_of(html) == header
    assert employer_of(header) == employer
