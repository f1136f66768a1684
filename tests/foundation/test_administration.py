"""Roles granted and taken back by acts, one person for one ID number that is kept nowhere, the first administrator once (L1, D1, K7, T2)."""

import json
from itertools import permutations
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.foundation.conftest import NOW, Declare, Town, at_once, found_unit
from zhiheng.foundation.acts import Acting, NotPermitted, Receipt, Refused
from zhiheng.foundation.administration import people
from zhiheng.foundation.canonical import salted
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.foundation.people.selectors import find_person, id_digest, mask
from zhiheng.rules.lifecycle import Role

pytestmark = pytest.mark.duty("L1")
PUBLIC = Acting(Role.PUBLIC)
NUMBER = "130102198811223341"


@pytest.fixture
def admin(town: Town) -> Acting:
    return people.install("周管理")


def refusal(spec: Any, acting: Acting, **details: Any) -> str:
    with pytest.raises(Refused) as caught:
        spec(acting, None, **details)
    return caught.value.decision.text()


def payload() -> Any:
    return json.loads(JournalEntry.objects.latest("pk").body)["payload"]


# ------------------------------------------------------------------ the first administrator


def test_the_first_administrator_is_installed_once(town: Town) -> None:
    acting = people.install("周管理")
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.chain, entry.subject) == ("people.install", "platform", f"person:{acting.code}")
    assert payload() == {"person": acting.code}
    with pytest.raises(ValueError, match="系统管理员已存在"):
        people.install("吴管理")
    assert (Person.objects.count(), RoleGrant.objects.count(), JournalEntry.objects.count()) == (1, 1, 1)
    RoleGrant.objects.update(revoked_at=NOW)
    with pytest.raises(ValueError, match="系统管理员已存在"):
        people.install("吴管理")
    assert journal.verify("platform") == []


def test_of_many_installations_at_once_one_wins(real_town: Town) -> None:
    answers = at_once(8, lambda n: people.install(f"管理{n}"))
    assert sorted(type(a).__name__ for a in answers) == ["Acting"] + ["ValueError"] * 7, answers
    assert (Person.objects.count(), RoleGrant.objects.count(), JournalEntry.objects.count()) == (1, 1, 1)


# ------------------------------------------------------------------ granting


def test_a_grant_is_an_act_and_lets_act(town: Town, admin: Acting, declare: Declare) -> None:
    spec, person, office = declare(found_unit), town.person(), town.unit(Role.OFFICE)
    acting = Acting(Role.OFFICE, person, office)
    with pytest.raises(NotPermitted):
        spec(acting)
    receipt = people.grant_role(admin, None, person=person, role=Role.OFFICE, unit=office)
    assert payload() == {"person": person.code, "role": "office", "unit": "office", "cycle": ""}
    grant = receipt.value
    assert (grant.person, grant.role, grant.unit, grant.cycle, grant.granted_at) == (person, "office", office, "", NOW)
    assert spec(acting).value.code == "new"


def test_the_same_grant_twice_is_one(town: Town, admin: Acting) -> None:
    person = town.person()
    first, second = (people.grant_role(admin, None, person=person, role=Role.EXPERT).value for _ in range(2))
    assert first == second
    assert person.grants.count() == 1


def test_nobody_grants_to_themselves(admin: Acting) -> None:
    assert admin.person is not None
    for role in (Role.OFFICE, Role.INSPECTOR, Role.ADMIN, Role.EXPERT):
        assert refusal(people.grant_role, admin, person=admin.person, role=role) == "不得为本人授予角色，请由其他管理员办理"
    assert admin.person.grants.count() == 1


def test_a_role_that_stands_for_a_unit_names_one_of_its_kind(town: Town, admin: Acting) -> None:
    person = town.person()
    for role in sorted(people.OF_A_UNIT):
        assert refusal(people.grant_role, admin, person=person, role=role) == "该角色须对应具体单位，请选择单位"
        other = town.unit(Role.DEPARTMENT if role != Role.DEPARTMENT else Role.AGENCY)
        text = f"单位“{other.name}”的类别与该角色不符，请重新选择单位"
        assert refusal(people.grant_role, admin, person=person, role=role, unit=other) == text
    assert person.grants.count() == 0


@pytest.mark.duty("K7")
@pytest.mark.parametrize(
    ("held", "wanted"), [(a, b) for a, b in permutations(Role, 2) if {a, b} & people.APART and Role.PUBLIC not in (a, b)]
)
def test_inspector_and_administrator_are_nothing_else(town: Town, admin: Acting, held: Role, wanted: Role) -> None:
    person = town.person()
    units = {role: town.unit(role) for role in people.OF_A_UNIT}
    grant = people.grant_role(admin, None, person=person, role=held, unit=units.get(held)).value
    text = refusal(people.grant_role, admin, person=person, role=wanted, unit=units.get(wanted))
    assert text == "纪检监督、系统管理员与其他角色不得由同一人兼任（《细则》七（七））"
    people.revoke_role(admin, None, grant=grant, reason="调离")
    assert people.grant_role(admin, None, person=person, role=wanted, unit=units.get(wanted)).value.role == wanted.value


def test_other_roles_may_be_held_together(town: Town, admin: Acting) -> None:
    person = town.person()
    for role in (Role.OFFICE, Role.MEMBER, Role.EXPERT):
        people.grant_role(admin, None, person=person, role=role, unit=town.unit(role) if role == Role.OFFICE else None)
    assert person.grants.count() == 3


def test_two_grants_at_once_do_not_slip_past_each_other(real_town: Town) -> None:
    admin, person = people.install("周管理"), real_town.person()
    roles = [Role.INSPECTOR, Role.EXPERT, Role.MEMBER, Role.ADMIN] * 2
    answers = at_once(8, lambda n: people.grant_role(admin, None, person=person, role=roles[n]))
    assert {type(a) for a in answers} == {Receipt, Refused}, answers
    held = {Role(role) for role in person.grants.values_list("role", flat=True)}
    assert held in ({Role.INSPECTOR}, {Role.ADMIN}, {Role.EXPERT}, {Role.MEMBER}, {Role.EXPERT, Role.MEMBER})


def test_only_an_administrator_grants(town: Town, admin: Acting) -> None:
    for role in (Role.OFFICE, Role.INSPECTOR, Role.CHAIR):
        with pytest.raises(NotPermitted):
            people.grant_role(town.acting(role), None, person=town.person(), role=Role.EXPERT)


# ------------------------------------------------------------------ taking back


def test_a_revoked_grant_is_refused_at_the_next_act(town: Town, admin: Acting, declare: Declare) -> None:
    spec, acting = declare(found_unit), town.acting(Role.OFFICE)
    spec(acting, code="a")
    grant = RoleGrant.objects.get(person=acting.person)
    assert refusal(people.revoke_role, admin, grant=grant, reason=" ") == "请填写收回角色的理由"
    spec(acting, code="b")
    people.revoke_role(admin, None, grant=grant, reason="调离")
    assert payload() == {"person": acting.code, "role": "office", "reason": "调离"}
    with pytest.raises(NotPermitted):
        spec(acting, code="c")
    assert RoleGrant.objects.get(pk=grant.pk).revoked_at == NOW


def test_a_grant_is_revoked_once_whatever_the_caller_remembers(town: Town, admin: Acting) -> None:
    person = town.person()
    people.grant_role(admin, None, person=person, role=Role.EXPERT)
    mine, yours = RoleGrant.objects.get(person=person), RoleGrant.objects.get(person=person)
    people.revoke_role(admin, None, grant=mine, reason="一")
    assert refusal(people.revoke_role, admin, grant=yours, reason="二") == "该角色此前已收回"


def test_the_last_administrator_stays(town: Town, admin: Acting) -> None:
    own = RoleGrant.objects.get()
    assert refusal(people.revoke_role, admin, grant=own, reason="离职") == "这是最后一名系统管理员，请先为他人授予该角色"
    people.grant_role(admin, None, person=town.person(), role=Role.ADMIN)
    people.revoke_role(admin, None, grant=own, reason="离职")
    with pytest.raises(NotPermitted):
        people.grant_role(admin, None, person=town.person(), role=Role.EXPERT)


# ------------------------------------------------------------------ registering


def register(number: str = NUMBER, **details: Any) -> Person:
    person = people.register(PUBLIC, None, **({"name": "陈申报", "id_number": number} | details)).value
    assert isinstance(person, Person)
    return person


def everything_stored() -> str:
    """All that stands in any column of any table."""
    with connection.cursor() as cursor:
        rows: list[object] = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows.extend(cursor.fetchall())
    return repr(rows)


@pytest.mark.duty("D1")
@pytest.mark.parametrize("number", [NUMBER, "11010119900307803X", "E12345678", "H0123456789"])
def test_the_id_number_is_kept_nowhere(town: Town, number: str) -> None:
    person = register(number, employer="单位canary")
    stored = everything_stored()
    assert "单位canary" in stored  # the search does find what is stored
    assert person.id_digest in stored
    assert number not in stored
    assert number[1:-1] not in stored
    if len(number) == 18:
        assert number[6:14] not in stored  # the date of birth
    assert JournalEntry.objects.get().subject == f"person:{person.code}"
    for word in ("陈申报", "单位canary", person.id_digest, person.id_mask):
        assert word not in JournalEntry.objects.get().body
    assert payload() == {"person": person.code, "identity": salted(person.salt, id_digest(number)), "fresh": True}


def test_every_table_is_searched(town: Town) -> None:
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor))
    assert {model._meta.db_table for model in apps.get_models()} <= names


@pytest.mark.duty("D1")
def test_the_same_number_is_the_same_person(town: Town) -> None:
    lower = "11010119900307803x"
    first = register(lower.upper())
    for written in (lower, f" {lower} ", "110101 19900307 803X", "１１０１０１１９９００３０７８０３Ｘ"):
        assert register(written) == first
    assert payload()["fresh"] is False
    assert (Person.objects.count(), first.grants.count()) == (1, 1)
    assert find_person(lower) == first
    assert register(NUMBER) != first
    assert find_person("130102198811223368") is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("130102198811223341", "130102**********41"),
        (" 11010119900307803x ", "110101**********3X"),
        ("E12345678", "E*******8"),
        ("12", "**"),
        ("", ""),
        ("X" + "7" * 40, "X****************7"),
    ],
)
def test_a_number_as_people_may_see_it(number: str, shown: str) -> None:
    assert mask(number) == shown


@pytest.mark.duty("D1")
@pytest.mark.parametrize(
    ("details", "text"),
    [
        ({"id_number": ""}, "请填写证件号码"),
        ({"id_number": "  "}, "请填写证件号码"),
        ({"id_number": "1" * 31}, "证件号码过长，请核对"),
        ({"id_number": "130102198811223342"}, "身份证号码校验不通过，请核对"),
        ({"name": " "}, "请填写姓名"),
        ({"name": "名" * 61}, "姓名请控制在 60 字以内"),
        ({"employer": "位" * 121}, "工作单位请控制在 120 字以内"),
        ({"contact": "0" * 121}, "联系方式请控制在 120 字以内"),
    ],
)
def test_what_a_registration_must_be(town: Town, details: dict[str, str], text: str) -> None:
    said = refusal(people.register, PUBLIC, **({"name": "陈申报", "id_number": NUMBER} | details))
    assert said == f"{text}（《细则》四（二））"
    assert Person.objects.count() == 0


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.ADMIN])
@pytest.mark.duty("K7")
def test_an_inspector_does_not_become_an_applicant(town: Town, admin: Acting, role: Role) -> None:
    person = register()
    RoleGrant.objects.filter(person=person).delete()
    people.grant_role(admin, None, person=person, role=role)
    said = refusal(people.register, PUBLIC, name="陈申报", id_number=NUMBER)
    assert said == "暂不能以该证件号码注册，请联系省质评办（《细则》四（二））"
    assert list(person.grants.values_list("role", flat=True)) == [role.value]


def test_who_was_turned_out_does_not_register_again(town: Town, admin: Acting) -> None:
    person = register()
    people.revoke_role(admin, None, grant=person.grants.get(), reason="冒名注册")
    assert "暂不能以该证件号码注册" in refusal(people.register, PUBLIC, name="陈申报", id_number=NUMBER)
    people.grant_role(admin, None, person=person, role=Role.APPLICANT)
    assert register() == person
    assert person.grants.filter(revoked_at=None).count() == 1


def test_further_grants_of_the_same_role_are_no_obstacle(town: Town, admin: Acting) -> None:
    person = register()
    for cycle in ("2025", "2026"):
        people.grant_role(admin, None, person=person, role=Role.APPLICANT, cycle=cycle)
    assert register() == person
    assert person.grants.count() == 3


def test_registrations_at_once_are_one_person(real_town: Town) -> None:
    answers = at_once(8, lambda _: people.register(PUBLIC, None, name="陈申报", id_number=NUMBER).value)
    assert [type(a) for a in answers] == [Person] * 8, answers
    assert (Person.objects.count(), RoleGrant.objects.count()) == (1, 1)
