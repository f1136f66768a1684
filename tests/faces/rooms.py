"""People of a play in front of the pages: signed in, in their role, with the second factor where it is compulsory."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.internal.flows import login
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhiheng.faces.desk.acting import CHOSEN
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.people.models import Account, RoleGrant

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
#: What differs from one answer to the next whoever asks: tokens of forms, against forgery and for doing an act once.
CHANGING = re.compile(r'(name="(?:csrfmiddlewaretoken|token|kept_for)" value=")[^"]*')


def entered(acting: Acting, **options: Any) -> Client:
    """A browser in which this person has signed in with both factors and acts in this role."""
    account, _ = Account.objects.get_or_create(person=acting.person, defaults={"username": acting.code})
    client = Client(**options)
    client.force_login(account)
    session = client.session
    session[CHOSEN] = RoleGrant.objects.get(person=acting.person, role=acting.role.value, unit=acting.unit, revoked_at=None).pk
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0, "id": 1}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account.pk)
    session.save()
    return client


def hidden(answer: Any, form: str = "<form") -> dict[str, str]:
    """The hidden fields of the first form of the main part whose start is `form`, as a browser would send them back."""
    page = answer.content.decode()
    main = page[page.index("<main") :]
    start = main.index(form)
    return {name: value for name, value in HIDDEN.findall(main[start : main.index("</form>", start)]) if name != "csrfmiddlewaretoken"}


def text(answer: Any) -> str:
    """The text of the page's main part without tags, white space folded."""
    page = answer.content.decode()
    main = page[page.index("<main") :] if "<main" in page else page
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def steady(answer: Any) -> str:
    """The answer without what changes each time."""
    return CHANGING.sub(r"\1", answer.content.decode())


def queries(client: Client, path: str) -> int:
    """How many queries a page takes, after a first visit."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
