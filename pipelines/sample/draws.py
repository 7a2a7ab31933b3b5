"""Seeded randomness and the shapes of ids.

Every draw comes from a generator of its own purpose (and mostly of its own account or day), so that a
change in one part of the company does not move the numbers of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_INSTANCE = "5f"

T = TypeVar("T")


class Purpose(IntEnum):
    """What a generator is for; the numbers are part of what makes files reproducible."""

    COMPANY = 1
    ACCOUNT = 2
    TEAM = 3
    STAFF = 4
    IDENTITY = 5
    USAGE = 6
    TRAITS = 7
    CRM_ACCOUNT = 8
    CRM_CONTACT = 9
    CRM_OPPORTUNITY = 10
    CRM_ACTIVITY = 11
    CRM_ID = 12
    SEATS = 13
    CONTRACT = 14
    DISPUTE = 20


def draw(seed: int, purpose: Purpose, *keys: int) -> np.random.Generator:
    """The generator of one purpose, account, day..."""
    return np.random.default_rng([seed, int(purpose), *keys])


def pick(rng: np.random.Generator, options: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """One of `options`; unlike `Generator.choice` it keeps the option's Python type."""
    if weights is None:
        return options[int(rng.integers(len(options)))]
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    at = int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))
    return options[min(at, len(options) - 1)]


def between(rng: np.random.Generator, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included; `low` when the range is empty."""
    return int(rng.integers(low, high + 1)) if high > low else low


def token(rng: np.random.Generator, length: int, alphabet: str = BASE62) -> str:
    """A random id of `length` characters."""
    return "".join(alphabet[int(i)] for i in rng.integers(len(alphabet), size=length))


def uuid4(rng: np.random.Generator) -> str:
    """A random UUID."""
    text = rng.bytes(16).hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def hex_bytes(rng: np.random.Generator, rows: int) -> NDArray[np.uint8]:
    """`rows` random UUIDs as a matrix of 36 ASCII bytes."""
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    raw = np.frombuffer(rng.bytes(16 * rows), dtype=np.uint8).reshape(rows, 16)
    out = np.empty((rows, 36), dtype=np.uint8)
    at = 0
    for byte in range(16):
        if byte in (4, 6, 8, 10):
            out[:, at] = ord("-")
            at += 1
        out[:, at] = digits[raw[:, byte] >> 4]
        out[:, at + 1] = digits[raw[:, byte] & 15]
        at += 2
    out[:, 14] = ord("4")
    out[:, 19] = ord("a")
    return out


def salesforce_suffix(id15: str) -> str:
    """The three characters that make a case-sensitive 15-character id safe to compare without case."""
    return "".join(
        _CHECKSUM[sum(1 << bit for bit, char in enumerate(id15[at : at + 5]) if char.isupper())] for at in (0, 5, 10)
    )


def salesforce_id(prefix: str, serial: int) -> str:
    """The 18-character id of the `serial`-th record of an object; distinct serials give distinct ids."""
    number = (serial * 7_368_787 + 55_000_013) % 62**5  # the factor is prime and no divisor of 62
    tail = ""
    for _ in range(5):
        number, digit = divmod(number, 62)
        tail = BASE62[digit] + tail
    id15 = f"{prefix}{_INSTANCE}00000{tail}"
    return id15 + salesforce_suffix(id15)
