"""
A 64-bit fingerprint of a text, for telling a repost from another opening.

Simhash (Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002) over the
distinct words of Latin text and the distinct character pairs of Japanese: near-copies differ in few
bits. similarity = 1 - differing bits / 64.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

import numpy as np

BITS = 64
FEATURE = re.compile(r"[a-z0-9][a-z0-9+#.]*|[^\W\d_a-z]{2}")


@lru_cache(maxsize=200_000)
def _bits_of_feature(feature: str) -> bytes:
    return hashlib.blake2b(feature.encode(), digest_size=BITS // 8).digest()


def fingerprint(text: str) -> str | None:
    """Fingerprint as 16 hex digits; None for a text without words."""
    features = set(FEATURE.findall(unicodedata.normalize("NFKC", text).lower()))
    if not features:
        return None
    digests = b"".join(map(_bits_of_feature, sorted(features)))
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8)).reshape(len(features), BITS)
    majority = bits.sum(axis=0) * 2 > len(features)
    return np.packbits(majority).tobytes().hex()


def similarity(one: str, other: str) -> float:
    """Share of equal bits, 0 to 1; unrelated texts lie near 0.5."""
    return 1 - (int(one, 16) ^ int(other, 16)).bit_count() / BITS
