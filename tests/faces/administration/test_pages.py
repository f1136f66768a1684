"""The administrator's pages: units, people, roles and rights; nobody else's, and without any business (T1, T2)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.faces.seating import hidden, seated, text
from tests.foundation.conftest import Town
from tests.foundation.mailing import account, tell, work_off
from zhiheng.faces.administration.urls import urlpatterns
from zhiheng.faces.desk.links import act_url
from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.administration.people import grant_role
from zhiheng.foundation.administration.units import close_unit
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Delivery
from zhiheng.foundation.people.models import Account, Invitation, Person, RoleGrant, Unit
from zhiheng.rules.lifecycle import EntryStatus, Role

PAGES = ("home", "units", "people", "roles", "invitations", "rights", "mail", "calendar", "health")
POSTS = ("resend", "test_mail", "check", "redo")


@pytest.fixture
def admin(town: Town) -> Acting:
    acting = town.acting(Role.ADMIN, person=town.person("钱管理"))
    assert acting.person is not None
    account(acting.person)
    return acting


@pytest.fixture
def client(admin: Acting) -> Client:
    return seated(admin)


def page(client: Client, name: str, *args: str, **query: str) -> Any:
    answer = client.get(reverse(f"administration:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer


def names(answer: Any) -> list[str]:
    """The first cell of each row, as links or words."""
    return [
        re.sub(r"<small.*|<[^>]+>", "", cell).strip()
        for cell in re.findall(r'role="rowheader"[^>]*>(.*?)</th>', answer.content.decode(), re.DOTALL)
    ]


# ------------------------------------------------------------------ whose they are


def test_every_address_is_one_of_those_tested() -> None:
    assert {pattern.name for pattern in urlpatterns} == {*PAGES, *POSTS, "unit", "person"}


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMIN, Role.PUBLIC}])
def test_to_every_other_role_they_do_not_exist(town: Town, admin: Acting, role: Role) -> None:
    unit = town.unit(Role.RECOMMENDER)
    other = seated(town.acting(role))
    for name in PAGES:
        assert other.get(reverse(f"administration:{name}")).status_code == 404, name
    for name in POSTS:
        assert other.post(reverse(f"administration:{name}"), {"name": "journal"}).status_code == 404, name
    assert other.get(reverse("administration:unit", args=[unit.code])).status_code == 404
    assert other.get(reverse("administration:person", args=[admin.code])).status_code == 404
    for act in ("units.create", "accounts.lock", "people.grant_role"):
        assert other.get(act_url(act, None)).status_code == 404
    assert other.get(act_url("units.change", unit)).status_code == 404


def test_not_signed_in_one_is_asked_to(db: None) -> None:
    for name in PAGES:
        assert Client().get(reverse(f"administration:{name}")).status_code == 302


def test_nothing_is_kept_by_a_cache_and_nothing_changed_by_looking(client: Client) -> None:
    before = (JournalEntry.objects.count(), Delivery.objects.count())
    for name in PAGES:
        answer = page(client, name)
        assert "no-store" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]
    for name in POSTS:
        assert client.get(reverse(f"administration:{name}")).status_code == 405
    assert (JournalEntry.objects.count(), Delivery.objects.count()) == before


def test_forgery_is_refused(client: Client) -> None:
    client.handler.enforce_csrf_checks = True
    for name in POSTS:
        assert client.post(reverse(f"administration:{name}")).status_code == 403


def test_no_business_is_shown_anywhere(town: Town, admin: Acting, client: Client) -> None:
    """Names of applicants' bodies and entries, scores, texts and titles of messages: none of it is the administrator's."""
    cycle = town.cycle()
    entry = town.entry(cycle, EntryStatus.SUBMITTED)
    entry.name = entry.party.name = "金丝雀实业公司"
    entry.party.save()
    entry.save()
    owner = entry.owner
    account(owner)
    tell(f"person:{owner.code}", "role:admin", cycle=cycle, title="金丝雀标题", text="得分548.25", subject=f"entry:{entry.code}")
    work_off()
    Delivery.objects.update(state="failed", done_at=clock.real(), error="550 no such user")
    shown = [page(client, name) for name in PAGES]
    shown += [page(client, "person", owner.code), page(client, "unit", entry.recommender.code)]
    for answer in shown:
        body = answer.content.decode()
        for canary in ("金丝雀", "548.25", entry.code):
            assert canary not in body, (answer.request["PATH_INFO"], canary)
    assert "550 no such user" in shown[PAGES.index("health")].content.decode(), "what failed is shown, not what it says"


# ------------------------------------------------------------------ units


def test_units_with_filters(town: Town, admin: Acting, client: Client) -> None:
    east, west = town.unit(Role.RECOMMENDER, "east"), town.unit(Role.DEPARTMENT, "west")
    town.acting(Role.RECOMMENDER, "east")
    close_unit(admin, west, reason="撤并")
    assert names(page(client, "units")) == ["单位east", "单位west"]
    assert names(page(client, "units", kind="department")) == ["单位west"]
    assert names(page(client, "units", state="open")) == ["单位east"]
    assert names(page(client, "units", state="closed")) == ["单位west"]
    assert names(page(client, "units", q="EAST")) == ["单位east"]
    assert "没有符合条件的单位" in text(page(client, "units", q="无"))
    assert names(page(client, "units", kind="nonsense", state="x", page="99")) == ["单位east", "单位west"]
    assert names(page(client, "units", q="\x00")) == ["单位east", "单位west"]
    assert "在任 1 人次" in text(page(client, "unit", east.code))


def test_a_unit_that_is_not_there(client: Client) -> None:
    for code in ("nowhere", "a" * 60):
        assert client.get(reverse("administration:unit", args=[code])).status_code == 404


def test_a_unit_is_set_up_on_its_page_once_however_often_sent(client: Client) -> None:
    url = act_url("units.create", None)
    sent = {"kind": "recommender", "code": "sjz", "name": "石家庄市市场监督管理局", "city": "石家庄市", "contact": "0311-0"}
    form = client.get(url)
    asked = client.post(url, hidden(form) | sent | {"step": "preview"})
    assert asked.status_code == 200
    confirmed = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', asked.content.decode())) | {"step": "confirm"}
    first, second = (client.post(url, confirmed) for _ in range(2))
    assert (first.status_code, first["Location"]) == (303, second["Location"])
    assert Unit.objects.get().name == "石家庄市市场监督管理局"
    receipt = client.get(first["Location"])
    assert reverse("administration:unit", args=["sjz"]) in receipt.content.decode()
    assert "设立单位" in text(receipt)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("code", "SJZ", "单位代码须为 1 至 40 个小写字母、数字或连字符，以字母或数字开头"),
        ("code", "taken", "单位代码 taken 已被使用，请另选一个"),
        ("name", "", "必填"),
        ("kind", "expert", "expert"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_stays_typed(town: Town, client: Client, name: str, value: str, fault: str) -> None:
    town.unit(Role.RECOMMENDER, "taken")
    url = act_url("units.create", None)
    sent = {"kind": "recommender", "code": "sjz", "name": "石家庄局", "city": "石家庄市", "contact": "0311-0", name: value}
    answer = client.post(url, hidden(client.get(url)) | sent | {"step": "preview"})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert fault in body
    assert f'id="id_{name}_error"' in body or 'class="errorlist"' in body
    for key in {"code", "name", "city"} - {name}:
        assert f'value="{sent[key]}"' in body
    assert not Unit.objects.filter(code="sjz").exists()


def test_changing_starts_from_what_is(town: Town, client: Client) -> None:
    unit = town.unit(Role.RECOMMENDER, "east")
    url = act_url("units.change", unit)
    form = client.get(url)
    assert 'value="单位east"' in form.content.decode()
    asked = client.post(url, hidden(form) | {"name": "新名", "city": "", "contact": "电话", "step": "preview"})
    done = client.post(url, dict(re.findall(r'name="([^"]+)" value="([^"]*)"', asked.content.decode())) | {"step": "confirm"})
    assert done.status_code == 303
    unit.refresh_from_db()
    assert (unit.name, unit.contact) == ("新名", "电话")


# ------------------------------------------------------------------ people, accounts, roles


def test_people_are_found_by_name_account_role_and_state(town: Town, client: Client) -> None:
    expert, office = town.acting(Role.EXPERT, person=town.person("孙专家")), town.acting(Role.OFFICE, person=town.person("李办公"))
    assert expert.person is not None
    account(expert.person, email="sun@example.test")
    town.person("周无账")
    Account.objects.filter(person=expert.person).update(is_active=False)
    assert set(names(page(client, "people"))) == {"孙专家", "李办公", "周无账", "钱管理"}
    assert names(page(client, "people", q="孙")) == ["孙专家"]
    assert names(page(client, "people", q="SUN@")) == ["孙专家"]
    assert names(page(client, "people", q=office.code)) == ["李办公"]
    assert names(page(client, "people", role="office")) == ["李办公"]
    assert names(page(client, "people", state="locked")) == ["孙专家"]
    assert set(names(page(client, "people", state="none"))) == {"李办公", "周无账"}
    assert names(page(client, "people", state="open")) == ["钱管理"]
    assert "没有符合条件的人员" in text(page(client, "people", q="%"))
    assert set(names(page(client, "people", role="' OR 1=1", state="__class__"))) == {"孙专家", "李办公", "周无账", "钱管理"}


def test_a_persons_page_shows_what_is_held_and_what_was(town: Town, admin: Acting, client: Client) -> None:
    person = town.person("孙专家")
    town.acting(Role.EXPERT, person=person)
    RoleGrant.objects.update_or_create(
        person=person, role="office", unit=town.unit(Role.OFFICE), granted_at=clock.now(), revoked_at=clock.now()
    )
    shown = text(page(client, "person", person.code))
    assert "在任角色 1 项" in shown
    assert "已收回 1 项" in shown
    assert "无账号" in shown
    own = text(page(client, "person", admin.code))
    assert "本人的角色和账号由其他管理员办理" in own
    assert "停用账号" not in own
    assert client.get(reverse("administration:person", args=["p-nobody"])).status_code == 404


def test_locking_is_an_act_with_a_reason_on_its_page(town: Town, client: Client) -> None:
    person = town.person("孙专家")
    account(person)
    url = act_url("accounts.lock", None) + f"?person={person.code}"
    form = client.get(url)
    assert "停用孙专家" in text(form)
    refused = client.post(url, hidden(form) | {"reason": "", "step": "preview"})
    assert refused.status_code == 422
    sent = hidden(form) | {"reason": "手机遗失", "step": "confirm"}
    first, second = (client.post(url, sent) for _ in range(2))
    assert (first.status_code, first["Location"]) == (303, second["Location"])
    assert not Account.objects.get(person=person).is_active
    assert JournalEntry.objects.filter(act="accounts.lock", kind="act").count() == 1
    assert reverse("administration:person", args=[person.code]) in client.get(first["Location"]).content.decode()


def test_the_address_names_only_what_the_form_lets_it(town: Town, client: Client) -> None:
    person = town.person("孙专家")
    url = act_url("accounts.lock", None)
    body = client.get(url, {"person": person.code, "reason": "由地址填写"}).content.decode()
    assert "由地址填写" not in body
    assert f'value="{person.code}"' in body
    typed = client.get(url, {"person": "<b>"}).content.decode()
    assert "<b>" not in typed.partition("<main")[2]


def test_a_role_is_taken_back_from_the_list(town: Town, client: Client) -> None:
    expert = town.acting(Role.EXPERT, person=town.person("孙专家"))
    grant = RoleGrant.objects.get(person=expert.person)
    url = f"{act_url('people.revoke_role', None)}?grant={grant.pk}"
    assert url in page(client, "roles").content.decode()
    form = client.get(url)
    assert "收回“孙专家 · 评审专家”" in text(form)
    done = client.post(url, hidden(form) | {"reason": "任期届满", "step": "confirm"})
    assert done.status_code == 303
    assert names(page(client, "roles", role="expert")) == []
    assert json.loads(JournalEntry.objects.get(act="people.revoke_role").body)["payload"]["reason"] == "任期届满"


@pytest.mark.parametrize("grant", ["", "x", "-1", "9" * 30, "１"])
def test_a_role_that_is_not_there_is_not_taken_back(town: Town, client: Client, grant: str) -> None:
    url = act_url("people.revoke_role", None)
    form = client.get(url, {"grant": grant})
    assert form.status_code == 200
    assert "请在“系统管理—角色授予”中选择要收回的角色" in text(form)
    answer = client.post(url, hidden(form) | {"grant": grant, "reason": "x", "step": "confirm"})
    assert answer.status_code == 422
    assert RoleGrant.objects.filter(revoked_at__isnull=False).count() == 0


def test_granting_for_a_unit_starts_with_unit_and_role(town: Town, admin: Acting, client: Client) -> None:
    unit = town.unit(Role.RECOMMENDER, "east")
    link = f"{act_url('people.grant_role', None)}?unit={unit.pk}&amp;role=recommender"
    assert link in page(client, "unit", "east").content.decode()
    body = client.get(link.replace("&amp;", "&")).content.decode()
    assert re.search(rf'<option value="{unit.pk}" selected', body)
    assert re.search(r'<option value="recommender" selected', body)
    grant_role(admin, None, person=town.person("孙专家"), role=Role.RECOMMENDER, unit=unit)
    assert names(page(client, "roles", q="east")) == ["孙专家"]


# ------------------------------------------------------------------ rights


def test_the_table_of_rights_is_the_register(client: Client) -> None:
    shown = page(client, "rights").content.decode()
    rows = re.findall(r'<tr role="row">\s*<th scope="row"[^>]*>([^<]*)</th>\s*<td[^>]*>([^<]*)</td>', shown)
    from zhiheng.process.roles import ROLES

    wanted = {spec.title: "、".join(ROLES[role] for role in Role if role in spec.roles) for spec in REGISTER.values()}
    assert dict(rows) == wanted
    assert len(rows) == len(REGISTER)


@pytest.mark.parametrize("role", list(Role))
def test_the_table_of_one_role_is_what_it_may_do(client: Client, role: Role) -> None:
    shown = page(client, "rights", role=role.value).content.decode()
    rows = re.findall(r'<tr role="row">\s*<th scope="row"[^>]*>([^<]*)</th>', shown)
    assert sorted(rows) == sorted(spec.title for spec in REGISTER.values() if role in spec.roles)


# ------------------------------------------------------------------ invitations


@pytest.fixture
def invited(town: Town, admin: Acting) -> Invitation:
    person = town.person("吴受邀")
    assert admin.person is not None
    return Invitation.objects.create(
        person=person,
        email="wu@example.test",
        role="expert",
        digest="1" * 64,
        by=admin.person,
        created_at=clock.now(),
        expires_at=clock.at(clock.today().replace(day=20)),
    )


def test_invitations_by_state(town: Town, client: Client, invited: Invitation) -> None:
    assert names(page(client, "invitations")) == ["吴受邀"]
    assert names(page(client, "invitations", state="waiting", q="WU@")) == ["吴受邀"]
    assert "邮件尚未发出" in text(page(client, "invitations"))
    for state, changes in (("accepted", {"accepted_at": clock.now()}), ("revoked", {"accepted_at": None, "revoked_at": clock.now()})):
        Invitation.objects.update(**changes)
        assert names(page(client, "invitations", state=state)) == ["吴受邀"]
        assert names(page(client, "invitations", state="waiting")) == []
    Invitation.objects.update(revoked_at=None, expires_at=clock.now())
    assert names(page(client, "invitations", state="over")) == ["吴受邀"]


def test_an_invitation_is_sent_again_while_it_stands(client: Client, invited: Invitation, mailoutbox: list[Any]) -> None:
    url = reverse("administration:resend")
    assert "邀请邮件已重新发出" in text(client.post(url, {"invitation": invited.pk}, follow=True))
    assert [mail.to for mail in mailoutbox] == [["wu@example.test"]]
    for wrong in ("", "x", "999999", "9" * 30, "１"):
        assert "该邀请已被接受、撤回或已过期" in text(client.post(url, {"invitation": wrong}, follow=True))
    Invitation.objects.update(accepted_at=clock.now())
    client.post(url, {"invitation": invited.pk})
    assert len(mailoutbox) == 1


def test_an_invitation_is_taken_back_from_the_list(client: Client, invited: Invitation) -> None:
    url = f"{act_url('people.revoke_invitation', None)}?invitation={invited.pk}"
    assert url in page(client, "invitations").content.decode()
    form = client.get(url)
    assert "wu@example.test" in text(form)
    assert client.post(url, hidden(form) | {"step": "confirm"}).status_code == 303
    assert names(page(client, "invitations", state="revoked")) == ["吴受邀"]


# ------------------------------------------------------------------ how many queries


@pytest.mark.parametrize("name", ["home", "units", "people", "roles", "invitations", "rights", "calendar", "health"])
def test_as_many_queries_for_one_as_for_many(town: Town, admin: Acting, client: Client, name: str) -> None:
    page(client, name)
    with CaptureQueriesContext(connection) as few:
        page(client, name)
    for n in range(45):
        acting = town.acting(Role.RECOMMENDER, f"u{n}", person=town.person(f"人{n}"))
        assert acting.person is not None
        made = account(acting.person)
        Delivery.objects.create(account=made, channel="mail", kind="once", due_at=clock.now(), state="failed", done_at=clock.real())
        Invitation.objects.create(
            person=acting.person, email="x@example.test", role="recommender", unit=acting.unit, digest=f"{n:064d}", by=admin.person,
            created_at=clock.now(), expires_at=clock.at(clock.today().replace(day=20)),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page(client, name)
    assert len(many) <= len(few) + 1, [q["sql"][:100] for q in many]  # one more where there was nothing to fetch for


def test_fifty_a_page(town: Town, client: Client) -> None:
    Person.objects.bulk_create(Person(name=f"人{n:03d}", code=f"p-{n:03d}") for n in range(120))
    assert len(names(page(client, "people"))) == 50
    third = page(client, "people", q="人", page="3")
    assert len(names(third)) == 20
    assert "q=%E4%BA%BA&amp;page=2" in third.content.decode()
