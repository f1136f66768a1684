"""People with accounts, and what they do at the door."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.test import Client

from zhiheng.foundation import clock
from zhiheng.foundation.people.models import Account, Person, RoleGrant, Unit
from zhiheng.rules.lifecycle import Role

PASSWORD = "correct-Horse-Battery-77"
OF_A_UNIT = {Role.OFFICE, Role.RECOMMENDER, Role.DEPARTMENT, Role.AGENCY}
LOGIN = "/accounts/login/"


def known(username: str, email: str = "", *, role: Role = Role.EXPERT, verified: bool = True, password: str = PASSWORD) -> Account:
    """A person in a role, with an account and an e-mail."""
    person = Person.objects.create(name=f"人员{username}")
    unit = (
        Unit.objects.get_or_create(code=role.value, defaults={"kind": role.value, "name": f"单位{role.value}"})[0]
        if role in OF_A_UNIT
        else None
    )
    RoleGrant.objects.create(person=person, role=role.value, unit=unit, granted_at=clock.now())
    account = Account.objects.create_user(username, password, email=email, person=person)
    if email:
        EmailAddress.objects.create(user=account, email=email, verified=verified, primary=True)
    return account


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: Any) -> Any:
    """The form of the sign-in page, sent; the answer."""
    extra = {key: more.pop(key) for key in list(more) if key.startswith(("HTTP_", "REMOTE_"))}
    return client.post(LOGIN, {"login": login, "password": password} | more, **extra)


def who(client: Client) -> str:
    """The user name of who is signed in, as the account's page says it; nothing for nobody."""
    answer = client.get("/accounts/")
    found = re.search(r"用户名 ([\w.@-]+)", answer.content.decode()) if answer.status_code == 200 else None
    return found[1] if found else ""


def link(text: str) -> str:
    """The path of the one link under our own address in a mail."""
    (found,) = re.findall(rf"{re.escape(settings.ZHIHENG_SITE_URL)}(/\S+)", text)
    return str(found)


def last_mail() -> str:
    """The newest mail's text."""
    return str(mail.outbox[-1].body)


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows, some steps from now."""
    now = int(clock.real().timestamp()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, now + steps))


def texts(answer: Any) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
