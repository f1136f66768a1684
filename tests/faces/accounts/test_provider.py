"""Sign-in by the government's identity provider: by configuration, for accounts that exist, and never a right (T8, T10)."""

import http.client
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config import env
from tests.faces.accounts.people import known, sign_in, texts, who
from tests.faces.accounts.provider import CLIENT, SECRET, Provider, serving
from zhiheng.foundation.people.models import Account, Person, RoleGrant
from zhiheng.rules.lifecycle import Role

START = "/accounts/provider/oidc/"
ZHANG = {"sub": "u-1", "email": "zhang@example.org", "email_verified": True, "name": "张三", "preferred_username": "admin"}


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """The provider, configured as the environment would."""
    with serving() as running:
        for name, value in (("URL", running.address), ("ID", CLIENT), ("SECRET", SECRET), ("TITLE", "冀时办")):
            monkeypatch.setenv(f"ZHIHENG_OIDC_{name}", value)
        found = env.provider("ZHIHENG_OIDC")
        assert found is not None
        assert found.origin == running.address
        settings.ZHIHENG_OIDC = found
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [found.app]}}
        running.user = dict(ZHANG)
        yield running


def authorized(location: str) -> str:
    """The browser's visit at the provider; the path at which it comes back."""
    parts = urlsplit(location)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = connection.getresponse().headers["Location"]
    connection.close()
    return back.removeprefix("http://testserver")


def through(client: Client, query: str = "") -> Any:
    """From the button to the answer at the callback."""
    return client.get(authorized(client.post(START + query)["Location"]))


def test_a_confirmed_e_mail_opens_the_account_and_links_it(client: Client, account: Account, provider: Provider) -> None:
    assert "用“冀时办”登录" in texts(client.get("/accounts/login/"))
    answer = through(client, "?next=/accounts/sessions/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sessions/")
    assert who(client) == "zhang.san"
    assert provider.asked == ["/.well-known/openid-configuration", "/authorize", "/.well-known/openid-configuration", "/token", "/userinfo"]
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.uid) == (account, "u-1")


def test_once_linked_the_subject_opens_it_whatever_the_e_mail(account: Account, provider: Provider) -> None:
    through(Client())
    provider.user |= {"email": "changed@example.org", "email_verified": False}
    later = Client()
    through(later)
    assert who(later) == "zhang.san"
    other = known("li.si", "li@example.org")
    provider.user |= {"email": "li@example.org", "email_verified": True}  # the subject counts, not a borrowed address
    again = Client()
    through(again)
    assert who(again) == "zhang.san"
    assert not SocialAccount.objects.filter(user=other).exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email": "nobody@example.org"},
        {"email": ""},
        {"email": "zhang@example.org.evil.example"},
    ],
)
def test_who_is_not_known_gets_neither_account_nor_right(
    client: Client, account: Account, provider: Provider, claims: dict[str, Any]
) -> None:
    before = (Account.objects.count(), Person.objects.count(), RoleGrant.objects.count())
    provider.user |= claims
    answer = through(client)
    assert answer.status_code == 200
    assert "您的统一身份尚未关联本平台的账号" in texts(answer)
    assert who(client) == ""
    assert (Account.objects.count(), Person.objects.count(), RoleGrant.objects.count()) == before
    assert not SocialAccount.objects.exists()


def test_an_e_mail_not_confirmed_here_links_nothing(client: Client, provider: Provider) -> None:
    """Who typed the victim's address into their own account would else get the victim's sign-ins."""
    known("squatter", "zhang@example.org", verified=False)
    through(client)
    assert who(client) == ""
    assert not SocialAccount.objects.exists()


def test_claims_give_no_role(client: Client, account: Account, provider: Provider) -> None:
    provider.user |= {"roles": ["admin"], "groups": ["office"], "role": "admin", "is_staff": True}
    through(client)
    assert [g.role for g in RoleGrant.objects.all()] == ["expert"]


def test_the_second_factor_is_still_asked(client: Client, account: Account, provider: Provider) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(account, generate_totp_secret())
    assert Authenticator.objects.count() == 1
    assert through(client)["Location"] == "/accounts/factor/challenge/"
    assert who(client) == ""


def test_a_compulsory_factor_is_too(client: Client, provider: Provider) -> None:
    known("official", "zhang@example.org", role=Role.OFFICE)
    through(client)
    assert client.get("/desk/")["Location"].startswith("/accounts/factor/app/")


def test_a_closed_account_stays_closed(client: Client, account: Account, provider: Provider) -> None:
    Account.objects.update(is_active=False)
    assert through(client)["Location"] == "/accounts/inactive/"
    assert who(client) == ""


def test_a_stolen_or_repeated_answer_opens_nothing(client: Client, account: Account, provider: Provider) -> None:
    """The state belongs to one browser and the code is used once."""
    back = authorized(client.post(START)["Location"])
    thief = Client()
    assert "统一身份登录未成功" in texts(thief.get(back))
    assert who(thief) == ""
    client.get(back)
    assert who(client) == "zhang.san"
    client.post("/accounts/logout/")
    assert "统一身份登录未成功" in texts(client.get(back))
    assert who(client) == ""


def test_an_answer_changed_on_the_way_opens_nothing(client: Client, account: Account, provider: Provider) -> None:
    back = authorized(client.post(START)["Location"])
    code = parse_qs(urlsplit(back).query)["code"][0]
    for wrong in (back.replace(code, "0" * 32), back.replace("state=", "state=x"), back.split("?")[0]):
        assert "统一身份登录未成功" in texts(client.get(wrong)), wrong
    assert who(client) == ""


def test_cancelled_at_the_provider(client: Client, provider: Provider) -> None:
    location = client.post(START)["Location"]
    state = parse_qs(urlsplit(location).query)["state"][0]
    answer = client.get(f"{START}callback/?error=access_denied&state={state}")
    assert "您在统一身份认证页面取消了登录" in texts(client.get(answer["Location"]))


def test_a_provider_that_is_away_is_said(client: Client, account: Account, provider: Provider) -> None:
    provider.down = True
    assert "统一身份登录未成功" in texts(client.post(START))
    provider.down = False
    back = authorized(client.post(START)["Location"])
    provider.down = True
    assert "统一身份登录未成功" in texts(client.get(back))
    assert who(client) == ""


def test_a_link_alone_starts_nothing(client: Client, provider: Provider) -> None:
    """Else a foreign page could sign somebody in unasked (T3)."""
    assert "即将转到“冀时办”登录" in texts(client.get(START))
    assert provider.asked == []


def test_it_is_linked_and_unlinked_by_who_is_signed_in(client: Client, account: Account, provider: Provider) -> None:
    provider.user |= {"email": "other@example.org"}
    sign_in(client, "zhang.san")
    assert "尚未关联统一身份" in texts(client.get("/accounts/provider/"))
    assert through(client, "?process=connect")["Location"] == "/accounts/provider/"
    linked = SocialAccount.objects.get()
    assert linked.user == account
    assert "other@example.org" in texts(client.get("/accounts/provider/"))
    other = Client()
    known("li.si")
    sign_in(other, "li.si")
    other.post("/accounts/provider/", {"account": linked.pk})
    assert SocialAccount.objects.exists()
    through(other, "?process=connect")  # what is linked already is not taken over
    assert SocialAccount.objects.get().user == account
    client.post("/accounts/provider/", {"account": linked.pk})
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("path", [START, f"{START}callback/", "/accounts/provider/other/"])
def test_off_by_default(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert "统一身份" not in texts(client.get("/accounts/login/"))


def test_another_name_is_no_provider(client: Client, provider: Provider) -> None:
    """The address of a provider comes from the configuration, never from a request (T8)."""
    for name in ("openid_connect", "google", provider.address.removeprefix("http://"), "oidc2"):
        assert client.post(f"/accounts/provider/{name}/").status_code == 404, name
    assert provider.asked == []


@pytest.mark.parametrize("address", ["ftp://id.example", "id.example", "https://", "https://user:pw@id.example", "https://id.example?x=1"])
def test_a_wrong_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("ZHIHENG_OIDC_URL", address)
    monkeypatch.setenv("ZHIHENG_OIDC_ID", "x")
    with pytest.raises(ImproperlyConfigured, match="ZHIHENG_OIDC_URL"):
        env.provider("ZHIHENG_OIDC")


def test_an_address_without_an_identity_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIHENG_OIDC_URL", "https://id.example")
    with pytest.raises(ImproperlyConfigured, match="ZHIHENG_OIDC_ID"):
        env.provider("ZHIHENG_OIDC")
