"""What is written outside the product: the pack's template, filled with titles and counts, never with a notification's text (T2, T4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.notifications.models import Channel, Kind, Notification
from zhiheng.rules.pack import MessageText, Pack

_FIELD = re.compile(r"\{([a-z]+)\}")
#: For an installation without a cycle yet, and for packs that leave it to the engine.
AWARD = "政府质量奖"
_MAIL = "您有{count}条消息：\n\n{list}\n\n请登录工作台查看办理：\n{link}\n"
_SHORT = "【{award}】您有{count}条消息，请登录评审工作平台查看办理。"
PLAIN = {
    "once": MessageText(kind="once", title="【{award}】{subject}", body=_MAIL, article="四"),
    "digest": MessageText(kind="digest", title="【{award}】您有{count}条消息", body=_MAIL, article="四"),
    "sms": MessageText(kind="sms", body=_SHORT, article="四"),
    "wecom": MessageText(kind="wecom", body=_SHORT + "\n{link}", article="四"),
}
#: A notification's title → what the mail alone says below it: addresses that open something without signing in. Made when the mail is
#: sent, and kept nowhere.
MAILED: dict[str, Callable[[Notification], Sequence[str]]] = {}
TEST_TITLE = "测试邮件"
TEST_TEXT = "这是系统管理员从评审工作平台发出的测试邮件。收到本邮件，说明邮件设置有效。\n"


@dataclass(frozen=True, slots=True)
class Written:
    """An outgoing message as written: title (of a mail) and plain text."""

    title: str
    text: str


def desk_address() -> str:
    """Where the working place is, as people outside reach it."""
    return f"{settings.ZHIHENG_SITE_URL}/desk/"


def write(channel: Channel, kind: Kind, rows: Sequence[Notification]) -> Written:
    """The message about these notifications (at least one, the newest last), under the rules of the cycle of the newest."""
    if kind == Kind.TEST:
        return Written(TEST_TITLE, TEST_TEXT)
    pack = _pack(rows[-1].cycle)
    key = kind.value if channel == Channel.MAIL else channel.value
    template = (pack.message(key) if pack else None) or PLAIN[key]
    titles = [" ".join(row.title.split()) for row in rows]
    fill = {
        "award": pack.award_name if pack else AWARD,
        "count": str(len(rows)),
        "hour": str(settings.DIGEST_HOUR),
        "link": desk_address(),
        "list": "\n".join(line for row, title in zip(rows, titles, strict=True) for line in (f"· {title}", *_mailed(channel, row))),
        "subject": titles[0] if len(titles) == 1 else f"{titles[0]}等{len(titles)}条消息",
    }
    # One pass: a title that looks like a placeholder stays what it is.
    title, text = (_FIELD.sub(lambda found: fill.get(found[1], found[0]), part) for part in (template.title, template.body))
    return Written(title, text)


def _mailed(channel: Channel, row: Notification) -> list[str]:
    more = MAILED.get(row.title) if channel == Channel.MAIL else None
    return [f"  {line}" for line in more(row)] if more else []


def _pack(code: str) -> Pack | None:
    """The rules of this cycle; for a message of the platform those of the newest."""
    cycles = Cycle.objects.select_related("pack").defer("pack__content").order_by("-year", "-pk")
    cycle = (cycles.filter(code=code) if code else cycles).first()
    return rules_of(cycle) if cycle else None
