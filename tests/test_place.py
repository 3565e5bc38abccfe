"""Location strings and the place of work in a text, with near misses."""

import pytest

from pipeline.place import country_code, find_location, places

LOCATIONS = [
    ("Tokyo, Japan", "JP"),
    ("東京都品川区", "JP"),
    ("大阪府大阪市北区梅田1-2-3", "JP"),
    ("フルリモート（全国）", "JP"),
    ("ホーチミン（ベトナム）", "VN"),
    ("Remote - US", "US"),
    ("Remote US", "US"),
    ("United States (Remote)", "US"),
    ("San Francisco, CA", "US"),
    ("San Francisco, CA, US; Remote, US", "US"),
    ("Bastrop, TX", "US"),
    ("London", "GB"),
    ("London, England, United Kingdom", "GB"),
    ("London, Ontario, Canada", "CA"),
    ("Toronto, ON", "CA"),
    ("Toronto, ON, CA", "CA"),
    ("Toronto, CA", "CA"),
    ("Vancouver, Washington, United States", "US"),
    ("New York, New York, United States", "US"),
    ("Berlin, DE", "DE"),
    ("Dover, DE", "US"),
    ("Bangalore, IN", "IN"),
    ("Gary, IN", "US"),
    ("Perth, WA", "AU"),
    ("Paris, TX", "US"),
    ("Paris, Paris, France", "FR"),
    ("Atlanta, Georgia", "US"),
    ("Tbilisi, Georgia", "GE"),
    ("Tokyo or Osaka", "JP"),
    ("Maryland; Virginia; Washington, D.C.", "US"),
    # Several countries, regions, and what names no place.
    ("Georgia", None),
    ("San Francisco, Seattle, NYC, Remote in the US, Toronto", None),
    ("Cologne, Germany; London, England, United Kingdom", None),
    ("Mountain View, CA / Remote (Continental US + Canada Only)", None),
    ("London or Remote Europe", None),
    ("EMEA", None),
    ("Remote", None),
    ("Hybrid", None),
    ("", None),
    ("join us in may", None),
    ("Statistician Network", None),
]


@pytest.mark.parametrize(("location", "code"), LOCATIONS)
def test_country_of_a_location(location, code):
    assert country_code(location) == code


def test_places_come_with_their_qualifiers():
    text = "Toronto, Ontario, Canada; Springfield, IL or 東京都千代田区大手町（本社）"
    assert [text[one.start : one.end] for one in places(text)] == [
        "Toronto, Ontario, Canada",
        "Springfield, IL",
        "東京都千代田区大手町",
    ]


TEXTS = [
    ("Acme | VP of Engineering | Berlin, Germany | ONSITE", "Berlin, Germany", "DE"),
    ("Acme | NYC, SF, REMOTE | Engineers", "NYC, SF", "US"),
    ("Acme | London or Berlin | Engineers", "London or Berlin", None),
    ("Acme | CTO | REMOTE (US only)\n\nOur customers are in London and Paris.", "US", "US"),
    ("Acme - VP Eng - New York, NY - Full Time", "New York, NY", "US"),
    ("We bill owners in Canada, Japan, and Germany.\n\n- Remote within the EU", "EU", None),
    ("Our office is in Bristol, UK, a short walk from the station.", "Bristol, UK", "GB"),
    ("Hybrid: three days a week in our Manchester office", "Manchester", "GB"),
    ("The role can be based in Spain, Portugal or Italy.", "Spain, Portugal or Italy", None),
    ("Our vibrant offices in Amsterdam, Paris and Lisbon await.", None, None),
    ("Founded in Paris by two friends from Berlin.", None, None),
    ("You will work with customers in Europe and London.", None, None),
    ("Location: Vilnius, Lithuania", "Vilnius, Lithuania", "LT"),
    ("Location: Smallville\nPay: good", "Smallville", None),
    ("Location: Remote", None, None),
    ("勤務地：東京都品川区（天王洲アイル駅 徒歩5分）", "東京都品川区", "JP"),
    ("勤務地：全国（本社：京都府京都市）、フルリモート勤務", "京都府京都市", "JP"),
    ("勤務地は東京都千代田区ですが、フルリモートです。", "東京都千代田区", "JP"),
    ("勤務地\n福岡県福岡市博多区", "福岡県福岡市博多区", "JP"),
    ("・香港・ニューヨークの開発者とのコードレビュー", None, None),
    ("正社員／東京都渋谷区（週2日出社）", "東京都渋谷区", "JP"),
]


@pytest.mark.parametrize(("text", "location", "code"), TEXTS)
def test_place_of_work(text, location, code):
    found = find_location(text)
    if location is None:
        assert found is None
    else:
        assert (found.span.text, found.country_code) == (location, code)
        assert text[found.span.start : found.span.end] == location
