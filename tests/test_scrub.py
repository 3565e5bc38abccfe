"""Contacts go, everything that only looks like one stays. All names, numbers and texts invented."""

import html
import json

import pytest

from crawler.scrub import scrub

REMOVED = [
    # e-mail
    ("mail jo.doe+jobs@acme.example.com now", "mail [email] now"),
    ("<a href='mailto:jo@acme.example'>us</a>", "<a href='mailto:[email]'>us</a>"),
    ("jo&#64;acme.example", "[email]"),
    ("jo&#x40;acme.example", "[email]"),
    ("jo&amp;#64;acme.example", "[email]"),
    ("jo&amp;amp;#x40;acme.example", "[email]"),
    ("jo&commat;acme.example", "[email]"),
    (r"jo\u0040acme.example", "[email]"),
    ("mailto:jo%40acme.example", "mailto:[email]"),
    ("jo＠acme.example", "[email]"),
    ("jo (at) acme (dot) example", "[email]"),
    ("jo [at] acme.example", "[email]"),
    ("jo at acme dot example", "[email]"),
    ("jo AT acme DOT co DOT jp", "[email]"),
    ("jo@acme dot example", "[email]"),
    ("jo（at）acme.example", "[email]"),
    # telephone numbers
    ("+1 (415) 555-2671", "[phone]"),
    ("+14155552671", "[phone]"),
    ("+44 20 7946 0958", "[phone]"),
    ("+81-90-1234-5678", "[phone]"),
    ("+81 (0)3-1234-5678", "[phone]"),
    ("＋81-3-1234-5678", "[phone]"),
    ("(415) 555-2671", "[phone]"),
    ("415-555-2671", "[phone]"),
    ("415.555.2671", "[phone]"),
    ("1-800-555-0199", "[phone]"),
    ("03-1234-5678", "[phone]"),
    ("090-1234-5678", "[phone]"),
    ("0120-123-456", "[phone]"),
    ("03(1234)5678", "[phone]"),
    ("０３－１２３４－５６７８", "[phone]"),
    ("電話：0312345678", "電話：[phone]"),
    ("TEL: 03-1234-5678まで", "TEL: [phone]まで"),
    ("Phone 4155552671", "Phone [phone]"),
    # people
    ("Recruiter: Jane Example", "Recruiter: [contact]"),
    ("Contact person: J. R. Example", "Contact person: [contact]"),
    ("<b>Recruiter:</b> Jane Example", "<b>Recruiter:</b> [contact]"),
    ("採用担当：山田太郎", "採用担当：[contact]"),
    ("担当者: 佐藤 花子", "担当者: [contact]"),
]
KEPT = [
    "4000001234567",  # an id
    '"id":1712345678901',
    "1700000000 and 1700000000000",  # seconds, milliseconds
    "550e8400-e29b-41d4-a716-446655440000",
    "12345678-0123-4567-8901-123456789012",  # a UUID of digits alone
    "2026-10-01T09:30:00+09:00",
    "2026-10-01 2026/10/01 01-10-2026 2026年10月1日",
    "2020-2024, 2015-2016",
    "https://boards.example.com/acme/jobs/4155552671?gh_jid=4155552671",
    "https://jobs.example.com/0312345678/03-1234-5678/apply",
    "$120,000 - $150,000 and $120.000-150.000",
    "年収1,000万〜1,500万円、月給 300,000円",
    "10000000-15000000 JPY",
    "1,000,000,000+ users, +100 people, +30%",
    "10.15.200.1 and 192.168.100.200",
    "v1.2.3-20260101, ISO 27001, RFC 9309, 3.1415926535",
    "#004488 #0f0f0f rgba(0, 120, 255, 0.5)",
    "follow @acme, npm i @scope/package, meet @ 5pm",
    "C++ / C# @ scale",
    "look at the dot com boom",
    "we meet at acme.example every week",
    "3 days at home. Dot the i's.",
    "Recruiter: we are hiring one",
    "Contact: Engineering",
    "R-2026-0001234 JR0012345678",
    "〒150-0002 東京都渋谷区渋谷1-2-3",
    "9:00-18:00, 10-19時",
]


@pytest.mark.parametrize(("text", "scrubbed"), REMOVED)
def test_contacts_are_masked(text: str, scrubbed: str) -> None:
    assert scrub(text) == scrubbed


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_a_contact_stays(text: str) -> None:
    assert scrub(text) == text


@pytest.mark.parametrize("text", [before for before, _ in REMOVED])
def test_nothing_is_left_to_remove(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)


def test_json_stays_json() -> None:
    body = {"id": 4155552671, "content": html.escape("<p>jo@acme.example 03-1234-5678</p>")}
    scrubbed = json.loads(scrub(json.dumps(body)))
    assert scrubbed == {"id": 4155552671, "content": "&lt;p&gt;[email] [phone]&lt;/p&gt;"}


@pytest.mark.parametrize("filler", ["a" * 200_000, "1" * 200_000, "a@" * 100_000, "1-" * 100_000])
def test_hostile_text_stays_and_does_not_hang(filler: str) -> None:
    """A pattern that tried every pair of characters would take minutes for these."""
    assert scrub(filler) == filler
