"""Addresses of acts and of what they are done on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

from zhiheng.faces.desk.forms.base import ELSEWHERE
from zhiheng.foundation.acts import Receipt
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process import reach
from zhiheng.rules.compose import panel_title
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Meeting
from zhiheng.stages.panel.models import Draw, Expert, Panel, Revision
from zhiheng.stages.supervision.models import AbuseRecord

#: Act → the page on which one is when it is done (subject, role → address, None: the subject's own).
BACK: dict[str, Callable[[Any, Role], str | None]] = {}


#: Act → the page on which one sees what it rests on, and from which it is begun (subject → address).
BEFORE: dict[str, Callable[[Any], str]] = {}


def task_url(act: str, subject: Any, details: Mapping[str, Any] | None = None) -> str:
    """Where a task of a list leads: to the page from which its act is begun, where it has one, else to the act."""
    return BEFORE[act](subject) if act in BEFORE else act_url(act, subject, details)


def page_after(act: str, subject: Any, role: Role) -> str:
    """Where to go from an act or its receipt: to the page that was named for it, else to that of its subject."""
    found = BACK[act](subject, role) if act in BACK and subject is not None else None
    return found or page_of(subject)


def act_url(act: str, subject: Any, details: Mapping[str, Any] | None = None) -> str:
    """Where an act is done on a subject (None: on the platform). details: what is known of the act already, for a page of its own."""
    if act in ELSEWHERE:
        return ELSEWHERE[act](subject, **(details or {}))
    return reverse("desk:act", args=[act, reach.address(subject)])


def receipt_url(receipt: Receipt) -> str:
    """Where the receipt of an act is shown."""
    return reverse("desk:receipt", args=[receipt.chain, receipt.seq])


def page_of(subject: Any) -> str:
    """The page on which a subject is read; the home for one that has none of its own."""
    entry = subject if isinstance(subject, Entry) else getattr(subject, "entry", None)
    try:
        if isinstance(entry, Entry):
            return reverse("desk:entry", args=[entry.code])
        if isinstance(subject, Cycle):
            return reverse("office:cycle", args=[subject.code])
        if isinstance(subject, Notice | Objection):
            notice = subject if isinstance(subject, Notice) else subject.notice
            return reverse("office:cycle", args=[notice.cycle.code])
        if isinstance(subject, Meeting):
            return reverse("committee:meeting", args=[subject.pk])
        if isinstance(subject, Unit):
            return reverse("administration:unit", args=[subject.code])
        if isinstance(subject, Person):
            return reverse("administration:person", args=[subject.code])
        if isinstance(subject, Expert | Revision):
            expert = subject if isinstance(subject, Expert) else subject.expert
            return reverse("desk:expert", args=[expert.code])
        if isinstance(subject, Panel):
            return reverse("office:cycle", args=[subject.cycle.code])
    except NoReverseMatch:
        pass
    return reverse("desk:home")


def title_of(subject: Any) -> str:
    """A subject as a heading names it; the platform has none."""
    if subject is None:
        return ""
    if isinstance(subject, Objection):
        return f"{subject.number}（{subject.notice.title}）"
    if isinstance(expert := subject.expert if isinstance(subject, Revision) else subject, Expert):
        return f"{expert.code} {expert.person.name}"
    if isinstance(entry := getattr(subject, "entry", None), Entry):
        return f"{entry.code} {entry.name}"
    if isinstance(subject, Draw):
        return f"{subject.cycle.title}{subject.get_round_display()}专家抽取"
    if isinstance(panel := subject if isinstance(subject, Panel) else getattr(subject, "panel", None), Panel):
        return f"{panel.get_round_display()}{panel_title(panel, rules_of(panel.cycle))}"
    if isinstance(subject, Meeting | AbuseRecord):
        return subject.cycle.title
    return str(subject)
