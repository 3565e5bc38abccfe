"""The bodies that the real systems would send, written from plain facts."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

HITS_PER_PAGE = 20
THREAD_AUTHOR = "whoishiring"
LANGUAGE_OF_PAGE = "en"


@dataclass(frozen=True, slots=True)
class PayRange:
    low: int
    high: int
    currency: str  # yearly pay


@dataclass(frozen=True, slots=True)
class Job:
    """A posting before a system has put it into its own shape. Stamps are ISO 8601."""

    job_id: str
    title: str
    description_html: str
    place: str | None
    published_at: str | None
    updated_at: str | None
    url: str
    employer: str | None = None
    department: str | None = None
    country_code: str | None = None
    language: str | None = None
    requisition_id: str | None = None
    pay: PayRange | None = None
    is_remote: bool = False
    is_prospect: bool = False  # asks for applicants in general


@dataclass(frozen=True, slots=True)
class Comment:
    comment_id: int
    text_html: str | None  # None: deleted
    created_at: datetime
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    story_id: int
    title: str
    created_at: datetime
    comments: int = 0


def greenhouse_board(jobs: Iterable[Job]) -> bytes:
    rows = [
        {
            "id": int(job.job_id),
            "internal_job_id": None if job.is_prospect else int(job.job_id) + 1,
            "title": job.title,
            "updated_at": job.updated_at,
            "first_published": job.published_at,
            "requisition_id": job.requisition_id,
            "location": {"name": job.place},
            "absolute_url": job.url,
            "company_name": job.employer,
            "metadata": [],
            "departments": [{"id": 1, "name": job.department}] if job.department else [],
            "offices": [],
            "content": html.escape(job.description_html),
            "language": job.language,
        }
        for job in jobs
    ]
    return orjson.dumps({"jobs": rows, "meta": {"total": len(rows)}})


def lever_board(jobs: Iterable[Job]) -> bytes:
    return orjson.dumps(
        [
            {
                "id": job.job_id,
                "text": job.title,
                "categories": {
                    "team": job.department,
                    "commitment": "Full-time",
                    "location": job.place,
                    "allLocations": [job.place],
                },
                "country": job.country_code,
                "workplaceType": "remote" if job.is_remote else "unspecified",
                "createdAt": _milliseconds(job.published_at),
                "updatedAt": _milliseconds(job.updated_at),
                "hostedUrl": job.url,
                "applyUrl": f"{job.url}/apply",
                "description": job.description_html,
                "lists": [],
                **_lever_pay(job.pay),
            }
            for job in jobs
        ]
    )


def _lever_pay(pay: PayRange | None) -> dict[str, Any]:
    if pay is None:
        return {}
    return {
        "salaryRange": {
            "min": pay.low,
            "max": pay.high,
            "currency": pay.currency,
            "interval": "per-year-salary",
        }
    }


def ashby_board(jobs: Iterable[Job]) -> bytes:
    rows: list[dict[str, Any]] = [
        {
            "id": job.job_id,
            "title": job.title,
            "department": job.department,
            "team": job.department,
            "location": job.place,
            "secondaryLocations": [],
            "publishedAt": job.published_at,
            "isRemote": job.is_remote,
            "employmentType": "FullTime",
            "isListed": True,
            "jobUrl": job.url,
            "applyUrl": f"{job.url}/application",
            "descriptionHtml": job.description_html,
            "compensation": {"summaryComponents": _ashby_pay(job.pay)},
        }
        for job in jobs
    ]
    return orjson.dumps({"apiVersion": 1, "jobs": rows})


def _ashby_pay(pay: PayRange | None) -> list[dict[str, Any]]:
    if pay is None:
        return []
    return [
        {
            "compensationType": "Salary",
            "interval": "1 YEAR",
            "currencyCode": pay.currency,
            "minValue": pay.low,
            "maxValue": pay.high,
        }
    ]


def sitemap(pages: Iterable[tuple[str, str]]) -> bytes:
    """Return the sitemap of (address, last change)."""
    urls = "".join(
        f"<url><loc>{html.escape(url)}</loc><lastmod>{lastmod}</lastmod></url>"
        for url, lastmod in pages
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'
    ).encode()


def jsonld_page(job: Job) -> bytes:
    posting: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": job.title,
        "description": job.description_html,
        "identifier": {"@type": "PropertyValue", "name": job.employer, "value": job.job_id},
        "datePosted": job.published_at,
        "employmentType": "正社員" if job.language == "ja" else "FULL_TIME",
        "hiringOrganization": {"@type": "Organization", "name": job.employer},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": (job.place or "").removesuffix(f", {job.country_code}"),
                "addressCountry": job.country_code,
            },
        },
        "url": job.url,
    }
    if job.is_remote:
        posting["jobLocationType"] = "TELECOMMUTE"
    if job.pay:
        posting["baseSalary"] = {
            "@type": "MonetaryAmount",
            "currency": job.pay.currency,
            "value": {
                "@type": "QuantitativeValue",
                "minValue": job.pay.low,
                "maxValue": job.pay.high,
                "unitText": "YEAR",
            },
        }
    title, data = html.escape(job.title), orjson.dumps(posting).decode().replace("</", "<\\/")
    return (
        f'<!doctype html><html lang="{job.language or LANGUAGE_OF_PAGE}"><head>'
        f'<meta charset="utf-8"><title>{title}</title>'
        f'<script type="application/ld+json">{data}</script></head>'
        f"<body><h1>{title}</h1>{job.description_html}</body></html>"
    ).encode()


def algolia_search(stories: Sequence[Story], *, page: int, hits_per_page: int) -> bytes:
    """Return one page of `search_by_date`: the newest story first."""
    newest = sorted(stories, key=lambda story: story.created_at, reverse=True)
    shown = newest[page * hits_per_page : (page + 1) * hits_per_page]
    hits = [
        {
            "created_at": _stamp(story.created_at),
            "created_at_i": int(story.created_at.timestamp()),
            "title": story.title,
            "url": None,
            "author": THREAD_AUTHOR,
            "num_comments": story.comments,
            "_tags": ["story", f"author_{THREAD_AUTHOR}", f"story_{story.story_id}", "ask_hn"],
            "objectID": str(story.story_id),
        }
        for story in shown
    ]
    return orjson.dumps(
        {
            "hits": hits,
            "nbHits": len(stories),
            "page": page,
            "nbPages": -(-len(stories) // hits_per_page),
            "hitsPerPage": hits_per_page,
        }
    )


def algolia_item(story: Story, comments: Iterable[Comment]) -> bytes:
    """Return a whole thread, as `items/{id}` does; replies are children of their comments."""
    children = [_comment(comment, story.story_id) for comment in comments]
    return orjson.dumps(
        {
            "id": story.story_id,
            "created_at": _stamp(story.created_at),
            "created_at_i": int(story.created_at.timestamp()),
            "type": "story",
            "author": THREAD_AUTHOR,
            "title": story.title,
            "url": None,
            "text": "Please state the location.",
            "parent_id": None,
            "story_id": story.story_id,
            "children": children,
        }
    )


def _comment(comment: Comment, story_id: int) -> dict[str, Any]:
    replies = [
        Comment(comment.comment_id * 100 + number, text, comment.created_at)
        for number, text in enumerate(comment.replies)
    ]
    return {
        "id": comment.comment_id,
        "created_at": _stamp(comment.created_at),
        "created_at_i": int(comment.created_at.timestamp()),
        "type": "comment",
        "author": None,
        "title": None,
        "url": None,
        "text": comment.text_html,
        "parent_id": story_id,
        "story_id": story_id,
        "children": [_comment(reply, story_id) for reply in replies],
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _milliseconds(stamp: str | None) -> int | None:
    return int(datetime.fromisoformat(stamp).timestamp() * 1000) if stamp else None
