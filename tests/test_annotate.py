"""Anyone's own file: formats, encodings, missing fields, lines that can't be read."""

import io
import json

import pytest

from pipeline.annotate import InputError, annotate, open_lines

FIELDS = [
    "id",
    "roles",
    "is_grade",
    "is_candidate",
    "hires_for",
    "mentions",
    "skills",
    "responsibilities",
    "salary",
    "location",
    "is_remote",
    "employment_type",
    "reports_to",
    "team_size",
    "spans",
]


def annotated(data):
    data = data if isinstance(data, bytes) else data.encode()
    return list(annotate(*open_lines(io.BytesIO(data))))


def jsonl(*rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_a_whole_posting_has_every_field_with_its_spans():
    text = (
        "You will report to the CTO and lead our 45-person engineering team.\n- Python and Go; hire "
        "managers\nFull-time, remote anywhere in the United States\n$250,000–$295,000 base"
    )
    row = {"id": "p1", "title": "VP of Engineering", "text": text, "employer": "A", "source": "s"}
    [record] = annotated(jsonl(row))
    assert list(record) == FIELDS
    assert record["salary"] == {"min": 250000, "max": 295000, "currency": "USD", "period": "year"}
    assert isinstance(record["salary"]["min"], int)
    assert record["mentions"] == [
        {"start": 23, "end": 26, "text": "CTO", "role_id": "cto", "kind": "reports_to"}
    ]
    assert record["skills"][:2] == ["Python", "Go"]
    assert record["reports_to"] == ["cto"]
    assert record["team_size"] == [45, 45]
    assert (record["location"], record["is_remote"]) == ("United States", True)
    for name, spans in record["spans"].items():
        assert spans, name
        for span in spans:
            source = row[span["field"]]
            assert source[span["start"] : span["end"]] == span["text"]
    assert record["spans"]["skills"][0]["skill_id"] == "python"
    assert json.loads(json.dumps(record)) == record


def test_any_field_may_be_missing():
    records = annotated(
        jsonl({"title": "VPoE"}, {"text": "Acme | CTO | Berlin"}, {"id": 7}, {"title": None})
    )
    assert [record["id"] for record in records] == [1, 2, 7, 4]
    assert [record["roles"] for record in records] == [["vp_engineering"], [], [], []]
    assert [record["hires_for"] for record in records] == [["vp_engineering"], ["cto"], [], []]
    assert records[2]["salary"] is None
    assert records[2]["team_size"] is None


def test_unknown_fields_are_ignored():
    [record] = annotated(jsonl({"title": "VPoE", "location": "Mars", "salary": 5}))
    assert (record["location"], record["salary"]) == (None, None)


@pytest.mark.parametrize(
    ("line", "item_id", "error"),
    [
        (b'{"id": "x", "title": 5}', "x", "title is a number, not a string"),
        (b'{"id": "x", "text": ["a"]}', "x", "text is an array, not a string"),
        (b'{"id": {}, "title": "CTO"}', 2, "id is an object, not a string or a number"),
        (b'{"id": true, "title": "CTO"}', 2, "id is a boolean, not a string or a number"),
        (b"[1]", 2, "not a JSON object but an array"),
        (b'"CTO"', 2, "not a JSON object but a string"),
        (b"null", 2, "not a JSON object but null"),
        (b"{title: CTO}", 2, "not JSON: "),
        (b'{"title": "\xff"}', 2, "not UTF-8"),
        (b"[" * 100_000, 2, "not JSON: "),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_is_read(line, item_id, error):
    first, bad, last = annotated(b'{"title": "VPoE"}\n' + line + b'\n{"title": "CTO"}\n')
    assert (first["roles"], last["roles"]) == (["vp_engineering"], ["cto"])
    assert list(bad) == ["id", "error"]
    assert bad["id"] == item_id
    assert bad["error"].startswith(error)


def test_a_bad_first_line_does_not_make_it_csv():
    bad, good = annotated('oops\n{"title": "CTO"}\n')
    assert (bad["id"], good["roles"]) == (1, ["cto"])


@pytest.mark.parametrize(
    "data",
    [
        "id,title\na,開発部長\nb,VPoE\n".encode(),
        "id,title\r\na,開発部長\r\nb,VPoE\r\n".encode("cp932"),
        "\ufeffid,Title\r\na,開発部長\r\nb,VPoE\r\n".encode(),
        "\ufeff\n\nid;title;note\na;開発部長;x\nb;VPoE;y\n".encode(),
        'id,note,title\na,"line one\nline two",開発部長\nb,,VPoE\n'.encode(),
        "\ufeff".encode()
        + jsonl({"id": "a", "title": "開発部長"}, {"id": "b", "title": "VPoE"}).encode(),
        jsonl({"id": "a", "title": "開発部長"}, {"id": "b", "title": "VPoE"})
        .replace("\n", "\r\n\r\n")
        .encode(),
        jsonl({"id": "a", "title": "開発部長"}, {"id": "b", "title": "VPoE"}).strip().encode(),
    ],
)
def test_formats_and_encodings(data):
    records = annotated(data)
    assert [(one["id"], one["roles"]) for one in records] == [
        ("a", ["director_engineering"]),
        ("b", ["vp_engineering"]),
    ]


def test_csv_rows_may_be_ragged_and_have_no_id():
    records = annotated("title,employer\nVPoE\nCTO,Acme,more\n\nVPoP,\n")
    assert [one["roles"] for one in records] == [["vp_engineering"], ["cto"], ["vp_product"]]
    assert [one["id"] for one in records] == [2, 3, 5]


@pytest.mark.parametrize("data", ["", "\n \n", "\ufeff", "title\n"])
def test_empty_input(data):
    assert annotated(data) == []


def test_a_csv_without_titles_is_refused():
    with pytest.raises(InputError, match="no column 'title' in the header 'name,place'"):
        annotated("name,place\na,b\n")


def test_a_csv_in_no_known_encoding_is_refused():
    with pytest.raises(InputError, match="neither UTF-8 nor cp932"):
        annotated(b"title\n\x81\n")


def test_lone_surrogates_keep_their_offsets():
    [record] = annotated('{"text": "\\ud800 | VP Engineering | Oslo", "id": "\\udfff"}\n')
    assert record["id"] == "\ufffd"
    assert record["mentions"][0]["start"] == 4
    json.dumps(record, ensure_ascii=False).encode()


def test_order_over_many_lines_and_processes():
    rows = [{"id": n, "title": "VPoE" if n % 2 else "CTO"} for n in range(600)]
    lines = jsonl(*rows[:300]) + "oops\n" + jsonl(*rows[300:])
    records = list(annotate(*open_lines(io.BytesIO(lines.encode())), workers=2))
    assert [one["id"] for one in records] == [*range(300), 301, *range(300, 600)]
    assert "error" in records[300]
    assert records[599]["roles"] == ["cto"]
