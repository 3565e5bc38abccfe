from crawler.errors import ListingFormatError
from crawler.items import Index, Listing, Posting, PostingRef, UnitRef
from crawler.parsing import (
    Row,
    RowError,
    dict_of,
    epoch_date,
    load_json,
    parse_refs,
    require_list,
    require_text,
    text_of,
)
from crawler.spiders.base import BoardSpider
from crawler.spiders.hackernews import thread_month, to_posting

NEWEST = 9  # of the account's stories: three a month, now and then one more


def parse_index(body: bytes) -> Index:
    """
    Parse the account, whose newest stories are looked at next, or one of these stories.

    Raises ListingFormatError for anything else.
    """
    data = dict_of(load_json("hackernews_firebase", body))
    if "title" not in data:
        stories = require_list("hackernews_firebase", data, "submitted")
        ids = [story for story in map(text_of, stories[:NEWEST]) if story]
        return Index(index_urls=tuple(f"../item/{story}.json" for story in ids))
    month, story = thread_month(data["title"]), text_of(data.get("id"))
    unit = UnitRef(board=month, url=f"{story}.json") if month and story else None
    return Index(units=(unit,) if unit else ())


def parse_listing(body: bytes) -> Listing:
    """
    Parse one thread: a reference for each top-level comment.

    Raises ListingFormatError if it is another story, or has comments but doesn't name them.
    """
    thread = dict_of(load_json("hackernews_firebase", body))
    if thread_month(thread.get("title")) is None:
        raise ListingFormatError(
            f"hackernews_firebase: {thread.get('title')!r} is no monthly hiring thread"
        )
    if "kids" not in thread and thread.get("descendants") == 0:
        return Listing(declared_total=0)
    kids = require_list("hackernews_firebase", thread, "kids")
    refs, invalid = parse_refs([{"id": kid} for kid in kids], to_ref)
    return Listing(refs=refs, invalid=invalid)


def to_ref(kid: Row) -> PostingRef:
    comment_id = require_text(kid, "id")
    return PostingRef(posting_id=comment_id, url=f"{comment_id}.json")


def parse_detail(body: bytes, ref: PostingRef) -> Posting | None:
    """Parse one comment; None if it was deleted. Raises ListingFormatError if it has no text."""
    comment = dict_of(load_json("hackernews_firebase", body))
    if not comment or comment.get("deleted") is True or comment.get("dead") is True:
        return None
    day = epoch_date(comment.get("time"))
    try:
        return to_posting({**comment, "created_at": day and day.isoformat()})
    except RowError as error:
        raise ListingFormatError(f"hackernews_firebase: {ref.url}: {error}") from error


class HackerNewsFirebaseSpider(BoardSpider):
    """
    Publisher
      Hacker News, the monthly thread "Ask HN: Who is hiring?", through its own API on Firebase
    Listing documentation
      https://github.com/HackerNews/API
    Terms
      "There is currently no rate limit" (documentation of the API)
    Robots
      Read at run time for hacker-news.firebaseio.com; not read ahead
    Posted date means
      the day the comment was written, in UTC; the month of a posting is its thread's
    Closes after
      never: a thread is a flow, nothing in it is active
    Caveats
      Off by default, because the same threads come by hackernews in one answer each; this needs a
      request for each comment. For when that search is down. Only the newest threads are found.
    Checked date
      2026-11-26 (documentation and recorded answers; no live request)
    """

    name = "hackernews_firebase"
    kind = "flow"
    off_reason = "the same threads come by hackernews; read one of the two"
    index_url = "https://hacker-news.firebaseio.com/v0/user/{board}.json"
    parse_index = staticmethod(parse_index)
    parse_listing = staticmethod(parse_listing)
    parse_detail = staticmethod(parse_detail)
