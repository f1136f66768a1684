"""Every page that each role may open, found by asking for all of them: what a browser then looks at one by one.

Run inside a server's own settings (tests/journeys/server.py), after tests/faces/sweep/scene.py.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.faces.seating import seated
from tests.faces.sweep.routes import routes
from tests.faces.sweep.samples import sample
from zhiheng.faces.desk.links import act_url
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import DemoClock
from zhiheng.foundation.people.models import Account, RoleGrant
from zhiheng.process import agenda, reach
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Seat

HOST = "127.0.0.1"
PUBLIC = "public"
PASSWORD = "correct-Horse-Battery-77"
#: What of a tag decides how it looks and what it is for assistive technology; texts, addresses and names of things do not.
TELLING = {"class", "role", "type", "hidden", "open", "disabled", "lang", "tabindex", "scope", "multiple", "required", "readonly"}
STATES = {"aria-current", "aria-disabled", "aria-invalid", "aria-hidden", "aria-pressed", "aria-live"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def write(to: Path) -> None:
    """Seat everybody, ask for everything, and write what answered with a page: seat → its session, its login and its pages."""
    alike: set[tuple[str, frozenset[str]]] = set()
    found: dict[str, Any] = {}
    with clock.travel(DemoClock.objects.get().now):
        for name, acting in seats():
            login = _account(acting) if acting else ""
            client = seated(acting, SERVER_NAME=HOST) if acting else Client(SERVER_NAME=HOST)
            pages = list(dict.fromkeys(_worth_seeing(client, acting, alike)))
            session = client.cookies.get(settings.SESSION_COOKIE_NAME)
            found[name] = {"session": session.value if session else "", "login": login, "pages": pages}
    to.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def _account(acting: Acting) -> str:
    """An account with a password for whoever acts; its login."""
    assert acting.person is not None
    account, _ = Account.objects.get_or_create(person=acting.person, defaults={"username": acting.person.code})
    account.set_password(PASSWORD)
    account.save()
    return account.username


def seats() -> Iterator[tuple[str, Acting | None]]:
    """Who looks: nobody signed in; of each role who has most to do and to read; a panel's leader apart from the other experts; a winner."""
    yield PUBLIC, None
    grants = RoleGrant.objects.filter(revoked_at=None).select_related("person", "unit").order_by("pk")
    leaders = set(Seat.objects.filter(leader=True, vacated_at=None).values_list("expert__person", flat=True))
    held: dict[str, list[Acting]] = defaultdict(list)
    for grant in grants:
        held["leader" if grant.person_id in leaders else grant.role].append(Acting(Role(grant.role), grant.person, grant.unit))
    for name, known in held.items():
        yield name, max(known, key=lambda a: (len(agenda.waiting(a)), reach.entries(a).count()))
    yield "winner", Acting(Role.APPLICANT, Entry.objects.filter(status="awarded").select_related("owner").order_by("pk")[0].owner)


def _worth_seeing(client: Client, acting: Acting | None, alike: set[tuple[str, frozenset[str]]]) -> Iterator[str]:
    """The pages of a seat that have an element where its earlier ones of the same kind had none, unless another seat's is built alike."""
    for what, paths in _addresses(acting):
        seen: set[str] = set()
        for path in paths:
            answer = client.get(path)
            if answer.status_code == 200 and not answer.headers.get("Content-Type", "").startswith("text/html"):
                break  # a file; the others of this address are files too
            page = answer.content.decode() if answer.status_code == 200 else ""
            if not page.lstrip().lower().startswith("<!doctype html"):
                continue
            built = frozenset(places(page))
            if what == "desk:home" or (built - seen and (what, built) not in alike):
                yield path
            seen |= built
            alike.add((what, built))


def _addresses(acting: Acting | None) -> Iterator[tuple[str, list[str]]]:
    """(what it is, addresses) of everything that the seat might open. Public pages are the same for everybody: nobody asks for them."""
    for route in routes():
        if acting is not None and route.name.partition(":")[0] in ("public", "demo"):
            continue
        pair = sample(route, acting or Acting(Role.PUBLIC)) if route.parameters else None
        values: Iterable[dict[str, Any]] = ({},) if not route.parameters else pair.all_own if pair else ()
        yield route.name, [reverse(route.name, kwargs=one) for one in values]
    for todo in agenda.waiting(acting) if acting else ():
        yield todo.act, [act_url(todo.act, todo.subject, todo.details)]


class _Places(HTMLParser):
    """Where in a page's main part there is which kind of element: the way down to each, without what is written in it."""

    def __init__(self) -> None:
        super().__init__()
        self.way: list[str] = []
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        telling = sorted(f"{key}={value}" for key, value in attrs if key in TELLING or key in STATES)
        self.way.append(" ".join([tag, *telling]))
        self.found.add(" > ".join(self.way))
        if tag in VOID:
            self.way.pop()

    def handle_endtag(self, tag: str) -> None:
        while any(one.partition(" ")[0] == tag for one in self.way):
            if self.way.pop().partition(" ")[0] == tag:
                return


def places(page: str) -> set[str]:
    """How the main part of a page is built."""
    start = page.find("<main")
    reader = _Places()
    reader.feed(page[start : page.find("</main>", start)] if start >= 0 else page)
    return reader.found
