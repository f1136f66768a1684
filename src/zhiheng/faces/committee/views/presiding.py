"""What the chair does: convene, open and close ballots, adjourn, resolve. Each is one act, asked for once more before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.faces.committee.access import cycle_of, meeting_of, motion_of
from zhiheng.faces.committee.board import board, quorum_of
from zhiheng.faces.desk import kept
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import sent, token
from zhiheng.foundation.acts import ActError, ActSpec
from zhiheng.process.register import committee
from zhiheng.rules.decision import Decision
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.committee import selectors

either = require_http_methods(["GET", "HEAD", "POST"])


@dataclass
class Asking:
    """An act that the chair is asked about: what will follow, a text to write, and where to go back to."""

    spec: ActSpec
    subject: Any
    title: str
    back: str
    button: str
    effects: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    text: str = ""  # the name of the act's text, when it needs one
    label: Any = ""
    help: Any = ""
    suggested: str = ""


@either
@desk(Role.CHAIR)
def convene(request: DeskRequest, code: str) -> HttpResponse:
    """Convene all members."""
    cycle = cycle_of(request.desk.acting, code)
    hall = reverse("committee:hall", args=[code])
    effects = [_("向全体委员发出开会通知"), _("会议期间不得变动委员名单，法定人数按全体委员计算")]
    asking = Asking(committee.convene, cycle, _("召集全体委员会议"), hall, _("召集会议"), effects)
    meeting = selectors.current(cycle)
    return _ask(request, asking, lambda: _room(selectors.current(cycle) or meeting))


@either
@desk(Role.CHAIR)
def open_ballot(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """Open the ballot on one candidate."""
    meeting = meeting_of(request.desk.acting, pk)
    entry = get_object_or_404(meeting.cycle.entries.defer("form"), code=code)
    asking = Asking(committee.open_ballot, meeting, _("开始表决：%(name)s") % {"name": entry.name}, _room(meeting), _("开始表决"))
    asking.details = {"entry": entry}
    asking.effects = [quorum_of(meeting, len(selectors.present_seats(meeting))).text, *_electorate(request, asking)]
    return _ask(request, asking, lambda: _room(meeting))


def _electorate(request: DeskRequest, asking: Asking) -> list[str]:
    found = asking.spec.rehearse(request.desk.acting, asking.subject, **asking.details)
    if not found.decision.ok:
        return []
    entitled, recused = len(found.payload["entitled"]), len(found.payload["recused"])
    counts = {"entitled": entitled, "recused": recused, "ways": _("无记名") if found.value.secret else _("记名")}
    return [
        _("本项有表决权的委员%(entitled)s人，回避%(recused)s人；此后签到的委员不参加本项表决") % counts,
        _("采用%(ways)s投票，每人一票，投出后不能更改；结束前不显示票数") % counts,
    ]


@either
@desk(Role.CHAIR)
def close_ballot(request: DeskRequest, pk: int) -> HttpResponse:
    """Close a ballot and count."""
    motion = motion_of(request.desk.acting, pk)
    meeting = motion.meeting
    asking = Asking(
        committee.close_ballot, motion, _("结束表决：%(name)s") % {"name": motion.entry.name}, _room(meeting), _("结束表决并计票")
    )
    counts = {"cast": motion.issues.count(), "entitled": len(motion.entitled)}
    asking.effects = [_("已投%(cast)s票，有表决权的委员%(entitled)s人") % counts]
    if counts["cast"] < counts["entitled"]:
        asking.effects.append(_("尚有%(left)s人未投票，结束后不能再投，未投的不计为赞成") % {"left": counts["entitled"] - counts["cast"]})
    asking.effects.append(_("当场计票并公布结果，计票结果写入评审日志"))
    return _ask(request, asking, lambda: _room(meeting))


@either
@desk(Role.CHAIR)
def adjourn(request: DeskRequest, pk: int) -> HttpResponse:
    """End a meeting that cannot vote."""
    meeting = meeting_of(request.desk.acting, pk)
    counts = quorum_of(meeting, len(selectors.present_seats(meeting)))
    asking = Asking(committee.adjourn, meeting, _("宣布休会"), _room(meeting), _("宣布休会"), [counts.text])
    asking.effects += [_("本次会议不进行表决，形成会议情况记录"), _("另行召集全体委员会议，届时重新签到")]
    asking.text, asking.label = "reason", _("休会原因")
    asking.suggested = _("出席委员未达法定人数，择期再开。") if counts.short else ""
    return _ask(request, asking, lambda: reverse("committee:hall", args=[meeting.cycle.code]))


@either
@desk(Role.CHAIR)
def resolve(request: DeskRequest, pk: int) -> HttpResponse:
    """Close the meeting with its minutes: the proposed winners."""
    meeting = meeting_of(request.desk.acting, pk)
    found = board(meeting)
    asking = Asking(committee.resolve, meeting, _("形成授奖建议名单"), _room(meeting), _("形成授奖建议名单，结束会议"))
    named = _("、").join(line.entry.name for line in found.passed) or _("无")
    asking.effects = [
        _("获得%(share)s及以上赞成票的%(n)s项列入授奖建议名单：%(named)s")
        % {"share": found.majority, "n": len(found.passed), "named": named},
        _("其余%(n)s项不列入；会议结束，不能再表决") % {"n": len(found.lines) - len(found.passed)},
    ]
    asking.text, asking.label = "minutes", _("会议纪要")
    asking.help = _("写明会议议程、审议情况和决定；出席情况和各项计票由系统列入纪要文本，无须重复。")
    return _ask(request, asking, lambda: _room(meeting))


def _room(meeting: Any) -> str:
    return reverse("committee:meeting", args=[meeting.pk])


def _ask(request: DeskRequest, asking: Asking, done: Any) -> HttpResponse:
    """GET: what will happen. POST: the act, once; then back to the room with its receipt. A refusal is shown with what was typed."""
    if not selectors.presides(request.desk.acting, asking.subject):
        raise Http404
    if request.method != "POST":
        typed: Mapping[str, Any] = kept.taken(request, request.desk.acting.code) or {}
        return _page(request, asking, typed, _foretold(request, asking))
    details = dict(asking.details)
    if asking.text:
        details[asking.text] = request.POST.get("text", "")[:20_000]
    try:
        receipt = asking.spec(sent(request), asking.subject, **details)
    except ActError as error:
        return _page(request, asking, request.POST, error.decision, status=422)
    return HttpResponseRedirect(f"{done()}?done={receipt.seq}", status=303)


def _foretold(request: DeskRequest, asking: Asking) -> Decision[Any] | None:
    """Why it would be refused now, asked before anything is typed."""
    if not asking.spec.foretold:
        return None
    details = asking.details | ({asking.text: "—"} if asking.text else {})
    return asking.spec.rehearse(request.desk.acting, asking.subject, **details).decision


def _page(
    request: DeskRequest, asking: Asking, typed: Mapping[str, Any], decision: Decision[Any] | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "asking": asking,
        "article": asking.spec.article,
        "typed": typed.get("text", asking.suggested),
        "refusals": decision.refusals if decision else (),
        "sent": status != 200,
        "token": token(request),
        "kept_for": kept.owner_mark(request.desk.acting.code),
    }
    return render(request, "committee/ask.html", context, status=status)
