"""What a board's rows carry, and what happens when it changes overnight (fault 44). All invented."""

import json
from datetime import timedelta

import pytest

from crawler import settings
from crawler.drift import drifts, shape_of
from crawler.items import Posting
from crawler.parsing import counted_keys, parse_rows
from tests.faults import NIGHT, FaultServer, Reply, World, gh_path, row
from warehouse.errors import NotPublishedError
from warehouse.status import field_status, status
from warehouse.store import Drift

ACME = row("greenhouse", "acme")


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "data")


def listing(count, *, title="Engineer {}", **changes):
    """A board of so many postings, each with these keys in place of its own; None is a lost key."""
    job = {
        "content": "<p>x</p>",
        "absolute_url": "https://acme.example/",
        "language": "en",
    } | changes
    kept = {name: value for name, value in job.items() if value is not None}
    jobs = [{"id": n, "title": title.format(n), **kept} for n in range(count)]
    return Reply(body=json.dumps({"jobs": jobs, "meta": {"total": count}}).encode())


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (listing(21), []),
        (listing(21, location={"name": "Tokyo"}), [("key location", 0, 1)]),  # new
        (
            listing(21, absolute_url=None),
            [("field url", 1, 0), ("key absolute_url", 1, 0)],
        ),  # lost
        (listing(21, absolute_url={"href": "x"}), [("field url", 1, 0)]),  # of another type
        (listing(21, title="エンジニア{}"), [("title ja", 0, 1)]),
    ],
)
def test_fault_44_a_changed_format_is_noticed_and_the_postings_kept(world, changed, expected):
    answers = {gh_path("acme"): listing(20)}
    with FaultServer(answers) as host:
        first = world.run([ACME], {"greenhouse": host.base_url})
        answers[gh_path("acme")] = changed
        second = world.run([ACME], {"greenhouse": host.base_url}, night=1)
    assert not any(notice.startswith("drift") for notice in first.notices)
    assert sum(notice.startswith("drift: greenhouse/acme: ") for notice in second.notices) == len(
        expected
    )
    assert world.query("select name, usual_share, share from raw.drifts order by name") == expected
    assert (second.ok, len(world.listed("greenhouse", "acme"))) == (1, 21)
    drifts_by_night = [line[7] for line in status(world.workspace)[1]]
    assert drifts_by_night == [len(expected), 0]


def test_the_status_of_fields_is_by_source(world):
    globex = row("greenhouse", "globex")
    answers = {gh_path("acme"): listing(20), gh_path("globex"): listing(20, language=None)}
    with FaultServer(answers) as host:
        world.run([ACME, globex], {"greenhouse": host.base_url})
        answers[gh_path("acme")] = listing(20, absolute_url=None)
        world.run([ACME, globex], {"greenhouse": host.base_url}, night=1)
    columns, rows = field_status(world.workspace)
    assert columns == ("source", "what", "boards", "share", "drifts", "newest drift")
    found = {line[1]: line[2:] for line in rows}
    night = NIGHT + timedelta(days=1)
    assert found["field title"] == (2, 1, 0, None)
    assert found["field url"] == (1, 0.5, 1, night)
    assert found["key language"] == (1, 0.5, 0, None)
    assert found["key absolute_url"] == (1, 0.5, 1, night)
    assert {line[0] for line in rows} == {"greenhouse"}


def test_no_night_has_no_status(world):
    with pytest.raises(NotPublishedError, match="vpoe nightly"):
        field_status(world.workspace)


def shape(**shares):
    return {"postings": 100, "rows": 100} | {
        name.replace("_", " ", 1): share for name, share in shares.items()
    }


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([], shape(field_url=0), []),  # the first night
        ([shape(field_url=100)], shape(field_url=90), [Drift("field url", 1, 0.9)]),
        ([shape(field_url=100)], shape(field_url=91), []),
        ([shape(field_url=90)], shape(field_url=70), [Drift("field url", 0.9, 0.7)]),
        ([shape(field_url=89)], shape(field_url=0), []),  # no field that it always has
        ([shape()], shape(key_pay=21), [Drift("key pay", 0, 0.21)]),
        ([shape()], shape(key_pay=20), []),
        ([shape(key_pay=21)], shape(), [Drift("key pay", 0.21, 0)]),
        ([shape(key_pay=90)], shape(key_pay=10), []),
        ([shape(title_ja=10)], shape(title_ja=31), [Drift("title ja", 0.1, 0.31)]),
        ([shape(title_ja=10)], shape(title_ja=30), []),
        ([shape(field_url=100)] * 3 + [shape()] * 4, shape(), []),  # the median has moved
        ([{"postings": 9, "field url": 9}], shape(), []),  # too few to speak of shares
        ([shape(field_url=100)], {"postings": 9, "rows": 9}, []),
    ],
)
def test_what_is_a_drift(before, now, expected):
    assert drifts(before, now) == expected


def test_a_shape_counts_fields_keys_and_languages():
    rows = [{"id": 1, "title": "CTO"}, {"id": 2, "title": "VPoE候補", "x": 1}, "no row", {"id": 3}]
    with counted_keys() as keys:
        parse_rows(
            rows, lambda job: Posting(posting_id=str(job["id"]), title=job.get("title", "-"))
        )
    postings = [Posting(posting_id="1", title="CTO"), Posting(posting_id="2", title="VPoE候補")]
    assert shape_of(postings, keys) == {
        "postings": 2,
        "rows": 3,
        "field posting_id": 2,
        "field title": 2,
        "title ja": 1,
        "key id": 3,
        "key title": 2,
        "key x": 1,
    }
    assert shape_of([], {}) == {}


@pytest.mark.parametrize(
    ("dates", "is_stale"),
    [
        ([f"Mon, {day:02} Mar 2026 01:00:00 GMT" for day in range(1, 15)], True),
        ([f"Mon, {day:02} Mar 2026 01:00:00 GMT" for day in range(2, 15)] * 2, False),  # 13 dates
        (["Mon, 02 Mar 2026 01:00:00 GMT"] * 14, False),
        (["soon"] * 14, False),
    ],
)
def test_one_body_for_14_nights_under_new_dates_is_a_stale_cache(world, dates, is_stale):
    answers = {}
    with FaultServer(answers) as host:
        for night, written in enumerate(dates[:14]):
            answers[gh_path("acme")] = Reply(body=listing(3).body, headers={"Date": written})
            report = world.run([ACME], {"greenhouse": host.base_url}, night=night)
            notices = [one for one in report.notices if one.startswith("stale cache?")]
            assert len(notices) == (is_stale and night == settings.STALE_NIGHTS - 1)
    read = world.query("select count(answered_at), count(*) from raw.snapshots")
    assert read == [(0 if dates[0] == "soon" else 14, 14)]
