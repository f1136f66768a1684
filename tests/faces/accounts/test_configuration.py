"""What a server's environment says of its address, its mail and its identity provider."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parents[3]
ASK = (
    "import json; from config import settings as s; print(json.dumps([s.ZHIHENG_SITE_URL, s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'],"
    "s.EMAIL_BACKEND, s.EMAIL_FILE_PATH, s.CACHES['default']['BACKEND'], bool(s.ZHIHENG_OIDC), s.SESSION_COOKIE_SECURE]))"
)


def settings_with(tmp_path: Path, **variables: str) -> list[object]:
    """Some settings of a server with these variables."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ZHIHENG_")}
    given = bare | {"ZHIHENG_VAR": str(tmp_path)} | variables
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def test_without_any(tmp_path: Path) -> None:
    """Nothing leaves the server, and limits are counted where all its processes see them."""
    assert settings_with(tmp_path) == [
        "http://127.0.0.1:8000",
        ["'self'"],
        "django.core.mail.backends.filebased.EmailBackend",
        str(tmp_path / "mail"),
        "django.core.cache.backends.filebased.FileBasedCache",
        False,
        False,
    ]


def test_with_a_provider_and_https(tmp_path: Path) -> None:
    found = settings_with(
        tmp_path,
        ZHIHENG_HTTPS="1",
        ZHIHENG_ALLOWED_HOSTS="award.example.gov.cn,www.example.gov.cn",
        ZHIHENG_OIDC_URL="https://id.example.gov.cn/realms/hebei",
        ZHIHENG_OIDC_ID="zhiheng",
        ZHIHENG_EMAIL_URL="smtp://mail.example.gov.cn",
    )
    assert found[:3] == [
        "https://award.example.gov.cn",
        ["'self'", "https://id.example.gov.cn"],  # the browser may be sent there, and nowhere else
        "django.core.mail.backends.smtp.EmailBackend",
    ]
    assert found[5:] == [True, True]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("https://award.example.gov.cn/", "https://award.example.gov.cn"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
    ],
)
def test_the_address_in_mails(monkeypatch: pytest.MonkeyPatch, value: str, wanted: str) -> None:
    monkeypatch.setenv("ZHIHENG_SITE_URL", value)
    assert env.site("ZHIHENG_SITE_URL", ["*"], https=True) == wanted


@pytest.mark.parametrize(
    "value", ["award.example.gov.cn", "ftp://x", "https://", "https://a@b", "https://a?x", "https://a#x", "javascript:alert(1)"]
)
def test_a_wrong_one_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ZHIHENG_SITE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="ZHIHENG_SITE_URL"):
        env.site("ZHIHENG_SITE_URL", ["x"], https=True)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("smtp://u%40x:p%3Aw@mail.example:2525", ("mail.example", 2525, "u@x", "p:w", True, False)),
        ("smtp://mail.example", ("mail.example", 587, "", "", True, False)),
        ("smtp://mail.example:25?plain=1", ("mail.example", 25, "", "", False, False)),
        ("smtps://u:p@mail.example", ("mail.example", 465, "u", "p", False, True)),
    ],
)
def test_the_mail_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str, wanted: tuple[object, ...]) -> None:
    monkeypatch.setenv("ZHIHENG_EMAIL_URL", value)
    found = env.mail("ZHIHENG_EMAIL_URL", tmp_path)
    assert (found.host, found.port, found.user, found.password, found.starttls, found.tls) == wanted


@pytest.mark.parametrize("value", ["mail.example", "http://mail.example", "smtp://"])
def test_a_wrong_mail_server_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str) -> None:
    monkeypatch.setenv("ZHIHENG_EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured, match="ZHIHENG_EMAIL_URL"):
        env.mail("ZHIHENG_EMAIL_URL", tmp_path)
