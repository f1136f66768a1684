"""Units and accounts as the administrator keeps them (L1): each change is an act, with its reason where it takes something away."""

import json
from typing import Any

import pytest

from tests.foundation.conftest import Town, at_once
from tests.foundation.mailing import account
from zhiheng.foundation.acts import ActError, Acting, ActSpec, NotPermitted
from zhiheng.foundation.administration.locks import lock_account, unlock_account
from zhiheng.foundation.administration.people import OF_A_UNIT, grant_role
from zhiheng.foundation.administration.units import change_unit, close_unit, create_unit, reopen_unit
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Account, RoleGrant, Unit
from zhiheng.rules.lifecycle import Role

GIVEN: dict[str, Any] = {"code": "sjz", "kind": Role.RECOMMENDER, "name": "石家庄市市场监督管理局", "city": "石家庄市", "contact": "0311-0"}


def refusal(spec: ActSpec, acting: Acting, subject: Any = None, **details: Any) -> str:
    with pytest.raises(ActError) as error:
        spec(acting, subject, **details)
    return error.value.decision.text()


def code_of(spec: ActSpec, acting: Acting, subject: Any = None, **details: Any) -> str:
    with pytest.raises(ActError) as error:
        spec(acting, subject, **details)
    return error.value.decision.refusals[0].code


def body(act: str) -> dict[str, Any]:
    return json.loads(JournalEntry.objects.get(act=act, kind="act").body)


@pytest.fixture
def admin(town: Town) -> Acting:
    return town.acting(Role.ADMIN)


@pytest.mark.duty("L1")
class TestUnits:
    def test_a_unit_is_set_up_and_journalled_on_the_platform(self, admin: Acting) -> None:
        receipt = create_unit(admin, None, **GIVEN | {"name": "  石家庄市市场监督管理局 "})
        unit = Unit.objects.get()
        assert receipt.value == unit
        assert (unit.code, unit.kind, unit.name, unit.city, unit.contact, unit.active) == (
            "sjz", "recommender", "石家庄市市场监督管理局", "石家庄市", "0311-0", True,
        )  # fmt: skip
        entry = body("units.create")
        assert (entry["chain"], entry["subject"], entry["duties"], entry["actor"]) == ("platform", "unit:sjz", ["L1"], admin.code)
        assert entry["payload"] == {"kind": "recommender", "name": unit.name, "city": "石家庄市", "contact": "0311-0"}

    @pytest.mark.parametrize(
        ("wrong", "field", "text"),
        [
            ({"code": ""}, "code", "单位代码须为 1 至 40 个小写字母、数字或连字符，以字母或数字开头"),
            ({"code": "SJZ"}, "code", "单位代码须为 1 至 40 个小写字母、数字或连字符，以字母或数字开头"),
            ({"code": "-a"}, "code", "单位代码须为 1 至 40 个小写字母、数字或连字符，以字母或数字开头"),
            ({"code": "ａ"}, "code", "单位代码须为 1 至 40 个小写字母、数字或连字符，以字母或数字开头"),
            ({"code": "a" * 41}, "code", "单位代码须为 1 至 40 个小写字母、数字或连字符，以字母或数字开头"),
            ({"code": "a:b"}, "code", "单位代码须为 1 至 40 个小写字母、数字或连字符，以字母或数字开头"),
            ({"name": "  "}, "name", "请填写单位名称"),
            ({"name": "名" * 121}, "name", "单位名称请控制在 120 字以内"),
            ({"city": "市" * 41}, "city", "所在市请控制在 40 字以内"),
            ({"contact": "0" * 201}, "contact", "对外联系方式请控制在 200 字以内"),
            ({"kind": Role.EXPERT}, "kind", "该类别不设单位，请选择省质评办、推荐单位、省有关部门或相关机构"),
            ({"kind": Role.ADMIN}, "kind", "该类别不设单位，请选择省质评办、推荐单位、省有关部门或相关机构"),
        ],
    )
    def test_what_is_wrong_is_said_of_its_field(self, admin: Acting, wrong: dict[str, Any], field: str, text: str) -> None:
        assert refusal(create_unit, admin, None, **GIVEN | wrong) == text
        assert code_of(create_unit, admin, None, **GIVEN | wrong) == f"form.{field}"
        assert not Unit.objects.exists()

    @pytest.mark.parametrize("kind", sorted(OF_A_UNIT))
    def test_every_kind_that_acts_through_people(self, admin: Acting, kind: Role) -> None:
        assert create_unit(admin, None, **GIVEN | {"kind": kind}).value.kind == kind.value

    def test_code_and_name_are_told_apart(self, admin: Acting) -> None:
        create_unit(admin, None, **GIVEN)
        assert refusal(create_unit, admin, None, **GIVEN | {"name": "别局"}) == "单位代码 sjz 已被使用，请另选一个"
        assert refusal(create_unit, admin, None, **GIVEN | {"code": "sjz2"}) == "已有同类别、同名称的单位，请核对"
        assert create_unit(admin, None, **GIVEN | {"code": "sjz-dept", "kind": Role.DEPARTMENT}).value.code == "sjz-dept"

    def test_changing_says_what_was_and_what_is(self, admin: Acting) -> None:
        unit = create_unit(admin, None, **GIVEN).value
        change_unit(admin, unit, name=GIVEN["name"], city="石家庄市", contact="0311-1")
        unit.refresh_from_db()
        assert (unit.contact, unit.code, unit.kind) == ("0311-1", "sjz", "recommender")
        entry = body("units.change")
        assert (entry["subject"], entry["payload"]) == ("unit:sjz", {"contact": {"was": "0311-0", "now": "0311-1"}})

    def test_changing_nothing_or_into_another_is_refused(self, admin: Acting) -> None:
        unit = create_unit(admin, None, **GIVEN).value
        create_unit(admin, None, **GIVEN | {"code": "bd", "name": "保定市市场监督管理局"})
        same = {key: GIVEN[key] for key in ("name", "city", "contact")}
        assert refusal(change_unit, admin, unit, **same) == "单位信息没有变化"
        assert refusal(change_unit, admin, unit, **same | {"name": "保定市市场监督管理局"}) == "已有同类别、同名称的单位，请核对"
        assert refusal(change_unit, admin, unit, **same | {"name": ""}) == "请填写单位名称"

    def test_a_unit_is_closed_when_nobody_acts_for_it_and_opened_again(self, town: Town, admin: Acting) -> None:
        unit = create_unit(admin, None, **GIVEN).value
        grant_role(admin, None, person=town.person(), role=Role.RECOMMENDER, unit=unit)
        assert refusal(close_unit, admin, unit, reason="机构改革") == "尚有 1 项角色授予该单位人员，请先收回"
        RoleGrant.objects.filter(unit=unit).update(revoked_at="2026-03-02T09:00+08:00")
        assert refusal(close_unit, admin, unit, reason=" ") == "请填写停用单位的理由"
        assert refusal(reopen_unit, admin, unit) == "该单位正在使用，无需恢复"
        close_unit(admin, unit, reason="机构改革")
        unit.refresh_from_db()
        assert not unit.active
        assert body("units.close")["payload"] == {"reason": "机构改革"}
        assert refusal(close_unit, admin, unit, reason="再次") == "该单位此前已停用"
        reopen_unit(admin, unit)
        unit.refresh_from_db()
        assert unit.active

    def test_nobody_gets_a_role_for_a_closed_unit(self, town: Town, admin: Acting) -> None:
        unit = create_unit(admin, None, **GIVEN).value
        close_unit(admin, unit, reason="机构改革")
        unit.refresh_from_db()
        assert (
            refusal(grant_role, admin, None, person=town.person(), role=Role.RECOMMENDER, unit=unit)
            == f"单位“{unit.name}”已停用，不能授予其人员角色"
        )

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
    def test_only_the_administrator(self, town: Town, admin: Acting, role: Role) -> None:
        unit = create_unit(admin, None, **GIVEN).value
        who = Acting(Role.PUBLIC) if role == Role.PUBLIC else town.acting(role)
        for spec, subject, details in (
            (create_unit, None, GIVEN | {"code": "x", "name": "x"}),
            (change_unit, unit, {"name": "x"}),
            (close_unit, unit, {"reason": "x"}),
            (reopen_unit, unit, {}),
        ):
            with pytest.raises(NotPermitted):
                spec(who, subject, **details)
        assert Unit.objects.filter(code="sjz", name=GIVEN["name"], active=True).exists()

    def test_the_same_form_twice_is_one_unit_and_one_receipt(self, town: Town) -> None:
        person = town.person()
        acting = town.acting(Role.ADMIN, person=person, token="t1")
        first, second = (create_unit(acting, None, **GIVEN) for _ in range(2))
        assert (first.seq, first.hash) == (second.seq, second.hash)
        assert second.repeated
        assert Unit.objects.count() == 1

    def test_eight_at_once_make_one(self, real_town: Town) -> None:
        admins = [real_town.acting(Role.ADMIN) for _ in range(8)]
        answers = at_once(8, lambda n: create_unit(admins[n], None, **GIVEN))
        assert sum(not isinstance(answer, Exception) for answer in answers) == 1
        assert {str(a) for a in answers if isinstance(a, Exception)} == {"单位代码 sjz 已被使用，请另选一个"}
        assert Unit.objects.count() == 1


@pytest.mark.duty("L1")
class TestLocks:
    def test_an_account_is_locked_and_let_in_again_with_reasons(self, town: Town, admin: Acting) -> None:
        person = town.person()
        account(person)
        lock_account(admin, None, person=person, reason=" 手机遗失 ")
        assert not Account.objects.get().is_active
        entry = body("accounts.lock")
        assert (entry["subject"], entry["payload"]) == (f"person:{person.code}", {"person": person.code, "reason": "手机遗失"})
        assert refusal(lock_account, admin, None, person=person, reason="再次") == "该账号此前已停用"
        unlock_account(admin, None, person=person, reason="已补办")
        assert Account.objects.get().is_active
        assert refusal(unlock_account, admin, None, person=person, reason="再次") == "该账号正在使用，无需恢复"

    def test_what_is_refused(self, town: Town, admin: Acting) -> None:
        person = town.person()
        assert admin.person is not None
        for spec in (lock_account, unlock_account):
            assert refusal(spec, admin, None, person=person, reason="x") == "该人员没有账号"
        account(person)
        account(admin.person)
        assert refusal(lock_account, admin, None, person=person, reason=" ") == "请填写停用账号的理由"
        assert refusal(unlock_account, admin, None, person=person, reason="") == "请填写恢复账号的理由"
        assert refusal(lock_account, admin, None, person=admin.person, reason="x") == "不得停用本人账号，请由其他管理员办理"
        assert Account.objects.filter(is_active=True).count() == 2

    def test_a_session_that_is_open_is_refused_at_its_next_request(self, town: Town, admin: Acting, settings: Any) -> None:
        from django.test import Client

        settings.ZHIHENG_DEMO = True
        expert = town.acting(Role.EXPERT)
        assert expert.person is not None
        client = Client()
        client.force_login(account(expert.person))
        assert client.get("/desk/").status_code == 200
        lock_account(admin, None, person=expert.person, reason="离职")
        assert client.get("/desk/").status_code == 302
        unlock_account(admin, None, person=expert.person, reason="回任")
        assert client.get("/desk/").status_code == 200

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
    def test_only_the_administrator(self, town: Town, role: Role) -> None:
        person = town.person()
        account(person)
        who = Acting(Role.PUBLIC) if role == Role.PUBLIC else town.acting(role)
        for spec in (lock_account, unlock_account):
            with pytest.raises(NotPermitted):
                spec(who, None, person=person, reason="x")
        assert Account.objects.get(person=person).is_active
