"""Values as canonical JSON (RFC 8785) and their digests: what the journal hashes and the dossier carries."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import rfc8785
from cryptography.hazmat.primitives import hashes

from zhiheng.foundation.clock import SHANGHAI


def plain(value: Any) -> Any:
    """A value as JSON types. Exact numbers become strings ("1999/4"), moments ISO 8601 in Asia/Shanghai.

    Raises TypeError on floats and unknown types, ValueError on a moment without time zone: which instant it means would be a guess.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Fraction | Decimal):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("时间须带时区")
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(v) for v in value)
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} cannot stand in a journal")


def dumps(value: Any) -> bytes:
    """Canonical JSON bytes of any value that `plain` takes."""
    return rfc8785.dumps(plain(value))


def digest(data: bytes, algorithm: str = "sha256") -> str:
    """Hex digest by SHA-256 or SM3 (GB/T 32905). Raises ValueError on another name."""
    if algorithm == "sha256":
        return hashlib.sha256(data).hexdigest()
    if algorithm == "sm3":
        sm3 = hashes.Hash(hashes.SM3())
        sm3.update(data)
        return sm3.finalize().hex()
    raise ValueError(f"unknown digest: {algorithm}")


def digest_of(value: Any) -> str:
    """SHA-256 of a value's canonical JSON."""
    return digest(dumps(value))


def salted(salt: str, text: str) -> str:
    """The salted digest that stands for a piece of personal data in a journal payload."""
    return digest(f"{salt}|{text}".encode())
