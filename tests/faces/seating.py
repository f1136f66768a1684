"""Signing people of a play in, as pages see them."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.internal.flows import login
from django.test import Client

from zhiheng.faces.desk.acting import CHOSEN
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.people.models import Account, RoleGrant

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def seated(acting: Acting, **options: Any) -> Client:
    """A browser in which this person has signed in and acts in this role."""
    assert acting.person is not None
    account, _ = Account.objects.get_or_create(person=acting.person, defaults={"username": acting.person.code})
    client = Client(**options)
    client.force_login(account)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0}]  # the second factor was given
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account.pk)
    session[CHOSEN] = RoleGrant.objects.filter(person=acting.person, role=acting.role.value, unit=acting.unit, revoked_at=None).first().pk
    session.save()
    return client


def hidden(answer: Any) -> dict[str, str]:
    """The hidden fields of the page's main form, as a browser would send them back."""
    page = answer.content.decode()
    main = page[page.index('class="act-form"') :]
    return {name: value for name, value in HIDDEN.findall(main[: main.index("</form>")]) if name != "csrfmiddlewaretoken"}


def text(answer: Any) -> str:
    """The page's text without tags, white space folded."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
