"""Every address × every role: somebody else's thing is never found (T1), and of one's own exactly what the table says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.seating import seated
from tests.faces.sweep import own
from tests.faces.sweep.routes import Route, routes
from tests.faces.sweep.samples import sample
from tests.stages import playing
from zhiheng.faces.desk.links import act_url, title_of
from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.acts.permission import permit
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process import reach
from zhiheng.process.line import takes
from zhiheng.process.register import cycles
from zhiheng.rules.lifecycle import Role, Stage

ROLES = [
    Role.OFFICE, Role.RECOMMENDER, Role.DEPARTMENT, Role.AGENCY, Role.APPLICANT, Role.EXPERT, Role.CHAIR, Role.MEMBER, Role.INSPECTOR, Role.ADMIN,
]  # fmt: skip


class TestEveryAddress(playing.Played):
    """A cycle after its committee's meeting, and a second one that is only planned."""

    @classmethod
    def play(cls) -> Any:
        world, cycle = playing.played(Stage.COMMENDATION, orgs=4, persons=2)
        world.do(cycles.create_cycle, "office", code="2025", year=2025, pack=world.pack)
        return world, cycle

    def who(self) -> dict[str, Acting]:
        """One person a role, those with most to show first."""
        people = {}
        for role in ROLES:
            grants = RoleGrant.objects.filter(role=role.value, revoked_at=None).select_related("person", "unit").order_by("pk")
            known = [Acting(role, g.person, g.unit) for g in grants]
            people[role.value] = max(known, key=lambda a: (reach.visits(a).exists(), reach.entries(a).count()))
        return people

    def test_nothing_foreign_is_found_at_any_address(self) -> None:
        leaks, asked = [], 0
        for role, acting in self.who().items():
            client = seated(acting)
            for route in routes():
                pair = None if route.name.startswith("public:") else sample(route, acting)
                if pair is None or pair.foreign is None:
                    continue
                asked += 1
                if (status := self.status(client, route, pair.foreign)) != 404:
                    leaks.append(f"{route.name} {pair.foreign} as {role}: {status}")
        assert leaks == []
        assert asked > 100  # there was something to leak

    def status(self, client: Client, route: Route, values: dict[str, Any]) -> int:
        url = reverse(route.name, kwargs=values)
        found = client.get(url).status_code
        return client.post(url).status_code if found == 405 else found

    @pytest.fixture(autouse=True)
    def _aside(self, tmp_path: Path) -> None:
        self.aside = tmp_path / own.TABLE.name

    def test_of_its_own_each_role_finds_what_the_table_says(self) -> None:
        """To take over what is found now: copy the file that the failure names over the table."""
        seats = {"public": (Client(), playing.PUBLIC)} | {role: (seated(acting), acting) for role, acting in self.who().items()}
        found = {}
        for route in routes():
            for role, (client, acting) in seats.items():
                pair = sample(route, acting) if route.parameters else None
                values = pair.own if pair else None if route.parameters else {}
                status = own.NONE if values is None else str(client.get(reverse(route.name, kwargs=values)).status_code)
                found[own.label(route), role] = status
        self.aside.write_text(own.written(found), encoding="utf-8")
        wrong = own.differing(found, own.read(own.TABLE.read_text(encoding="utf-8")))
        assert wrong == [], f"to take it over: cp {self.aside} {own.TABLE}"

    def test_no_act_is_found_on_a_foreign_thing(self) -> None:
        leaks, asked = [], 0
        for role, acting in self.who().items():
            client = seated(acting)
            reached = [kind.rows(acting) for kind in reach.KINDS.values()]
            others = [rows.model._default_manager.exclude(pk__in=rows.order_by().values("pk")).order_by("pk").first() for rows in reached]
            for spec in REGISTER.values():
                for foreign in others:
                    if foreign is None or not isinstance(foreign, takes(spec.body)):
                        continue
                    asked += 1
                    answer = client.get(act_url(spec.id, foreign)) if act_url(spec.id, foreign).startswith("/desk/do/") else None
                    if answer is not None and answer.status_code != 404:
                        leaks.append(f"{spec.id} on {foreign} as {role}: {answer.status_code}")
        assert leaks == []
        assert asked > 100  # there was something to leak

    def test_everything_has_a_name_for_people(self) -> None:
        named = {}
        for model, kind in reach.KINDS.items():
            for acting in self.who().values():
                thing = kind.rows(acting).select_related(*kind.also).first()
                if thing is not None:
                    named[model] = title_of(thing)
        assert {name for name in named.values() if not name or " object (" in name} == set()
        assert named["seat"] == named["panel"] == "材料评审个人奖高层领导者第1组"
        assert len(named) >= 18

    def test_what_is_permitted_is_found(self) -> None:
        """The negative control: the pages of acts are not simply closed."""
        open_, acting = 0, self.who()[Role.OFFICE.value]
        client = seated(acting)
        for spec in REGISTER.values():
            if takes(spec.body) is type(self.cycle) and permit(spec, acting, self.cycle).ok:
                url = act_url(spec.id, self.cycle)
                if url.startswith("/desk/do/"):
                    assert client.get(url).status_code == 200, url
                    open_ += 1
        assert open_ >= 3
