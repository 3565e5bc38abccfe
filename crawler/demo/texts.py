"""Composes the adverts of the demo market from our own sentences (texts.toml)."""

import html
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
TEXTS = Path(__file__).with_name("texts.toml")

FAMILIES = {
    **dict.fromkeys(
        ("vp_engineering", "vp_technology", "cto", "head_of_engineering", "director_engineering"),
        "executive",
    ),
    **dict.fromkeys(("vp_product", "head_of_product", "product_manager"), "product"),
    **dict.fromkeys(("engineering_manager", "tech_lead"), "manager"),
    "other": "business",
}  # every other role: engineer
DEPARTMENTS = {
    "executive": "Engineering",
    "manager": "Engineering",
    "engineer": "Engineering",
    "product": "Product",
    "business": "Business",
}
# Yearly pay in thousands of the currency (man yen in Japan): low of the lowest, low of the highest.
PAY = {
    "executive": {"USD": (220, 320), "GBP": (140, 210), "EUR": (130, 190), "JPY": (1200, 2000)},
    "product": {"USD": (150, 240), "GBP": (80, 140), "EUR": (80, 130), "JPY": (700, 1300)},
    "manager": {"USD": (160, 230), "GBP": (90, 130), "EUR": (85, 125), "JPY": (800, 1200)},
    "engineer": {"USD": (110, 190), "GBP": (55, 100), "EUR": (55, 95), "JPY": (500, 900)},
    "business": {"USD": (60, 120), "GBP": (32, 60), "EUR": (40, 70), "JPY": (380, 650)},
}
CURRENCIES = {"US": "USD", "GB": "GBP", "DE": "EUR", "JP": "JPY"}
SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}
PAY_SPREAD = 1.3
STATED_PAY_SHARE = 0.8  # of adverts
TEAMS = {"executive": (20, 120), "manager": (5, 14)}  # people led
SMALL_TEAM = (4, 9)
REPORTS = {  # where the text finds whom a position reports to
    "executive": "reports_exec",
    "product": "reports_exec",
    "manager": "reports_manager",
    "engineer": "reports_engineer",
}


class Dice(random.Random):
    """Draws that come out the same on every Python version: only `random()` is promised to."""

    def between(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[self.between(0, len(items) - 1)]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Return `count` of the items, in their order."""
        keyed = sorted(range(len(items)), key=lambda _: self.random())[:count]
        return [items[index] for index in sorted(keyed)]


@dataclass(frozen=True, slots=True)
class Pay:
    """Yearly, in whole units of the currency."""

    low: int
    high: int
    currency: str


@dataclass(frozen=True, slots=True)
class Employer:
    name: str
    country_code: str
    language: str
    product: str
    customers: str


@dataclass(frozen=True, slots=True)
class Advert:
    """What a board shows of a posting."""

    title: str
    place: str
    department: str
    paragraphs: tuple[tuple[str, tuple[str, ...]], ...]  # heading, its sentences
    pay: Pay | None
    is_remote: bool
    language: str

    @property
    def description_html(self) -> str:
        parts = []
        for heading, sentences in self.paragraphs:
            if len(sentences) == 1:
                body = f"<p>{html.escape(sentences[0], quote=False)}</p>"
            else:
                items = (f"<li>{html.escape(one, quote=False)}</li>" for one in sentences)
                body = f"<ul>{''.join(items)}</ul>"
            parts.append((f"<h3>{html.escape(heading)}</h3>" if heading else "") + body)
        return "".join(parts)


@cache
def words() -> dict[str, Any]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def family(role: str) -> str:
    return FAMILIES.get(role, "engineer")


def title(dice: Dice, role: str, language: str, place: str) -> str:
    """Return a title that hires for the role and for nothing else."""
    pattern = str(dice.pick(words()[language]["titles"][role]))
    return pattern.format(area=dice.pick(words()["areas"][language]), place=place.partition(",")[0])


@dataclass(frozen=True, slots=True)
class _Voice:
    """Says sentences of one language, its slots filled."""

    dice: Dice
    texts: Mapping[str, Any]
    slots: Mapping[str, object]

    def one(self, key: str) -> str:
        sentence = str(self.dice.pick(self.texts[key])).format(**self.slots)
        return f"{sentence[0].upper()}{sentence[1:]}"

    def some(self, key: str, group: str, count: int) -> list[str]:
        return [
            str(one).format(**self.slots) for one in self.dice.some(self.texts[key][group], count)
        ]


def compose(
    dice: Dice, *, role: str, title: str, employer: Employer, place: str, mode: str | None = None
) -> Advert:
    """
    Return a full advert; the last paragraph says that all of it is invented.

    `mode` is remote, hybrid or onsite; None leaves it to the dice.
    """
    group = family(role)
    pay = _pay(dice, group, CURRENCIES[employer.country_code])
    mode = mode or dice.pick(("remote", "hybrid", "onsite", "onsite"))
    slots = {
        "employer": employer.name,
        "product": employer.product,
        "customers": employer.customers,
        "title": title,
        "place": place,
        "team": dice.between(*TEAMS.get(group, SMALL_TEAM)),
        "low": _money(pay.low, pay.currency),
        "high": _money(pay.high, pay.currency),
        "stack": _stack(dice, group, employer.language),
    }
    states_pay = dice.random() < STATED_PAY_SHARE
    voice = _Voice(dice, words()[employer.language], slots)
    return Advert(
        title=title,
        place=place,
        department=DEPARTMENTS[group],
        paragraphs=tuple(_paragraphs(voice, group, [mode, "pay"] if states_pay else [mode])),
        pay=pay if states_pay else None,
        is_remote=mode == "remote",
        language=employer.language,
    )


def _paragraphs(
    voice: _Voice, group: str, terms: Sequence[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    headings = voice.texts["headings"]
    about = ["about", "intro"]
    about += ["team"] if group in TEAMS else []
    about += [REPORTS[group]] if group in REPORTS else []
    yield headings["about"], tuple(map(voice.one, about))
    yield headings["duties"], tuple(voice.some("duties", group, voice.dice.between(4, 6)))
    skills = voice.some("skills", group, voice.dice.between(3, 4))
    yield headings["skills"], (*skills, voice.one("stack"))
    yield headings["offer"], tuple(map(voice.one, [*terms, "offer", "process"]))
    yield "", (voice.texts["notice"].format(**voice.slots),)


def _pay(dice: Dice, group: str, currency: str) -> Pay:
    unit = 10_000 if currency == "JPY" else 1_000
    step = 50 if currency == "JPY" else 5
    least, most = PAY[group][currency]
    low = least + dice.between(0, (most - least) // step) * step
    high = round(low * PAY_SPREAD / step) * step
    return Pay(low * unit, high * unit, currency)


def _money(amount: int, currency: str) -> str:
    if currency == "JPY":
        return f"{amount // 10_000:,}万円"
    return f"{SIGNS[currency]}{amount:,}"


def _stack(dice: Dice, group: str, language: str) -> str:
    names: list[str] = dice.some(words()["stacks"][group], 3)
    if language == "ja":
        return "、".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
