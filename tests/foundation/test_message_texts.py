"""What people read outside the product: that something waits, never what (T2, T4)."""

import ast
import json

import pytest
from django.core import mail

from tests.architecture.source import sources
from tests.foundation.conftest import Town
from tests.foundation.mailing import account, deliver, tell
from zhiheng.foundation import clock
from zhiheng.foundation.notifications.models import Channel, Delivery, Kind, Notification
from zhiheng.foundation.notifications.texts import PLAIN, write
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.placeholders import MESSAGES, SHORT

NAME, SCORE, NUMBER, PROOF, OBJECTOR = "金丝雀实业公司", "548.25", "130102199001011234", "检测报告扫描件", "匿名举报人李某"
SECRET = f"{NAME}得分{SCORE}，身份证{NUMBER}，附{PROOF}，由{OBJECTOR}提出"


def rows(*titles: str, cycle: str = "") -> list[Notification]:
    return [Notification(to="role:office", cycle=cycle, title=title, text=SECRET, subject="entry:2026-O-0001") for title in titles]


def test_one_message_under_the_rules_of_its_cycle(town: Town) -> None:
    town.cycle()
    found = write(Channel.MAIL, Kind.ONCE, rows("收到申报", cycle="2026"))
    assert found.title == "【河北省政府质量奖】收到申报"
    assert found.text == (
        "您好：\n\n您在河北省政府质量奖评审工作平台收到1条消息：\n\n· 收到申报\n\n请登录工作台查看内容，并按期办理需要您办理的事项：\n"
        "http://127.0.0.1:8000/desk/\n\n本邮件由系统自动发送，只作提示，不载明评审内容，请勿回复。邮件提醒方式可在工作台“消息”页面设置。\n"
    )


def test_three_messages(town: Town) -> None:
    town.cycle()
    found = write(Channel.MAIL, Kind.ONCE, rows("收到申报", "收到推荐", "收到异议", cycle="2026"))
    assert found.title == "【河北省政府质量奖】收到申报等3条消息"
    assert "\n· 收到申报\n· 收到推荐\n· 收到异议\n" in found.text
    digest = write(Channel.MAIL, Kind.DIGEST, rows("收到申报", "收到推荐", cycle="2026"))
    assert digest.title == "【河北省政府质量奖】您有2条消息"
    assert "截至今日8时" in digest.text


def test_before_there_is_a_cycle_the_engine_has_words_of_its_own(town: Town) -> None:
    assert write(Channel.SMS, Kind.DIGEST, rows("消息")).text == "【政府质量奖】您有1条消息，请登录评审工作平台查看办理。"
    town.cycle()
    assert write(Channel.SMS, Kind.DIGEST, rows("消息")).text == "【河北省政府质量奖】您有1条消息，请登录评审工作平台查看办理。"


def test_the_engines_own_words_leave_open_only_what_a_pack_may() -> None:
    import re

    for kind, template in PLAIN.items():
        used = set(re.findall(r"\{(\w+)\}", template.title + template.body))
        assert used <= (SHORT if kind == "sms" else MESSAGES.keys())


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("kind", [Kind.ONCE, Kind.DIGEST])
def test_nothing_of_the_text_leaves_by_any_way(town: Town, channel: Channel, kind: Kind) -> None:
    town.cycle()
    found = write(channel, kind, rows("收到申报", "收到推荐", cycle="2026"))
    for canary in (NAME, SCORE, NUMBER, PROOF, OBJECTOR, "2026-O-0001"):
        assert canary not in found.title + found.text


def test_a_short_message_names_no_title_and_fits(town: Town) -> None:
    town.cycle()
    found = write(Channel.SMS, Kind.DIGEST, rows(*["关于金丝雀的消息"] * 500, cycle="2026"))
    assert found.text == "【河北省政府质量奖】您有500条消息，请登录评审工作平台查看办理。"
    assert len(found.text) <= 70


def test_markup_stays_text_and_a_title_cannot_add_headers_or_fill_ins(town: Town) -> None:
    town.cycle()
    person = town.person()
    account(person)
    hostile = "<script>alert(1)</script>\r\nBcc: everybody@example.test {link} {text}"
    tell(f"person:{person.code}", title=hostile, text=SECRET)
    assert deliver().sent == 1
    sent = mail.outbox[0]
    plain = "<script>alert(1)</script> Bcc: everybody@example.test {link} {text}"
    assert sent.subject == f"【河北省政府质量奖】{plain}"
    assert f"\n· {plain}\n" in sent.body
    assert (sent.to, sent.bcc, sent.cc) == ([f"{person.code}@example.test"], [], [])
    assert sent.content_subtype == "plain"
    assert "text/html" not in sent.message().as_string()
    assert SECRET not in sent.message().as_string()


def test_files_of_the_gateways_hold_no_more(town: Town, settings: object) -> None:
    town.cycle()
    person = town.acting(Role.APPLICANT).person
    assert person
    account(person, mobile="13800000000", wecom="zhang")
    tell(f"person:{person.code}", title="申报已退回补正", text=SECRET)
    deliver()
    files = sorted(settings.OUTBOX_DIR.iterdir())  # type: ignore[attr-defined]
    assert [file.name.split("-")[0] for file in files] == ["sms", "wecom"]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert found[0] == {
        "to": "13800000000",
        "title": "",
        "text": "【河北省政府质量奖】您有1条消息，请登录评审工作平台查看办理。",
        "at": clock.now().isoformat(),
    }
    assert found[1]["to"] == "zhang"
    assert all(canary not in json.dumps(found, ensure_ascii=False) for canary in (NAME, SCORE, NUMBER, PROOF, OBJECTOR, "退回"))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


#: What a title may take from elsewhere: codes, numbers and titles of what is public. Never `.name`, a reason or a score.
OPEN = {"code", "number", "title"}


def title_faults(tree: ast.AST, path: str) -> list[str]:
    """Titles of messages that are not words of ours with codes in them: they go out by mail as they are."""
    found = []
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "To" and len(call.args) > 1):
            continue
        title = call.args[1]
        parts = (
            [part.value for part in title.values if isinstance(part, ast.FormattedValue)] if isinstance(title, ast.JoinedStr) else [title]
        )
        for part in parts:
            fixed = isinstance(part, ast.Constant) and isinstance(part.value, str)
            coded = isinstance(part, ast.Attribute) and part.attr in OPEN
            if not fixed and not coded:
                found.append(f"{path}:{call.lineno} a message's title goes out by mail: {ast.unparse(part)}")
    return found


def test_titles_of_messages_hold_codes_and_public_titles_only() -> None:
    files = [source for source in sources() if "To(" in ast.unparse(source.tree)]
    assert len(files) > 10, "the acts are not where this test looks"
    assert [fault for source in files for fault in title_faults(source.tree, source.path)] == []


@pytest.mark.parametrize("title", ["entry.name", 'f"{entry.code}：{reason}"', 'f"得分{score}"', "text"])
def test_a_title_with_a_name_or_a_reason_is_found(title: str) -> None:
    assert len(title_faults(ast.parse(f'To("role:office", {title}, "")'), "x.py")) == 1
