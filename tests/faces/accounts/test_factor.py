"""The second factor: set up, asked, used once, compulsory for those who could harm most (T10)."""

from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client, TestCase

from tests.faces.accounts.people import PASSWORD, code_of, known, last_mail, sign_in, texts, who
from zhiheng.faces.accounts.factor import COMPULSORY
from zhiheng.foundation.administration import invitations, people
from zhiheng.foundation.people.models import Account
from zhiheng.rules.lifecycle import Role

APP = "/accounts/factor/app/"
CHALLENGE = "/accounts/factor/challenge/"


def secret_of(client: Client) -> str:
    """What the page of the set-up shows for typing it in."""
    return str(client.get(APP).context["form"].secret)


def set_up(client: Client) -> str:
    """A second factor for who is signed in; its secret."""
    secret = secret_of(client)
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post(APP, {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/factor/codes/")
    return secret


@pytest.fixture
def secret(account: Account) -> str:
    """The secret of an account that has a second factor, made in another browser."""
    browser = Client()
    sign_in(browser, "zhang.san")
    return set_up(browser)


def recovery() -> list[str]:
    return list(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes())


# ------------------------------------------------------------------ setting it up


def test_it_is_set_up_by_a_code_and_gives_ten_recovery_codes(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    page = client.get(APP)
    assert page.context["totp_svg_data_uri"].startswith("data:image/svg+xml;base64,")
    svg = b64decode(page.context["totp_svg_data_uri"].split(",")[1])
    assert svg.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')  # an image draws nothing without it
    assert parse_qs(urlsplit(page.context["totp_url"]).query)["issuer"] == ["政府质量奖"]
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "验证码不正确" in texts(client.post(APP, {"code": "000000"}))
    assert not Authenticator.objects.exists()
    set_up(client)
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "totp"]
    codes = recovery()
    assert len(set(codes)) == 10
    shown = client.get("/accounts/factor/codes/").content.decode()
    assert all(code in shown for code in codes)
    assert client.get("/accounts/factor/codes/file/").content.decode().split() == codes
    assert "身份验证器已启用" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == ["zhang@example.org"]


def test_its_secret_lies_encrypted(client: Client, secret: str) -> None:
    stored = "".join(str(a.data) for a in Authenticator.objects.all())
    assert "secret" in stored
    assert secret not in stored


# ------------------------------------------------------------------ asking for it


def test_password_alone_no_longer_opens(client: Client, secret: str) -> None:
    answer = sign_in(client, "zhang.san", next="/accounts/sessions/")
    assert (answer.status_code, answer["Location"]) == (302, CHALLENGE)
    assert who(client) == ""
    for path in ("/accounts/", "/accounts/password/", "/desk/", "/accounts/factor/", "/accounts/sessions/"):
        assert client.get(path)["Location"].startswith("/accounts/login/?next="), path
    answer = client.post(CHALLENGE, {"code": code_of(secret, 1)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sessions/")
    assert who(client) == "zhang.san"


def test_the_challenge_is_nothing_without_the_password(client: Client, secret: str) -> None:
    assert client.get(CHALLENGE)["Location"] == "/accounts/login/"
    assert client.post(CHALLENGE, {"code": code_of(secret, 1)})["Location"] == "/accounts/login/"
    assert who(client) == ""


@pytest.mark.parametrize("code", ["", "000000", "abc", "1" * 500, "１２３４５６", "\x00"])
def test_a_wrong_code_opens_nothing(client: Client, secret: str, code: str) -> None:
    sign_in(client, "zhang.san")
    assert client.post(CHALLENGE, {"code": code}).status_code == 200
    assert who(client) == ""


def test_a_code_opens_once(client: Client, secret: str) -> None:
    """Also in another of our processes, which shares no memory with this one."""
    from django.core.cache import cache

    code = code_of(secret, 1)
    sign_in(client, "zhang.san")
    assert client.post(CHALLENGE, {"code": code}).status_code == 302
    again = Client()
    sign_in(again, "zhang.san")
    cache.clear()
    for writing in (code, f"{code[:3]} {code[3:]}", f" {code}"):
        answer = again.post(CHALLENGE, {"code": writing})
        assert answer.status_code == 200, writing
        assert "验证码不正确或已使用" in texts(answer)
        cache.clear()
    assert who(again) == ""


def test_a_recovery_code_opens_once_and_is_told_of(client: Client, secret: str) -> None:
    code = recovery()[0]
    sign_in(client, "zhang.san")
    assert client.post(CHALLENGE, {"code": code}).status_code == 302
    assert who(client) == "zhang.san"
    again = Client()
    sign_in(again, "zhang.san")
    assert again.post(CHALLENGE, {"code": code}).status_code == 200
    assert who(again) == ""
    assert code not in recovery()
    assert "剩 9 个" in texts(client.get("/accounts/"))


def test_codes_cannot_be_tried_through(client: Client, secret: str) -> None:
    sign_in(client, "zhang.san")
    for n in range(10):
        client.post(CHALLENGE, {"code": f"{n:06}"}, REMOTE_ADDR=f"10.0.0.{n}")
    answer = client.post(CHALLENGE, {"code": code_of(secret, 1)}, REMOTE_ADDR="10.0.1.1")
    assert "尝试次数过多" in texts(answer)
    assert who(client) == ""


def test_another_ones_code_is_worth_nothing(client: Client, secret: str) -> None:
    other = Client()
    known("li.si", "li@example.org")
    sign_in(other, "li.si")
    theirs = set_up(other)
    sign_in(client, "zhang.san")
    assert client.post(CHALLENGE, {"code": code_of(theirs, 1)}).status_code == 200
    assert who(client) == ""


def test_cancelling_forgets_the_password_given(client: Client, secret: str) -> None:
    sign_in(client, "zhang.san")
    assert client.post("/accounts/logout/", {"next": "/accounts/login/"})["Location"] == "/accounts/login/"
    assert client.get(CHALLENGE)["Location"] == "/accounts/login/"


def test_a_new_password_is_not_a_second_factor(client: Client, secret: str) -> None:
    """Who holds the mailbox sets a new password, and still stands before the challenge."""
    from tests.faces.accounts.people import link

    client.post("/accounts/password/reset/", {"email": "zhang@example.org"})
    form = client.get(link(last_mail()), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "another-Horse-88", "password2": "another-Horse-88"})
    assert sign_in(client, "zhang.san", "another-Horse-88")["Location"] == CHALLENGE
    assert who(client) == ""


# ------------------------------------------------------------------ compulsory


@pytest.mark.parametrize("role", [r for r in Role if r != Role.PUBLIC])
def test_who_must_have_one_is_sent_to_set_it_up(client: Client, role: Role) -> None:
    known("official", "o@example.org", role=role)
    sign_in(client, "official")
    answer = client.get("/desk/?page=2")
    if role in COMPULSORY:
        assert (answer.status_code, answer["Location"]) == (302, f"{APP}?next=%2Fdesk%2F%3Fpage%3D2")
        assert "您承担的角色须启用二次验证" in texts(client.get(APP))
    else:
        assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_has_just_set_it_up_goes_on(client: Client) -> None:
    known("official", "o@example.org", role=Role.OFFICE)
    sign_in(client, "official")
    assert client.get("/desk/").status_code == 302
    set_up(client)
    assert client.get("/desk/").status_code == 200


def test_what_waits_until_one_has_shown_oneself_is_then_done(client: Client, account: Account) -> None:
    """A form sent too late is kept while its owner confirms."""
    sign_in(client, "zhang.san")
    set_up(client)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    remove = "/accounts/factor/app/remove/"
    assert client.post(remove)["Location"] == f"/accounts/confirm/?next={remove.replace('/', '%2F')}"
    assert Authenticator.objects.count() == 2
    client.post("/accounts/confirm/", {"password": PASSWORD, "next": remove})
    assert not Authenticator.objects.exists()


def test_the_compulsory_roles() -> None:
    assert {Role.OFFICE, Role.AGENCY, Role.CHAIR, Role.MEMBER, Role.ADMIN} == COMPULSORY


def test_who_has_one_but_came_in_without_is_challenged(client: Client) -> None:
    """As when the factor was set up in another browser meanwhile."""
    known("official", "o@example.org", role=Role.OFFICE)
    sign_in(client, "official")
    other = Client()
    sign_in(other, "official")
    secret = set_up(other)
    answer = client.get("/desk/")
    assert answer["Location"] == "/accounts/factor/confirm/?next=%2Fdesk%2F"
    answer = client.post("/accounts/factor/confirm/", {"code": code_of(secret, 1), "next": "/desk/"})
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_a_form_sent_without_it_does_nothing(client: Client) -> None:
    known("official", "o@example.org", role=Role.ADMIN)
    sign_in(client, "official")
    answer = client.post("/desk/do/people.invite/platform:-/", {"email": "x@example.org"})
    assert (answer.status_code, answer["Location"]) == (302, f"{APP}?next=%2Fdesk%2F")


def test_a_demo_asks_for_none(client: Client, settings: Any) -> None:
    known("official", role=Role.OFFICE)
    settings.ZHIHENG_DEMO = True
    sign_in(client, "official")
    assert client.get("/desk/").status_code == 200


def test_the_check_costs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from zhiheng.faces.accounts import factor

    account = known("official", role=Role.OFFICE)
    request = RequestFactory().get("/desk/")
    request.user = account
    request.session = {
        "account_authentication_methods": [{"method": "mfa", "at": 0}],
        "account_authentication_methods_user": str(account.pk),
    }  # type: ignore[assignment]
    with django_assert_num_queries(0):
        assert factor.wanted(request, Role.OFFICE) is None
        assert factor.wanted(request, Role.EXPERT) is None
    request.user = known("other", role=Role.OFFICE)  # the record of one is none of another
    assert not factor.given(request)
    request.user = AnonymousUser()
    assert not factor.given(request)


# ------------------------------------------------------------------ changing it


@pytest.mark.parametrize(
    "path", [APP, "/accounts/factor/app/remove/", "/accounts/factor/codes/", "/accounts/factor/codes/new/", "/accounts/keys/new/"]
)
def test_a_change_asks_who_one_is_unless_just_shown(client: Client, account: Account, path: str) -> None:
    sign_in(client, "zhang.san")
    if "codes" in path or "remove" in path:
        set_up(client)
    assert client.get(path).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 601
    session.save()
    answer = client.get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/confirm/")
    client.post("/accounts/confirm/", {"password": PASSWORD, "next": path})
    assert client.get(path).status_code == 200


def test_it_can_be_taken_away_by_its_owner_only_and_they_are_told(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    set_up(client)
    other = Client()
    known("li.si")
    sign_in(other, "li.si")
    assert other.post("/accounts/factor/app/remove/").status_code == 404
    assert client.post("/accounts/factor/app/remove/").status_code == 302
    assert not Authenticator.objects.exists()
    assert "身份验证器已停用" in mail.outbox[-1].subject


def test_new_recovery_codes_end_the_old(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    set_up(client)
    old = recovery()
    assert "现有 10 个未使用的备用码将全部作废" in texts(client.get("/accounts/factor/codes/new/"))
    client.post("/accounts/factor/codes/new/")
    assert not set(old) & set(recovery())
    again = Client()
    sign_in(again, "zhang.san")
    assert again.post(CHALLENGE, {"code": old[0]}).status_code == 200


def test_a_lost_one_is_taken_away_and_everything_else_ends(client: Client, secret: str, account: Account) -> None:
    inside = Client()
    inside.force_login(account)
    sign_in(client, "zhang.san")
    client.post(CHALLENGE, {"code": code_of(secret, 1)})
    assert who(client) == "zhang.san"
    admin = people.install("周管理")
    with TestCase.captureOnCommitCallbacks(execute=True):
        invitations.reset_factor(admin, None, person=account.person, reason="遗失手机，当面核实")
    assert not Authenticator.objects.exists()
    assert who(client) == ""
    assert "系统管理员于" in last_mail()
    assert "遗失手机" not in last_mail()
    assert sign_in(client, "zhang.san")["Location"] == "/desk/"
