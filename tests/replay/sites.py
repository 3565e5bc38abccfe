"""The answers of the replayed systems: a request in, an answer out."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from crawler.demo import shapes
from crawler.demo.server import NOT_FOUND, Request, Response
from tests.replay.data import HackerNews, Listings, Recordings

# Not a 5xx: all boards share the stand-in's host, and a crawler leaves a host that keeps failing.
NOT_READ = Response(403, b"not read on this night", "text/plain; charset=utf-8")


@dataclass
class GreenhouseSite:
    """The Greenhouse boards as they stood on `day`; a night on which one wasn't read fails."""

    listings: Listings
    day: date

    def __call__(self, request: Request) -> Response:
        found = re.search(r"/v1/boards/([^/]+)/jobs$", request.path)
        if not found:
            return NOT_FOUND
        jobs = self.listings.on(found[1], self.day)
        return NOT_READ if jobs is None else Response(200, shapes.greenhouse_board(jobs))


@dataclass
class HackerNewsSite:
    """Algolia's search and items, with the threads that had opened by `now`."""

    posts: HackerNews
    now: datetime

    def __call__(self, request: Request) -> Response:
        opened = {
            month: story
            for month, story in self.posts.stories.items()
            if story.created_at <= self.now
        }
        if request.path.endswith("/search_by_date"):
            page = int(request.query.get("page", "0"))
            size = int(request.query.get("hitsPerPage", shapes.HITS_PER_PAGE))
            stories = list(opened.values())
            return Response(200, shapes.algolia_search(stories, page=page, hits_per_page=size))
        if found := re.search(r"/items/(\d+)$", request.path):
            for month, story in opened.items():
                if story.story_id == int(found[1]):
                    comments = self.posts.comments[month]
                    return Response(200, shapes.algolia_item(story, comments))
        return NOT_FOUND


@dataclass
class RecordedSite:
    """
    The recorded bodies, as they stood on `day`.

    The first segment of a path is the source that the stand-in serves; the rest is the recorded
    address, with or without its host.
    """

    recordings: Recordings
    day: date

    def __call__(self, request: Request) -> Response:
        address = request.path.lstrip("/").partition("/")[2]
        recording = self.recordings.at(address, request.query.get("page"), self.day)
        if recording is None:
            return NOT_FOUND
        return Response(recording.status, recording.body(), recording.content_type)
