"""Every act as every role at every stage: done exactly where the golden table says, refused and journalled elsewhere (L1).

Only the bodies of the acts are replaced, and what belongs to a single row (its state, its unit) is left aside: those have their own tests.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

import pytest
from django.db import models
from django.test import TestCase

from tests.architecture.act_matrix import ANY, GOLDEN, golden, registered
from tests.rules.worked import HEBEI
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import Acting, ActSpec, NotPermitted, Outcome
from zhiheng.foundation.acts.permission import cycle_of, permit, ref
from zhiheng.foundation.administration.people import OF_A_UNIT
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.exact import ExactField, ExactOrNoneField
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.packs.services import store
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.process.duties import DUTIES
from zhiheng.process.line import takes
from zhiheng.process.register import REGISTER
from zhiheng.rules.decision import yes
from zhiheng.rules.lifecycle import Role, Stage

TABLE = {row["act"]: row for row in golden()}


def allowed(act: str, role: Role, stage: Stage | None) -> bool:
    """What the golden table says."""
    row = TABLE[act]
    return role in row["roles"].split() and (row["stages"] == ANY or stage in row["stages"].split())


class Rows:
    """One row of each model that acts are done on, all of the same cycle."""

    def __init__(self) -> None:
        self.known: dict[type[models.Model], models.Model] = {}

    def of(self, model: type[models.Model]) -> Any:
        """The row of a model, made with its needed fields filled in."""
        if model not in self.known:
            needed = [f for f in model._meta.concrete_fields if not (f.null or f.has_default() or f.primary_key)]
            self.known[model] = model._default_manager.create(**{f.name: self._value(f) for f in needed})
        return self.known[model]

    def _value(self, field: Any) -> Any:
        if isinstance(field, models.ForeignKey):
            return self.of(field.related_model)
        if field.choices:
            return field.choices[0][0]
        values: list[tuple[Any, Any]] = [
            (ExactField | ExactOrNoneField, Fraction(1)),
            (models.DateTimeField, clock.now()),
            (models.DateField, date(2024, 5, 1)),
            (models.BooleanField, False),
            (models.IntegerField, 1),
            (models.JSONField, {}),
            (models.CharField | models.TextField | models.FileField, entropy.token(6)),
        ]
        return next(value for kind, value in values if isinstance(field, kind))


def probe(spec: ActSpec, reached: Counter[str]) -> ActSpec:
    """The act with a body that only counts, for any row."""

    def body(acting: Acting, subject: Any, **details: Any) -> Outcome:
        reached[f"{spec.id} {acting.role} {details['stage']}"] += 1
        return Outcome(yes())

    return replace(spec, body=body, scope=None, states=frozenset())


@pytest.mark.duty("L1")
class TestMatrix(TestCase):
    actors: ClassVar[dict[Role, Acting]]
    cycle: ClassVar[Cycle]
    subjects: ClassVar[dict[type, Any]]

    @classmethod
    def setUpTestData(cls) -> None:
        rows = Rows()
        rows.known[PackVersion] = store(load_pack(HEBEI))
        cls.cycle = rows.of(Cycle)
        kinds = {takes(spec.body) for spec in REGISTER.values()} - {type(None)}
        cls.subjects = {kind: rows.of(kind) for kind in kinds} | {type(None): None}
        cls.actors = {}
        for role in Role:
            if role == Role.PUBLIC:
                cls.actors[role] = Acting(role)
                continue
            unit = rows.of(Unit) if role in OF_A_UNIT else None
            person = Person.objects.create(name=role.value)
            RoleGrant.objects.create(person=person, role=role.value, unit=unit, granted_at=clock.now())
            cls.actors[role] = Acting(role, person, unit)

    def at(self, stage: Stage) -> None:
        """The cycle stands at the stage, in the database and in every subject's memory."""
        Cycle.objects.update(stage=stage.value)
        for subject in self.subjects.values():
            if found := cycle_of(subject):
                found.stage = stage.value

    def cases(self) -> Iterator[tuple[ActSpec, Any]]:
        for spec in REGISTER.values():
            yield spec, self.subjects[takes(spec.body)]

    def test_every_act_as_every_role_at_every_stage(self) -> None:
        wrong, seen = [], 0
        for stage in Stage:
            self.at(stage)
            for spec, subject in self.cases():
                bare = replace(spec, scope=None, states=frozenset())
                for role, acting in self.actors.items():
                    seen += 1
                    if permit(bare, acting, subject).ok != allowed(spec.id, role, stage if cycle_of(subject) else None):
                        wrong.append((spec.id, role.value, stage.value))
        assert wrong == []
        assert seen == len(REGISTER) * len(Role) * len(Stage)

    def test_it_is_done_where_allowed_and_refused_on_record_elsewhere(self) -> None:
        """Each act as each role at one stage of its own, and as those who may at a stage that is not; through the whole act."""
        reached: Counter[str] = Counter()
        tried: Counter[bool] = Counter()
        for stage in Stage:
            self.at(stage)
            for spec, subject in self.cases():
                own = TABLE[spec.id]["stages"].split()
                first = Stage(own[0]) if own != [ANY] else Stage.CALL
                foreign = next((s for s in Stage if own != [ANY] and s not in own), None)
                for role, acting in self.actors.items():
                    if stage == first or (stage == foreign and role in spec.roles):
                        wanted = allowed(spec.id, role, stage)
                        tried[wanted] += 1
                        self.one(probe(spec, reached), acting, subject, stage, wanted=wanted)
                        assert reached[f"{spec.id} {role} {stage}"] == wanted, (spec.id, role, stage)
        kinds = Counter(JournalEntry.objects.values_list("kind", flat=True))
        assert (kinds["act"] + kinds["look"], kinds["refusal"]) == (tried[True], tried[False])
        assert tried[True] == sum(len(row["roles"].split()) for row in TABLE.values())
        assert tried[False] >= len(REGISTER) * len(Role) - tried[True]

    def one(self, spec: ActSpec, acting: Acting, subject: Any, stage: Stage, *, wanted: bool) -> None:
        code = "stage" if acting.role in spec.roles else "role"
        if wanted:
            spec(acting, subject, stage=stage)
        else:
            with pytest.raises(NotPermitted) as caught:
                spec(acting, subject, stage=stage)
            assert [r.code for r in caught.value.decision.refusals] == [code], (spec.id, acting.role, stage)
        last = JournalEntry.objects.latest("pk")
        assert (last.act, last.role, last.actor, last.subject) == (spec.id, acting.role.value, acting.code, ref(subject))
        assert last.kind == (spec.kind if wanted else "refusal")
        if not wanted:
            why = json.loads(last.body)["payload"]
            assert (why["why"], [r["code"] for r in why["reasons"]]) == ("NotPermitted", [code])

    def test_a_role_that_one_does_not_hold_opens_nothing(self) -> None:
        """Everybody claims every other role; the public claims them with no name, and somebody named claims to be the public."""
        stranger, wrong = Person.objects.create(name="无角色者"), []
        claimed = [Acting(role, stranger, self.actors[role].unit) for role in Role]
        claimed += [Acting(role) for role in Role if role != Role.PUBLIC]
        claimed += [replace(self.actors[role], unit=Unit.objects.create(code=f"u-{role}", kind=role, name="他单位")) for role in OF_A_UNIT]
        for spec, subject in self.cases():
            bare = replace(spec, scope=None, states=frozenset(), stages=frozenset())
            wrong += [(spec.id, acting.role.value) for acting in claimed if acting.role in spec.roles and permit(bare, acting, subject).ok]
        assert wrong == []

    def test_a_role_taken_back_or_of_another_cycle_opens_nothing(self) -> None:
        bare = [(replace(s, scope=None, states=frozenset()), subject) for s, subject in self.cases() if not s.stages]

        def opened() -> set[tuple[str, str]]:
            held = [(role, acting) for role, acting in self.actors.items() if role != Role.PUBLIC]
            return {(spec.id, role.value) for spec, subject in bare for role, acting in held if permit(spec, acting, subject).ok}

        assert len(opened()) > 20
        for change in ({"cycle": "1999"}, {"cycle": "", "revoked_at": clock.now()}):
            RoleGrant.objects.update(**change)
            assert opened() == set(), change


@pytest.mark.duty("L1")
def test_the_register_is_the_golden_table() -> None:
    assert registered() == golden(), (
        f"the register changed: read why, then `.venv/bin/python -m tests.architecture.act_matrix` ({GOLDEN.name})"
    )


@pytest.mark.duty("L1")
def test_acts_of_the_platform_have_no_stage_and_every_act_a_role() -> None:
    assert [spec.id for spec in REGISTER.values() if takes(spec.body) is type(None) and spec.stages] == []
    assert [spec.id for spec in REGISTER.values() if not spec.roles] == []
    assert {d for row in TABLE.values() for d in row["duties"].split()} <= {duty.id for duty in DUTIES}


@pytest.mark.duty("L1", "K7")
def test_separation_of_duties_in_the_table() -> None:
    """The administrator keeps units, accounts and roles and does nothing else; experts score, and neither check bonus nor decide; an inspector changes no result;
    nobody but the chair opens a ballot, and only members and the chair vote; the office hands out their codes and does no more."""
    by_role = {role: {act for act, row in TABLE.items() if role in row["roles"].split()} for role in Role}
    assert by_role[Role.ADMIN] == {
        "people.grant_role", "people.revoke_role", "people.invite", "people.reset_factor", "people.revoke_invitation", "accounts.lock", "accounts.unlock",
        "units.create", "units.change", "units.close", "units.reopen",
    }  # fmt: skip
    assert by_role[Role.INSPECTOR] == {
        "cycle.export", "evidence.look", "panel.commit_seed", "panel.consent_again", "panel.export_experts", "panel.reveal_seed",
        "publicity.object", "supervision.record_abuse",
    }  # fmt: skip
    assert by_role[Role.EXPERT] == {
        "evidence.look", "panel.answer", "panel.confirm_profile", "panel.declare_conflict", "panel.set_absences", "panel.set_bank",
        "panel.update_profile", "review.record_consensus", "review.submit_report", "review.submit_sheet",
        "sitevisit.hand_in", "sitevisit.plan", "sitevisit.record_consensus", "sitevisit.step", "sitevisit.submit_report",
        "sitevisit.submit_sheet",
    }  # fmt: skip
    assert by_role[Role.PUBLIC] == {"people.accept_invitation", "people.register", "publicity.object", "supervision.report_misuse"}
    voting = {
        act: row["roles"]
        for act, row in TABLE.items()
        if act.startswith("committee.") and act not in {"committee.appoint", "committee.issue_codes"}
    }
    assert TABLE["committee.issue_codes"]["roles"] == "office"
    assert {act for act, roles in voting.items() if roles == "chair"} == set(voting) - {"committee.cast", "committee.sign_in"}
    assert voting["committee.cast"] == voting["committee.sign_in"] == "chair member"
    scoring = {"review.submit_sheet", "sitevisit.submit_sheet"}
    assert {TABLE[act]["roles"] for act in scoring} == {"expert"}
