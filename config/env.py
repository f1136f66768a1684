"""Reads ``ZHIHENG_*`` variables. Nothing else in the project looks at the environment.

Every reader names its variable in full, so that a search for the name finds its one use, and
fails loudly on a value it cannot read: a server that starts with half its settings is worse than
one that does not start.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


def text(name: str, default: str = "") -> str:
    """The variable's text without surrounding space, or the default."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no; any other word is an error."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: expected 1 or 0")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number") from None


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words."""
    value = text(name, default) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: expected one of {', '.join(allowed)}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, empty parts dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def path(name: str, default: Path) -> Path:
    """An absolute path; a relative one counts from the working directory."""
    value = text(name)
    return Path(value).expanduser().resolve() if value else default


def secret(name: str, keep: Path) -> str:
    """The variable, or a key made once and kept in a file that only its owner reads."""
    value = text(name)
    if value:
        return value
    try:
        return keep.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    keep.parent.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(64)
    try:
        handle = os.open(keep, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first: its key counts
        return keep.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(fresh)
    return fresh


SQLITE_OPTIONS: dict[str, Any] = {
    # A write transaction takes the lock when it begins, so two acts queue up and never meet
    # half-way in a "database is locked" that no waiting can solve.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=NORMAL;"
        "PRAGMA busy_timeout=20000;"
        "PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY;"
        "PRAGMA mmap_size=134217728;"
        "PRAGMA cache_size=-32000;"
    ),
}


def sqlite(file: Path | str) -> dict[str, Any]:
    """Django's settings for an SQLite file."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": dict(SQLITE_OPTIONS)}


def database(name: str, default: Path) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name?option=value`` or ``sqlite:///file``.

    Without the variable: SQLite in the default file.
    """
    address = text(name)
    if not address:
        default.parent.mkdir(parents=True, exist_ok=True)
        return sqlite(default)
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        file = unquote(parts.path.removeprefix("/"))
        if not file:
            raise ImproperlyConfigured(f"{name}: sqlite:///relative/file or sqlite:////absolute/file")
        return sqlite(file if file == ":memory:" else Path(file).resolve())
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name}: {parts.scheme or 'no'} scheme; expected postgresql:// or sqlite:///")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
