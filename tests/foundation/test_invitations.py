"""Accounts come by acts: an administrator invites, the invited take up once and in time, an applicant registers (L1, D1, T9, T10)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.foundation.conftest import NOW, Town, at_once
from tests.foundation.test_administration import NUMBER, everything_stored, refusal
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted, Receipt, Refused
from zhiheng.foundation.administration import invitations, people
from zhiheng.foundation.canonical import salted
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.invitations import TERM, find, token_of
from zhiheng.foundation.people.models import Account, Invitation, Person, RoleGrant
from zhiheng.foundation.people.selectors import find_person
from zhiheng.rules.lifecycle import Role

pytestmark = pytest.mark.duty("L1")
people_reset = invitations.reset_factor
PUBLIC = Acting(Role.PUBLIC)
PASSWORD = "石家庄-qx7-Wm2"
Capture = Callable[..., Any]


@pytest.fixture
def admin(town: Town) -> Acting:
    return people.install("周管理")


def invite(admin: Acting, person: Person | None = None, **details: Any) -> Invitation:
    given = {"email": "Li.Expert@example.org", "role": Role.EXPERT, "person": person} | details
    made = invitations.invite(admin, None, **given).value
    assert isinstance(made, Invitation)
    return made


def accept(token: str, username: str = "li.expert", password: str = PASSWORD) -> Receipt:
    return invitations.accept_invitation(PUBLIC, None, token=token, username=username, password=password)


def payload() -> Any:
    return json.loads(JournalEntry.objects.latest("pk").body)["payload"]


# ------------------------------------------------------------------ inviting


def test_the_invited_get_account_and_role_by_one_act(town: Town, admin: Acting) -> None:
    person = town.person("李专家")
    made = invite(admin, person)
    assert (made.email, made.role, made.expires_at) == ("li.expert@example.org", "expert", NOW + timedelta(days=7))
    assert not Account.objects.exists()
    assert not person.grants.exists()
    receipt = accept(token_of(made.nonce))
    account = Account.objects.get()
    assert receipt.value == account
    assert (account.username, account.email, account.person, account.is_active) == ("li.expert", "li.expert@example.org", person, True)
    assert account.check_password(PASSWORD)
    grant = person.grants.get()
    assert (grant.role, grant.unit, grant.cycle, grant.granted_at, grant.revoked_at) == ("expert", None, "", NOW, None)
    assert Invitation.objects.get().accepted_at == NOW
    entry = JournalEntry.objects.latest("pk")
    assert (entry.act, entry.actor, entry.role, entry.subject) == ("people.accept_invitation", "", "public", f"person:{person.code}")
    assert payload() == {"person": person.code, "role": "expert", "unit": "", "cycle": "", "invitation": made.pk}


def test_somebody_new_is_named_by_an_id_number_that_is_kept_nowhere(town: Town, admin: Acting) -> None:
    office = town.unit(Role.OFFICE)
    made = invite(admin, name="王处长", id_number=NUMBER, employer="省市场监管局", role=Role.OFFICE, unit=office, cycle="2026")
    person = find_person(NUMBER)
    assert made.person == person
    assert (made.person.name, made.person.employer) == ("王处长", "省市场监管局")
    stored = everything_stored()
    assert "王处长" in stored  # the search does find what is stored
    assert NUMBER not in stored
    accept(token_of(made.nonce), "wang")
    grant = RoleGrant.objects.get(person=person)
    assert (grant.role, grant.unit, grant.cycle) == ("office", office, "2026")


def test_the_journal_knows_neither_e_mail_nor_token_and_the_database_no_token(town: Town, admin: Acting) -> None:
    person = town.person()
    made = invite(admin, person)
    token = token_of(made.nonce)
    assert payload()["email"] == salted(person.salt, "li.expert@example.org")
    assert "li.expert@example.org" not in "".join(JournalEntry.objects.values_list("body", flat=True))
    accept(token)
    stored = everything_stored()
    assert made.digest in stored
    assert token not in stored
    assert PASSWORD not in stored


def test_what_may_not_be_granted_may_not_be_offered(town: Town, admin: Acting) -> None:
    inspector = town.acting(Role.INSPECTOR).person
    assert inspector is not None
    apart = "纪检监督、系统管理员与其他角色不得由同一人兼任（《细则》七（七））"
    known = {"email": "a@example.org"}
    assert refusal(invitations.invite, admin, person=inspector, role=Role.EXPERT, **known) == apart
    assert refusal(invitations.invite, admin, person=admin.person, role=Role.EXPERT, **known) == "不得为本人授予角色，请由其他管理员办理"
    assert refusal(invitations.invite, admin, person=town.person(), role=Role.OFFICE, **known) == "该角色须对应具体单位，请选择单位"
    assert not Invitation.objects.exists()


def test_bad_particulars_are_refused(town: Town, admin: Acting) -> None:
    new = {"email": "a@example.org", "role": Role.EXPERT}
    assert refusal(invitations.invite, admin, **new) == "请填写姓名"
    assert refusal(invitations.invite, admin, name="王", **new) == "请填写证件号码"
    assert refusal(invitations.invite, admin, name="王", id_number=NUMBER[:-1] + "0", **new) == "身份证号码校验不通过，请核对"
    for wrong in ("", "a@", "无"):
        assert refusal(invitations.invite, admin, person=town.person(), email=wrong, role=Role.EXPERT) == "请填写正确的邮箱"


def test_who_has_an_account_is_not_invited_again(town: Town, admin: Acting) -> None:
    person = town.person()
    Account.objects.create_user("li", PASSWORD, email="li@example.org", person=person)
    assert refusal(invitations.invite, admin, person=person, email="x@example.org", role=Role.EXPERT) == "该人员已有账号，请直接授予角色"
    other = refusal(invitations.invite, admin, person=town.person(), email="LI@example.org", role=Role.EXPERT)
    assert other == "该邮箱已属于另一个账号，请核对"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.INSPECTOR, Role.CHAIR])
def test_only_an_administrator_invites(town: Town, admin: Acting, role: Role) -> None:
    with pytest.raises(NotPermitted):
        invite(town.acting(role), town.person())


# ------------------------------------------------------------------ taking up


def test_a_link_opens_once(town: Town, admin: Acting) -> None:
    token = token_of(invite(admin, town.person()).nonce)
    accept(token)
    with pytest.raises(Refused) as caught:
        accept(token, "other")
    assert caught.value.decision.text() == invitations.GONE
    assert Account.objects.count() == 1


def test_a_link_holds_for_seven_days(town: Town, admin: Acting) -> None:
    token = token_of(invite(admin, town.person()).nonce)
    with clock.travel(NOW + TERM):
        assert find(token, clock.now()) is None
        assert refusal(invitations.accept_invitation, PUBLIC, token=token, username="late", password=PASSWORD) == invitations.GONE
    with clock.travel(NOW + TERM - timedelta(seconds=1)):
        assert accept(token).value.username == "li.expert"


def test_a_link_taken_back_or_replaced_is_dead(town: Town, admin: Acting) -> None:
    person = town.person()
    first, second = invite(admin, person), invite(admin, person)
    assert find(token_of(first.nonce), NOW) is None
    invitations.revoke_invitation(admin, None, invitation=second)
    assert payload() == {"person": person.code, "invitation": second.pk}
    assert find(token_of(second.nonce), NOW) is None
    assert refusal(invitations.revoke_invitation, admin, invitation=second) == "该邀请此前已撤回"
    third = invite(admin, person)
    accept(token_of(third.nonce))
    assert refusal(invitations.revoke_invitation, admin, invitation=third) == "邀请已被接受，如需停止其办理业务，请收回角色"


@pytest.mark.parametrize("token", ["", "0" * 64, "%", "'--"])
def test_a_guessed_link_opens_nothing(town: Town, admin: Acting, token: str) -> None:
    invite(admin, town.person())
    assert refusal(invitations.accept_invitation, PUBLIC, token=token, username="li", password=PASSWORD) == invitations.GONE


def test_the_digest_is_not_the_link(town: Town, admin: Acting) -> None:
    """Who reads the database has neither the token nor what it takes to make it."""
    made = invite(admin, town.person())
    for known in (made.digest, made.nonce):
        assert find(known, NOW) is None


@pytest.mark.parametrize(
    ("username", "password", "text"),
    [
        ("李", PASSWORD, "用户名须为 2 至 40 个小写字母、数字、点、下划线或连字符，以字母或数字开头"),
        ("a@b.cn", PASSWORD, "用户名须为 2 至 40 个小写字母、数字、点、下划线或连字符，以字母或数字开头"),
        ("taken", PASSWORD, "该用户名已被使用，请另选一个"),
        ("TAKEN", PASSWORD, "该用户名已被使用，请另选一个"),
        ("li.expert", "short1", "密码太短，至少须有 10 个字符。该密码过于常见，容易被猜中。"),
        ("li.expert", "20260302202603", "密码不能全是数字。"),
        ("li.expert", "li.expert99", "密码与用户名或邮箱过于相近。"),
    ],
)
def test_what_was_chosen_badly_is_refused(town: Town, admin: Acting, username: str, password: str, text: str) -> None:
    Account.objects.create_user("taken")
    token = token_of(invite(admin, town.person()).nonce)
    assert refusal(invitations.accept_invitation, PUBLIC, token=token, username=username, password=password) == text
    assert accept(token).value.username == "li.expert"


@pytest.mark.duty("K7")
def test_who_became_something_else_meanwhile_gets_neither_account_nor_role(town: Town, admin: Acting) -> None:
    person = town.person()
    token = token_of(invite(admin, person).nonce)
    town.acting(Role.INSPECTOR, person=person)
    assert "不得由同一人兼任" in refusal(invitations.accept_invitation, PUBLIC, token=token, username="li", password=PASSWORD)
    assert not Account.objects.exists()
    assert [g.role for g in person.grants.all()] == ["inspector"]


def test_of_many_takings_up_at_once_one_stands(real_town: Town) -> None:
    admin = people.install("周管理")
    token = token_of(invite(admin, real_town.person()).nonce)
    answers = at_once(8, lambda n: accept(token, f"user{n}"))
    assert sorted(type(a).__name__ for a in answers) == ["Receipt"] + ["Refused"] * 7, answers
    assert (Account.objects.count(), RoleGrant.objects.filter(role="expert").count()) == (1, 1)


# ------------------------------------------------------------------ registering with an account


def register(**details: Any) -> Receipt:
    given = {"name": "陈申报", "id_number": NUMBER, "username": "chen", "password": PASSWORD, "email": "Chen@example.org"}
    return people.register(PUBLIC, None, **given | details)


@pytest.mark.duty("D1")
def test_an_applicant_gets_person_role_and_account_in_one_go(town: Town) -> None:
    person = register().value
    account = Account.objects.get()
    assert (account.person, account.username, account.email) == (person, "chen", "chen@example.org")
    assert [g.role for g in person.grants.all()] == ["applicant"]
    assert NUMBER not in everything_stored()


@pytest.mark.duty("D1")
@pytest.mark.parametrize("role", [None, Role.APPLICANT, Role.EXPERT, Role.INSPECTOR])
def test_an_id_number_is_no_key_to_its_owner(town: Town, role: Role | None) -> None:
    """Whoever is known already, in whatever role, gets the one answer that names no reason; nothing is opened."""
    known = people.register(PUBLIC, None, name="陈申报", id_number=NUMBER).value
    known.grants.update(role=role.value) if role else known.grants.all().delete()
    with pytest.raises(Refused) as caught:
        register(username="thief")
    assert caught.value.decision.text() == "暂不能以该证件号码注册，请联系省质评办（《细则》四（二））"
    assert not Account.objects.exists()
    assert "thief" not in everything_stored()


@pytest.mark.duty("D1")
@pytest.mark.parametrize(
    ("details", "text"),
    [
        ({"email": "nobody"}, "请填写正确的邮箱"),
        ({"password": "20260302202603"}, "密码不能全是数字。"),
        ({"username": "x"}, "用户名须为 2 至 40 个小写字母、数字、点、下划线或连字符，以字母或数字开头"),
    ],
)
def test_a_bad_account_registers_nobody(town: Town, details: dict[str, str], text: str) -> None:
    with pytest.raises(Refused) as caught:
        register(**details)
    assert caught.value.decision.text() == text + "（《细则》四（二））"
    assert not Person.objects.exists()


# ------------------------------------------------------------------ a second factor that was lost


def test_a_lost_factor_is_taken_away_by_another_administrator_with_a_reason(town: Town, admin: Acting) -> None:
    person = town.person()
    assert refusal(people_reset, admin, person=person, reason="遗失手机，当面核实") == "该人员没有账号"
    Account.objects.create_user("li", PASSWORD, person=person)
    assert refusal(people_reset, admin, person=person, reason=" ") == "请填写重置的理由"
    assert refusal(people_reset, admin, person=admin.person, reason="遗失") == "不得为本人重置，请由其他管理员办理"
    people_reset(admin, None, person=person, reason="遗失手机，当面核实")
    assert payload() == {"person": person.code, "reason": "遗失手机，当面核实"}
    assert Account.objects.get().check_password(PASSWORD)
    with pytest.raises(NotPermitted):
        people_reset(town.acting(Role.OFFICE), None, person=person, reason="遗失")
