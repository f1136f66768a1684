"""Reads ``ZHIHENG_*`` variables. Nothing else in the project looks at the environment.

Every reader names its variable in full, so that a search for the name finds its one use, and
fails loudly on a value it cannot read: a server that starts with half its settings is worse than
one that does not start.
"""

import os
import secrets
from dataclasses import dataclass
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
    # Kept open by each thread: opening the file anew for a request, with all the above, takes longer than a small page.
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "CONN_MAX_AGE": None, "OPTIONS": dict(SQLITE_OPTIONS)}


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
    # Compiling a plan (JIT) costs our short queries with their many conditions more than it gains them; a plan that is kept gains.
    kept: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 3}
    options = {"options": "-c jit=off", **kept, **dict(parse_qsl(parts.query))}
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


def _http_address(name: str, value: str) -> str:
    """The address without a slash at its end; an error unless it is one of http or https with a host."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"{name}={value!r}: expected https://host")
    return value.rstrip("/")


def site(name: str, hosts: list[str], *, https: bool) -> str:
    """Where people reach this server; by default the first host that it answers to."""
    host = next((one.lstrip(".") for one in hosts if one != "*"), "127.0.0.1")
    return _http_address(name, text(name) or (f"https://{host}" if https else f"http://{host}:{number('ZHIHENG_PORT', 8000)}"))


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider: what allauth calls an app, and the origin that a browser is sent to."""

    app: dict[str, Any]
    origin: str


def provider(name: str) -> Provider | None:
    """``NAME_URL`` (issuer), ``NAME_ID``, ``NAME_SECRET`` and ``NAME_TITLE`` (the button's text). None without an address."""
    address, client = text(f"{name}_URL"), text(f"{name}_ID")
    if not address:
        return None
    if not client:
        raise ImproperlyConfigured(f"{name}_ID: the provider at {name}_URL knows this server by it")
    parts = urlsplit(_http_address(f"{name}_URL", address))
    title = text(f"{name}_TITLE", "统一身份认证") or "统一身份认证"
    settings = {"server_url": address, "fetch_userinfo": True}
    app = {"provider_id": "oidc", "name": title, "client_id": client, "secret": text(f"{name}_SECRET"), "settings": settings}
    return Provider(app, f"{parts.scheme}://{parts.netloc}")


@dataclass(frozen=True)
class Mail:
    """How mail leaves: by SMTP, or into a folder as files."""

    backend: str
    folder: str | None = None
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def mail(name: str, folder: Path) -> Mail:
    """``smtp://user:password@host:587`` (with STARTTLS; ``?plain=1`` without), ``smtps://…:465``, or ``console:``.

    Without the variable: files in the folder.
    """
    address = text(name)
    if not address:
        return Mail("django.core.mail.backends.filebased.EmailBackend", folder=str(folder))
    parts = urlsplit(address)
    if parts.scheme == "console":
        return Mail("django.core.mail.backends.console.EmailBackend")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name}: expected smtp://user:password@host:587, smtps://user:password@host:465 or console:")
    secure = parts.scheme == "smtps"
    return Mail(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or (465 if secure else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=not secure and dict(parse_qsl(parts.query)).get("plain") != "1",
        tls=secure,
    )
