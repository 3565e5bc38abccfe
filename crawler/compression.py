"""
Packed answers: one layer of gzip, under the cap while it unpacks, and whole or not at all.

Scrapy's own middleware hands on what a cut body unpacked to as if it were all of it, and unpacks
layer in layer (method faults 7 to 10).
"""

import zlib

from scrapy.http import Response

from crawler import settings
from crawler.errors import FetchError

GZIP_MAGIC = b"\x1f\x8b"
GZIP = {"gzip", "x-gzip"}


def unpacked(response: Response) -> Response:
    """
    The answer without its packing; the body's first bytes decide, a header may be wrong.

    Raises FetchError: "encoding" for a packing that we didn't ask for, "truncated" for a cut body,
    "too_large" above settings.DOWNLOAD_MAXSIZE.
    """
    if not response.body:
        return response
    header = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
    names = [
        name for part in header.lower().split(",") if (name := part.strip()) not in {"", "identity"}
    ]
    if len(names) > 1 or not GZIP.issuperset(names):
        raise FetchError("encoding", f"{response.url} is packed as {header!r}, not once by gzip")
    if not response.body.startswith(GZIP_MAGIC):
        return response
    body = gunzip(response.url, response.body)
    if body.startswith(GZIP_MAGIC):
        raise FetchError("encoding", f"{response.url} is packed more than once")
    return response.replace(body=body)


def gunzip(url: str, body: bytes) -> bytes:
    parts, size = [], 0
    while body.startswith(GZIP_MAGIC):  # one member after another; what isn't one is padding
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            part = member.decompress(body, settings.DOWNLOAD_MAXSIZE - size + 1)
        except zlib.error as error:
            raise FetchError("encoding", f"{url} is no gzip ({error})") from error
        size += len(part)
        if size > settings.DOWNLOAD_MAXSIZE:
            raise FetchError(
                "too_large", f"{url} unpacks to over {settings.DOWNLOAD_MAXSIZE} bytes"
            )
        if not member.eof:
            raise FetchError("truncated", f"{url} ends within its gzip")
        parts.append(part)
        body = member.unused_data
    return b"".join(parts)
