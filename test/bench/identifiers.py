"""The ids of Lakeside."""

from __future__ import annotations

import secrets
import time

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid() -> str:
    """A new id."""
    number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def made_at(identifier: str) -> float:
    """When an id was made, in seconds since 1970."""
    number = 0
    for letter in identifier[:10]:
        number = number * 32 + CROCKFORD.index(letter)
    return number / 1000
