"""Who may do an act, and where and when; every no is told with its reason and stands in the journal (L1, T3, T11)."""

import json
from typing import Any

import pytest

from tests.foundation.conftest import NOW, Declare, Town, found_unit, moment
from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER, Acting, ActSpec, NotPermitted, Refused
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import RoleGrant, Unit
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage

pytestmark = pytest.mark.duty("L1")
ROLE = "您当前的身份不能办理“设立测试单位”（《细则》四）"


def turned_away(spec: ActSpec, acting: Acting, subject: Any = None) -> tuple[str, str]:
    """The text of the refusal and its code, after checking that it is journalled and nothing else happened."""
    entries, units = JournalEntry.objects.count(), Unit.objects.count()
    with pytest.raises(NotPermitted) as caught:
        spec(acting, subject)
    assert Unit.objects.count() == units
    assert JournalEntry.objects.count() == entries + 1
    entry = JournalEntry.objects.latest("pk")
    (reason,) = caught.value.decision.refusals
    assert (entry.kind, entry.act, entry.actor, entry.role, entry.at) == ("refusal", spec.id, acting.code, acting.role.value, NOW)
    assert json.loads(entry.body)["payload"] == {
        "why": "NotPermitted",
        "reasons": [{"code": reason.code, "duty": "L1", "article": "四", "text": reason.text}],
    }
    assert journal.verify(entry.chain) == []
    return caught.value.decision.text(), reason.code


def allowed(spec: ActSpec, acting: Acting, subject: Any = None) -> bool:
    return spec(acting, subject).value is not None


def test_an_act_is_declared_once(declare: Declare) -> None:
    spec = declare(found_unit)
    assert REGISTER["test.found"] is spec
    with pytest.raises(ValueError, match=r"test\.found is declared twice"):
        declare(found_unit)
    assert REGISTER["test.found"] is spec


def test_the_right_role_may(town: Town, declare: Declare) -> None:
    assert allowed(declare(found_unit), town.acting(Role.OFFICE))


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICE, Role.PUBLIC)])
def test_another_role_may_not(town: Town, declare: Declare, role: Role) -> None:
    assert turned_away(declare(found_unit), town.acting(role)) == (ROLE, "role")


def test_a_role_without_a_grant_may_not(town: Town, declare: Declare) -> None:
    assert turned_away(declare(found_unit), Acting(Role.OFFICE, town.person(), town.unit(Role.OFFICE))) == (ROLE, "role")
    assert turned_away(declare(found_unit, "test.second"), Acting(Role.OFFICE)) == (ROLE, "role")


def test_a_grant_of_one_role_is_none_of_another(town: Town, declare: Declare) -> None:
    acting = town.acting(Role.EXPERT)
    assert turned_away(declare(found_unit), Acting(Role.OFFICE, acting.person, town.unit(Role.OFFICE))) == (ROLE, "role")


def test_a_revoked_grant_is_none(town: Town, declare: Declare) -> None:
    spec, acting = declare(found_unit), town.acting(Role.OFFICE)
    RoleGrant.objects.update(revoked_at=NOW)
    assert turned_away(spec, acting) == (ROLE, "role")
    RoleGrant.objects.create(person=acting.person, role=Role.OFFICE.value, unit=acting.unit, granted_at=NOW)
    assert allowed(spec, acting)


def test_a_grant_for_one_unit_is_none_for_another(town: Town, declare: Declare) -> None:
    spec = declare(found_unit, roles=[Role.RECOMMENDER])
    own = town.acting(Role.RECOMMENDER, "sjz")
    assert turned_away(spec, Acting(Role.RECOMMENDER, own.person, town.unit(Role.RECOMMENDER, "ts"))) == (ROLE, "role")
    assert turned_away(spec, Acting(Role.RECOMMENDER, own.person)) == (ROLE, "role")
    assert allowed(spec, own)


def test_a_grant_without_unit_is_none_for_a_unit(town: Town, declare: Declare) -> None:
    expert = town.acting(Role.EXPERT)
    spec = declare(found_unit, roles=[Role.EXPERT])
    assert turned_away(spec, Acting(Role.EXPERT, expert.person, town.unit(Role.OFFICE))) == (ROLE, "role")
    assert allowed(spec, expert)


def test_a_grant_for_one_cycle_is_none_for_another_or_for_the_platform(town: Town, declare: Declare) -> None:
    spec, acting = declare(found_unit), town.acting(Role.OFFICE, cycle="2026")
    assert turned_away(spec, acting, town.cycle(code="2025")) == (ROLE, "role")
    assert turned_away(spec, acting) == (ROLE, "role")
    assert allowed(spec, acting, town.cycle(code="2026"))


def test_a_grant_for_every_cycle_holds_in_each(town: Town, declare: Declare) -> None:
    acting = town.acting(Role.OFFICE)
    for number, code in enumerate(("2024", "2025", "2026")):
        assert declare(found_unit, f"test.{number}")(acting, town.cycle(code=code), code=code).value.code == code


def test_the_public_acts_without_name_and_unit(town: Town, declare: Declare) -> None:
    spec = declare(found_unit, roles=[Role.PUBLIC])
    assert turned_away(spec, Acting(Role.PUBLIC, town.person())) == (ROLE, "role")
    assert turned_away(spec, Acting(Role.PUBLIC, unit=town.unit(Role.OFFICE))) == (ROLE, "role")
    assert turned_away(declare(found_unit, "test.office"), Acting(Role.PUBLIC)) == (ROLE, "role")
    assert allowed(spec, Acting(Role.PUBLIC))


def test_only_at_its_stages(town: Town, declare: Declare) -> None:
    spec = declare(found_unit, stages=[Stage.SITE_VISIT, Stage.CALL])
    acting, cycle = town.acting(Role.OFFICE), town.cycle(Stage.APPLICATION)
    text = "“设立测试单位”须在通知公告、现场评审阶段办理，当前为申报阶段（《细则》四）"
    assert turned_away(spec, acting, cycle) == (text, "stage")
    assert turned_away(spec, acting) == (text.replace("为申报", "为未启动"), "stage")
    cycle.stage = Stage.CALL.value  # what the caller believes does not count, the database does
    assert turned_away(spec, acting, cycle) == (text, "stage")
    cycle.save()
    assert allowed(spec, acting, cycle)


def test_only_in_its_states(town: Town, declare: Declare) -> None:
    spec = declare(found_unit, states=[EntryStatus.SUBMITTED])
    acting, cycle = town.acting(Role.OFFICE), town.cycle(Stage.RECOMMENDATION)
    draft, submitted = (town.entry(cycle, status, n) for n, status in enumerate((EntryStatus.DRAFT, EntryStatus.SUBMITTED), 1))
    assert turned_away(spec, acting, draft) == ("当前状态为“填报中”，不能办理“设立测试单位”（《细则》四）", "state")
    assert turned_away(spec, acting, cycle) == ("当前状态为“无状态”，不能办理“设立测试单位”（《细则》四）", "state")
    draft.status = EntryStatus.SUBMITTED.value
    assert turned_away(spec, acting, draft)[1] == "state"
    assert allowed(spec, acting, submitted)
    assert JournalEntry.objects.latest("pk").subject == "entry:2026-O-0002"
    assert JournalEntry.objects.latest("pk").chain == "cycle:2026"


def test_only_within_its_scope(town: Town, declare: Declare) -> None:
    spec = declare(found_unit, roles=[Role.RECOMMENDER], scope=lambda acting, entry: acting.unit == entry.recommender)
    entry = town.entry(town.cycle(), EntryStatus.SUBMITTED)
    text = "“设立测试单位”只能由与该事项对应的单位或人员办理（《细则》四）"
    assert turned_away(spec, town.acting(Role.RECOMMENDER, "ts"), entry) == (text, "scope")
    assert allowed(spec, town.acting(Role.RECOMMENDER), entry)


def test_permission_comes_before_the_rules(town: Town, declare: Declare) -> None:
    """Who may not act learns nothing of how things stand."""
    spec, office = declare(found_unit), town.acting(Role.OFFICE)
    spec(office)
    with pytest.raises(Refused, match="已存在"):
        spec(office)
    assert turned_away(spec, town.acting(Role.EXPERT)) == (ROLE, "role")


def test_the_clock_of_the_test_is_the_clock_of_the_act(town: Town, declare: Declare) -> None:
    with clock.travel(moment(2026, 3, 5, 23, 59, 59)):
        assert declare(found_unit)(town.acting(Role.OFFICE)).at == moment(2026, 3, 5, 23, 59, 59)
