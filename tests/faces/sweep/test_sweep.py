"""Every address × every role × somebody else's things: what is answered stands in sweep.csv, and nothing foreign is ever found (T1).

A new address without a row fails. `ZHIHENG_WRITE=1 pytest tests/faces/sweep` writes the table anew; read the difference before it is committed.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.faces.seating import seated
from tests.faces.sweep.routes import Route, routes
from tests.faces.sweep.samples import sample
from tests.stages import playing
from zhiheng.faces.desk.links import act_url
from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.acts.permission import permit
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process import reach
from zhiheng.process.line import takes
from zhiheng.rules.lifecycle import Role, Stage

GOLDEN = Path(__file__).with_name("sweep.csv")
#: Sign-in itself, tested in tests/faces/accounts: its addresses hold one-time keys and not things of the award.
APART = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")
ROLES = [
    Role.OFFICE, Role.RECOMMENDER, Role.DEPARTMENT, Role.AGENCY, Role.APPLICANT, Role.EXPERT, Role.CHAIR, Role.MEMBER, Role.INSPECTOR, Role.ADMIN,
]  # fmt: skip
FOUND = {200, 204, 302, 303, 400, 409, 422}


class TestEveryAddress(playing.Played):
    """A cycle after its committee's meeting, and a second one that is only planned."""

    @classmethod
    def play(cls) -> Any:
        from zhiheng.process.register import cycles

        world, cycle = playing.played(Stage.COMMENDATION, orgs=4, persons=2)
        world.do(cycles.create_cycle, "office", code="2025", year=2025, pack=world.pack)
        return world, cycle

    def who(self) -> dict[str, Acting | None]:
        """One person a role, those with most to show first; "" is the public."""
        people: dict[str, Acting | None] = {"": None}
        for role in ROLES:
            grants = RoleGrant.objects.filter(role=role.value, revoked_at=None).select_related("person", "unit").order_by("pk")
            known = [Acting(role, g.person, g.unit) for g in grants]
            people[role.value] = max(known, key=lambda a: reach.entries(a).count())
        return people

    def test_each_address_answers_each_role_as_the_table_says(self) -> None:
        found: dict[tuple[str, str], dict[str, str]] = {}
        leaks = []
        for role, acting in self.who().items():
            client = seated(acting) if acting else Client()
            for route in routes():
                if route.name.startswith(APART) or route.name == "None":
                    continue
                own, foreign = self.ask(client, route, acting)
                row = found.setdefault((route.name, " ".join(route.parameters)), {})
                row[role or "public"] = own
                if foreign in FOUND and acting is not None and not route.name.startswith("public:"):
                    leaks.append(f"{route.name} {route.parameters} as {role}: {foreign}")
        assert leaks == []
        rows = [{"route": name, "parameters": parameters, **row} for (name, parameters), row in sorted(found.items())]
        if os.environ.get("ZHIHENG_WRITE"):
            with GOLDEN.open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        with GOLDEN.open(newline="", encoding="utf-8") as stream:
            assert rows == list(csv.DictReader(stream))

    def ask(self, client: Client, route: Route, acting: Acting | None) -> tuple[str, int]:
        """What one's own thing and somebody else's are answered with."""
        if not route.parameters:
            return str(self.status(client, route, {})), 404
        pair = sample(route, acting) if acting else None
        if acting is None:
            for role in (Role.OFFICE, Role.INSPECTOR):  # the public asks for what is there
                grant = RoleGrant.objects.filter(role=role.value, revoked_at=None).select_related("person", "unit").first()
                pair = sample(route, Acting(role, grant.person, grant.unit)) if grant else None
                if pair and pair.own:
                    return str(self.status(client, route, pair.own)), 404
            return "-", 404
        if pair is None:
            return "-", 404
        own = str(self.status(client, route, pair.own)) if pair.own else "none"
        return own, self.status(client, route, pair.foreign) if pair.foreign else 404

    def status(self, client: Client, route: Route, values: dict[str, Any]) -> int:
        try:
            url = reverse(route.name, kwargs=values)
            found = client.get(url).status_code
            return client.post(url).status_code if found == 405 else found
        except NoReverseMatch:
            return 404

    def test_no_act_is_found_on_a_foreign_thing(self) -> None:
        leaks, asked = [], 0
        for role, acting in self.who().items():
            if acting is None:
                continue
            client = seated(acting)
            for spec in REGISTER.values():
                for kind in reach.KINDS.values():
                    rows = kind.rows(acting)
                    if not issubclass(rows.model, takes(spec.body)):
                        continue
                    foreign = rows.model._default_manager.exclude(pk__in=rows.order_by().values("pk")).order_by("pk").first()
                    if foreign is None:
                        continue
                    asked += 1
                    answer = client.get(act_url(spec.id, foreign)) if act_url(spec.id, foreign).startswith("/desk/do/") else None
                    if answer is not None and answer.status_code != 404:
                        leaks.append(f"{spec.id} on {foreign} as {role}: {answer.status_code}")
        assert leaks == []
        assert asked > 100  # there was something to leak

    def test_what_is_permitted_is_found(self) -> None:
        """The negative control: the pages of acts are not simply closed."""
        open_, acting = 0, self.who()[Role.OFFICE.value]
        assert acting is not None
        client = seated(acting)
        for spec in REGISTER.values():
            if takes(spec.body) is type(self.cycle) and permit(spec, acting, self.cycle).ok:
                url = act_url(spec.id, self.cycle)
                if url.startswith("/desk/do/"):
                    assert client.get(url).status_code == 200, url
                    open_ += 1
        assert open_ >= 3
