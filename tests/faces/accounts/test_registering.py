"""An applicant registers, the invited open their account: by pages, with nothing left to guess or to reuse (D1, L1, T9, T10, X6)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client, TestCase

from tests.faces.accounts.people import PASSWORD, known, last_mail, link, sign_in, texts
from tests.foundation.test_administration import everything_stored
from zhiheng.faces.accounts.opening import deliver
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.administration import invitations, people
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Account, Invitation, Person
from zhiheng.rules.lifecycle import Role

REGISTER = "/accounts/register/"
NUMBER = "130102198811223341"
FILLED = {
    "name": "陈申报",
    "id_number": NUMBER,
    "employer": "石家庄某公司",
    "contact": "0311-12345678",
    "email": "chen@example.org",
    "username": "chen",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "agreed": "on",
}


def once(answer: Any) -> str:
    """The form's token."""
    return re.findall(r'name="once" value="([0-9a-f]+)"', answer.content.decode())[0]


def register(client: Client, **changes: str) -> Any:
    return client.post(REGISTER, FILLED | {"once": once(client.get(REGISTER))} | changes)


# ------------------------------------------------------------------ registering


@pytest.mark.duty("D1")
def test_person_role_and_account_in_one_go(client: Client) -> None:
    answer = register(client)
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/login/")
    assert "注册成功，现在即可用用户名登录。确认邮件已发送至 chen@example.org" in texts(client.get(answer["Location"]))
    account = Account.objects.select_related("person").get()
    assert (account.username, account.person.name, account.person.employer) == ("chen", "陈申报", "石家庄某公司")  # type: ignore[union-attr]
    assert [g.role for g in account.person.grants.all()] == ["applicant"]  # type: ignore[union-attr]
    assert sign_in(client, "chen")["Location"] == "/desk/"
    assert sign_in(Client(), "chen@example.org").status_code == 200  # not confirmed yet
    Client().post(link(mail.outbox[0].body))
    assert sign_in(Client(), "chen@example.org").status_code == 302


@pytest.mark.duty("D1")
def test_the_id_number_and_the_password_are_kept_nowhere(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    register(client)
    register(Client(), username="second")  # refused, and journalled
    stored = everything_stored()
    assert "石家庄某公司" in stored  # the search does find what is stored
    for secret in (NUMBER, NUMBER[6:14], PASSWORD):
        assert secret not in stored
        assert secret not in caplog.text
        assert not any(secret in m.body for m in mail.outbox)
    assert {e.act for e in JournalEntry.objects.filter(kind="refusal")} == {"people.register"}


@pytest.mark.duty("D1")
def test_a_known_person_gets_the_answer_that_names_no_reason(client: Client) -> None:
    expert = known("expert").person
    from zhiheng.foundation.people.selectors import id_digest

    Person.objects.filter(pk=expert.pk).update(id_digest=id_digest(NUMBER))  # type: ignore[union-attr]
    answer = register(client)
    assert answer.status_code == 200
    assert "暂不能以该证件号码注册，请联系省质评办" in texts(answer)
    assert Account.objects.count() == 1
    assert mail.outbox == []
    page = answer.content.decode()
    assert 'value="石家庄某公司"' in page  # what was typed stays, but for the passwords
    assert PASSWORD not in page


def test_an_e_mail_of_somebody_else_is_told_to_its_owner_only(client: Client, account: Account) -> None:
    free = register(client)
    told = texts(client.get(free["Location"])).replace("chen@example.org", "X")
    other = Client()
    taken = register(other, id_number="E12345678", username="thief", email="zhang@example.org")
    assert taken.status_code == free.status_code
    assert texts(other.get(taken["Location"])).replace("zhang@example.org", "X") == told
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["chen@example.org"], "【政府质量奖】请确认邮箱"),
        (["zhang@example.org"], "【政府质量奖】您已有账号"),
    ]
    thief = Account.objects.get(username="thief")
    assert thief.email == ""
    assert not EmailAddress.objects.filter(user=thief).exists()
    assert sign_in(Client(), "zhang@example.org")["Location"] == "/desk/"


def test_who_types_an_address_first_does_not_keep_it_from_its_owner(client: Client) -> None:
    """A squatter's unconfirmed address bars nobody; who reads the mailbox confirms."""
    register(client, id_number="E12345678", username="squatter")
    register(Client())
    Client().post(link(last_mail()))
    assert EmailAddress.objects.get(verified=True).user.username == "chen"
    assert "已由其他账号确认" in texts(client.get(link(mail.outbox[0].body)))


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"name": " "}, "name", "请填写"),
        ({"id_number": NUMBER[:-1] + "0"}, "id_number", "身份证号码校验不通过，请核对"),
        ({"id_number": "1" * 31}, "id_number", "证件号码过长，请核对"),
        ({"email": "chen"}, "email", "有效"),
        ({"contact": ""}, "contact", "请填写"),
        ({"employer": "公" * 121}, "employer", "120"),
        ({"username": "陈"}, "username", "用户名须为 2 至 40 个"),
        ({"username": "a@b.cn"}, "username", "用户名须为 2 至 40 个"),
        ({"password1": "short1", "password2": "short1"}, "password1", "密码太短"),
        ({"password2": PASSWORD + "x"}, "password2", "两次输入的密码不一致"),
        ({"agreed": ""}, "agreed", "请阅读个人信息处理说明并勾选同意"),
        ({"name": "a\x00b"}, "name", "空字符"),
    ],
)
def test_bad_input_is_refused_at_its_field(client: Client, changes: dict[str, str], field: str, text: str) -> None:
    answer = register(client, **changes)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert text in answer.context["form"].errors[field][0]
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert f'id="id_{field}_error"' in page
    assert not Person.objects.exists()


def test_a_taken_user_name_is_said_at_its_field(client: Client, account: Account) -> None:
    answer = register(client, username="Zhang.San")
    assert answer.context["form"].errors == {"username": ["该用户名已被使用，请另选一个"]}


def test_the_same_form_twice_is_one_registration(client: Client) -> None:
    token = once(client.get(REGISTER))
    answers = [client.post(REGISTER, FILLED | {"once": token}) for _ in range(2)]
    assert answers[0].status_code == 303
    # the second finds the name taken, by the first
    assert answers[1].context["form"].errors == {"username": ["该用户名已被使用，请另选一个"]}
    assert (Account.objects.count(), len(mail.outbox), JournalEntry.objects.filter(kind="act").count()) == (1, 1, 1)


def test_extra_fields_grant_nothing(client: Client) -> None:
    register(client, role="admin", unit="1", is_active="0", person="1", verified="1", proved="1")
    account = Account.objects.get()
    assert [g.role for g in account.person.grants.all()] == ["applicant"]  # type: ignore[union-attr]
    assert account.is_active
    assert not EmailAddress.objects.get().verified


def test_registering_is_limited(client: Client) -> None:
    assert [client.post(REGISTER, {}).status_code for _ in range(21)] == [200] * 20 + [429]


def test_the_notice_on_privacy_stands_on_the_page(client: Client) -> None:
    page = texts(client.get(REGISTER))
    assert "只保存经密钥运算的摘要和掩码，不保存号码本身" in page
    assert "查询、更正或请求删除" in page


def test_who_is_signed_in_has_no_business_here(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    assert client.get(REGISTER)["Location"] == "/accounts/"


# ------------------------------------------------------------------ invitations


@pytest.fixture
def admin() -> Acting:
    return people.install("周管理")


def invite(admin: Acting, **details: Any) -> Invitation:
    given = {"email": "wang@example.org", "role": Role.EXPERT, "name": "王专家", "id_number": NUMBER} | details
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = invitations.invite(admin, None, **given).value
    assert isinstance(made, Invitation)
    return made


def choose(client: Client, **changes: str) -> Any:
    page = client.get("/accounts/invitation/")
    given = {"username": "wang", "password1": PASSWORD, "password2": PASSWORD, "once": once(page)}
    return client.post("/accounts/invitation/", given | changes)


@pytest.mark.duty("L1")
def test_the_invited_open_their_account_by_the_mails_link(client: Client, admin: Acting) -> None:
    made = invite(admin)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["wang@example.org"], "【政府质量奖】邀请您开通账号")
    assert "现邀请您作为“评审专家”开通账号" in sent.body
    assert Invitation.objects.get().sent_at is not None
    opened = client.get(link(sent.body))
    assert (opened.status_code, opened["Location"]) == (302, "/accounts/invitation/")  # the token leaves the address at once
    page = texts(client.get(opened["Location"]))
    assert all(word in page for word in ("王专家", "评审专家", "wang@example.org"))
    answer = choose(client)
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/login/")
    assert "账号已开通" in texts(client.get(answer["Location"]))
    assert sign_in(client, "wang@example.org")["Location"] == "/desk/"  # the link proved the mailbox
    assert client.get("/desk/").status_code == 200
    assert Invitation.objects.get().accepted_at is not None
    assert made.person.grants.get().role == "expert"


def test_the_page_of_a_dead_link_is_one_whatever_killed_it(admin: Acting) -> None:
    def told(path: str) -> tuple[int, str]:
        browser = Client()
        answer = browser.get(path, follow=True)
        return answer.status_code, texts(answer)

    used = invite(admin)
    path = link(last_mail())
    browser = Client()
    browser.get(path)
    choose(browser)
    revoked = invite(admin, id_number="E1", email="b@example.org")
    dead = link(last_mail())
    invitations.revoke_invitation(admin, None, invitation=revoked)
    invite(admin, id_number="E2", email="c@example.org")
    late = link(last_mail())
    Invitation.objects.filter(email="c@example.org").update(expires_at=clock.now() - timedelta(seconds=1))
    answers = {told(p) for p in (path, dead, late, "/accounts/invitation/" + "0" * 64 + "/", "/accounts/invitation/x/")}
    assert len(answers) == 1
    ((status, text),) = answers
    assert status == 404
    assert "邀请链接无效、已使用或已过期，请联系系统管理员重新发送邀请" in text
    assert used.person.name not in text


def test_an_open_form_dies_with_the_link(client: Client, admin: Acting) -> None:
    made = invite(admin)
    client.get(link(last_mail()))
    token = once(client.get("/accounts/invitation/"))
    invitations.revoke_invitation(admin, None, invitation=made)
    given = {"username": "wang", "password1": PASSWORD, "password2": PASSWORD, "once": token}
    assert client.post("/accounts/invitation/", given).status_code == 404
    assert not Account.objects.filter(username="wang").exists()


def test_what_was_chosen_badly_stays_open(client: Client, admin: Acting) -> None:
    invite(admin)
    client.get(link(last_mail()))
    answer = choose(client, password1="wang@example", password2="wang@example")
    assert answer.context["form"].errors == {"password1": ["密码与用户名或邮箱过于相近。"]}
    assert choose(client).status_code == 303


def test_without_a_link_there_is_nothing(client: Client) -> None:
    assert client.get("/accounts/invitation/").status_code == 404
    assert client.post("/accounts/invitation/", {"username": "x"}).status_code == 404


def test_a_mail_that_could_not_leave_is_sent_again_with_the_same_link(admin: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", away)
        made = invite(admin)
    assert (made.sent_at, mail.outbox) == (None, [])
    assert deliver(made)
    assert made.sent_at is not None
    assert Client().get(link(last_mail()))["Location"] == "/accounts/invitation/"


def test_a_rehearsal_sends_nothing(admin: Acting) -> None:
    details = {"email": "wang@example.org", "role": Role.EXPERT, "name": "王专家", "id_number": NUMBER}
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert invitations.invite.rehearse(admin, None, **details).decision.ok
    assert mail.outbox == []
    assert not Invitation.objects.exists()


def test_the_mail_names_the_unit(admin: Acting) -> None:
    from zhiheng.foundation.people.models import Unit

    office = Unit.objects.create(code="office", kind="office", name="省质评办")
    invite(admin, role=Role.OFFICE, unit=office)
    assert "现邀请您作为省质评办的“省质评办”开通账号" in last_mail()
