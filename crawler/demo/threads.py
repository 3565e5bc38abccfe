"""The demo market's monthly threads: a flow, in which nothing stays open and nothing closes."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.demo import texts
from crawler.demo.texts import Dice, Employer

FIRST_THREAD_ID = 90_000_000
IDS_PER_THREAD = 1_000
POSTS_PER_THREAD = (24, 32)
LAST_POST_DAY = 5  # days after the thread opens
FRIDAY = 5
# Employers that come back month after month with the same post, and what it hires for.
REGULARS = {
    "Heronsbrook Data (invented)": ("vp_engineering",),
    "Tallowmere Apps (invented)": ("software_engineer",),
    "Gorsefield Bio (invented)": ("cto",),
}
# Share of the posts that offer these roles; the rest hire an engineer.
OFFERS = {
    ("vp_engineering",): 0.06,
    ("cto",): 0.04,
    ("head_of_engineering",): 0.04,
    ("director_engineering",): 0.03,
    ("vp_engineering", "software_engineer"): 0.05,
}
ENGINEERS = ("software_engineer", "sre", "data_engineer", "ml_engineer")
HEADS = (
    "Ash",
    "Birch",
    "Cress",
    "Dew",
    "Elm",
    "Fen",
    "Gale",
    "Haw",
    "Ivy",
    "Juniper",
    "Kelp",
    "Lark",
)
TAILS = ("combe", "dale", "ford", "grove", "hurst", "leigh", "more", "ness", "stead", "wold")
KINDS = ("Labs", "Systems", "Works", "Studio", "Tools")
# How a post that hires engineers may name the VP of Engineering without looking for one.
ASIDES = (
    "I'm the VP of Engineering here, happy to answer questions.",
    "You will report to our VP of Engineering.",
    "The last conversation is with our CTO.",
    "Our former Head of Engineering wrote the first version.",
    "We write short documents and hold few meetings.",
    "We like small pull requests.",
)


@dataclass(frozen=True, slots=True)
class Post:
    post_id: int
    employer: str
    roles: tuple[str, ...]  # what it hires for
    text_html: str
    created_at: datetime
    replies: tuple[str, ...] = ()  # a reply is never a posting


@dataclass(frozen=True, slots=True)
class Thread:
    thread_id: int
    month: str  # 2026-03
    created_at: datetime
    posts: tuple[Post, ...]

    @property
    def title(self) -> str:
        return f"Ask HN: Who is hiring? ({self.created_at:%B %Y})"

    def posts_by(self, at: datetime) -> tuple[Post, ...]:
        return tuple(post for post in self.posts if post.created_at <= at)


def build_threads(plan: Mapping[str, Any], seed: int) -> tuple[Thread, ...]:
    threads = []
    taken: dict[str, None] = {}  # an employer that isn't a regular posts in one month only
    for number, month in enumerate(plan["threads"]["months"]):
        thread_id = FIRST_THREAD_ID + number * IDS_PER_THREAD
        created_at = _first_weekday(month)
        posts = _posts(thread_id, created_at, plan, taken, seed)
        threads.append(Thread(thread_id, month, created_at, tuple(posts)))
    return tuple(threads)


def _first_weekday(month: str) -> datetime:
    day = datetime.fromisoformat(f"{month}-01T15:00:00+00:00")
    while day.isoweekday() > FRIDAY:
        day += timedelta(days=1)
    return day


def _posts(
    thread_id: int,
    opened_at: datetime,
    plan: Mapping[str, Any],
    taken: dict[str, None],
    seed: int,
) -> Iterator[Post]:
    dice = Dice(f"{seed}/thread/{opened_at:%Y-%m}")
    count = dice.between(*POSTS_PER_THREAD)
    writers = [
        *((name, roles, Dice(f"{seed}/regular/{name}")) for name, roles in REGULARS.items()),
        *((name, _roles(dice), dice) for name in _names(dice, count, taken)),
    ]
    for number, (name, roles, own_dice) in enumerate(writers, start=1):
        yield Post(
            post_id=thread_id + number,
            employer=name,
            roles=roles,
            text_html=_text(own_dice, name, roles, plan),
            created_at=opened_at + timedelta(hours=dice.between(0, 24 * LAST_POST_DAY)),
            replies=("Are you still looking for a VP of Engineering?",) if number % 7 == 0 else (),
        )


def _names(dice: Dice, count: int, taken: dict[str, None]) -> list[str]:
    """Return `count` names that nobody has taken, and take them."""
    known = len(taken)
    while len(taken) < known + count:
        stem = dice.pick(HEADS) + dice.pick(TAILS)
        taken[f"{stem} {dice.pick(KINDS)} (invented)"] = None
    return list(taken)[known:]


def _roles(dice: Dice) -> tuple[str, ...]:
    point = dice.random()
    for roles, share in OFFERS.items():
        point -= share
        if point < 0:
            return roles
    return (dice.pick(ENGINEERS),)


def _text(dice: Dice, name: str, roles: tuple[str, ...], plan: Mapping[str, Any]) -> str:
    place = dice.pick(plan["places"]["US"])
    employer = Employer(name, "US", "en", dice.pick(plan["products"]["en"]), "small teams")
    titles = [texts.title(dice, role, "en", place) for role in roles]
    advert = texts.compose(dice, role=roles[0], title=titles[0], employer=employer, place=place)
    where = "REMOTE (US)" if advert.is_remote else "ONSITE"
    header = " | ".join([name, ", ".join(titles), place, where, "Full-time"])
    sentences = dict(advert.paragraphs)
    headings = texts.words()["en"]["headings"]
    lines = [
        header,
        " ".join(sentences[headings["about"]][:1]),
        " ".join(sentences[headings["duties"]]),
        " ".join(sentences[headings["skills"]]),
        *([] if len(roles) > 1 or roles[0] not in ENGINEERS else [dice.pick(ASIDES)]),
        sentences[""][0],
    ]
    return "<p>".join(html.escape(line, quote=False) for line in lines)
