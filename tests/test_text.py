"""HTML to text, folding, sentences, language. All texts are invented."""

from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import clean, fold, language, sentences, to_text, without_addresses


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>We build <b>kites</b>.</p><p>Join us.</p>", "We build kites.\nJoin us."),
        (
            "&lt;p&gt;R&amp;amp;D &amp;nbsp;team&lt;/p&gt;",
            "R&D team",
        ),  # escaped, as Greenhouse does
        ("&amp;lt;p&amp;gt;twice&amp;lt;/p&amp;gt;", "twice"),
        ("<ul><li><p>lead</p></li><li>hire<br>grow</li></ul>", "- lead\n- hire\ngrow"),
        ("<table><tr><td>Pay</td><td>90k</td></tr></table>", "Pay 90k"),
        ("<script>x = 1</script><style>p {}</style><p>kept</p>", "kept"),
        ("<p>List&lt;String&gt; and 1 < 2 <3</p>", "List<String> and 1 < 2 <3"),
        ("<p>jobs?a=1&copy=2</p>", "jobs?a=1&copy=2"),  # no semicolon, no entity
        ("<!-- note --><p>開発責任者</p>", "開発責任者"),
        ("  plain text,\n\n  a<b & c  ", "  plain text,\n\n  a<b & c  "),  # as it is
        ("VP\u200b of\x00 Engineering", "VP of Engineering"),
        ("safe\u202eevil\ud800", "safeevil"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_to_text(source, text):
    assert to_text(source) == text


def test_deep_html_is_read_whole():
    assert to_text("<div>" * 5000 + "end" + "</div>" * 5000) == "end"


@given(st.text())
def test_clean_is_stable_and_to_text_of_plain_text_is_clean(text):
    assert clean(clean(text)) == clean(text)
    if "<" not in text and "&" not in text:
        assert to_text(text) == clean(text)


@given(st.text())
def test_fold_keeps_the_length(text):
    assert len(fold(text)) == len(text)


@given(st.text(st.one_of(st.characters(), st.sampled_from('İΣς"`‐ー（Ａé'))))
def test_fold_is_that_of_each_character(text):
    assert fold(text) == "".join(map(fold, text))


@pytest.mark.parametrize(
    ("folded", "words"),
    [
        ("see https://acme.test/go, or", "see or"),
        ("(www.acme.test) c", "( ) c"),
        ("mail jo.doe+vp@acme.test\nnow", "mail now"),
        ("go://x @ home, @acme", "go://x @ home, @acme"),
        ("応募はjobs@acme.testへ", "応募は へ"),
    ],
)
def test_without_addresses(folded, words):
    without = without_addresses(folded)
    assert " ".join(without.split()) == words
    assert len(without) == len(folded)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＶＰｏＥ（開発責任者）", "vpoe(開発責任者)"),
        ("VP — Engineering’s", "vp - engineering's"),
        ("㈱\u3000ﾃｯｸ", "㈱ テック"),  # NFKC of ㈱ is three characters, so it stays
        ("İstanbul Straße", "İstanbul straße"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We ship. You lead! Ready?", ["We ship.", "You lead!", "Ready?"]),
        ("Acme Inc. | VP of Engineering | Remote", ["Acme Inc. | VP of Engineering | Remote"]),
        ("Use e.g. Rust 1.5 or Go. Apply.", ["Use e.g. Rust 1.5 or Go.", "Apply."]),
        ("Ask J. Doe. She knows.", ["Ask J. Doe.", "She knows."]),
        ("- lead a team\n- hire", ["- lead a team", "- hire"]),
        (
            "VPoEを募集します。担当は以下！\n・採用",
            ["VPoEを募集します。", "担当は以下！", "・採用"],
        ),
        ("「組織を作る。」と言います。", ["「組織を作る。」", "と言います。"]),
        (" \n\n", []),
    ],
)
def test_sentences(text, parts):
    assert [text[start:end] for start, end in sentences(text)] == parts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We are looking for a VP of Engineering to lead the team.", "en"),
        ("Wir suchen eine Leitung für die Entwicklung und das Team.", "de"),
        ("Nous cherchons un responsable pour notre équipe dans le nord.", "fr"),
        ("Buscamos una persona para nuestro equipo y los proyectos.", "es"),
        ("Procuramos uma pessoa para você liderar os projetos da empresa.", "pt"),
        ("Wij zoeken een collega voor ons team, kom je bij ons werken?", "nl"),
        ("Cerchiamo una persona per il nostro team, con esperienza nella gestione.", "it"),
        ("VPoEを募集します", "ja"),
        ("VPoE候補", "ja"),
        ("開発部長", "ja"),
        ("招聘软件工程师", "zh"),
        ("개발 조직을 이끌 분을 찾습니다", "ko"),
        ("We shipped it ツ and the rest is history for our team", "en"),
        ("Инженер", "und"),
        ("CTO", "und"),
        ("", "und"),
    ],
)
def test_language(text, code):
    assert language(text) == code


def test_real_posts_keep_their_offsets(shared):
    path = shared / "data/hn_who_is_hiring/posts.parquet"
    query = "select text from read_parquet(?) using sample 500 (reservoir, 7)"
    for (text,) in duckdb.execute(query, [str(path)]).fetchall():
        assert len(fold(text)) == len(text)
        spans = sentences(text)
        assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
