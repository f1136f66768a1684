"""What each stage of a cycle still waits for before the cycle may go on (L1)."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.publicity.selectors import open_notices
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import PASS, EntryStatus, Stage, entering_status
from zhiheng.stages.nomination import selectors as nominations
from zhiheng.stages.review.models import Handover
from zhiheng.stages.shortlist import selectors as shortlists
from zhiheng.stages.survey.models import Poll

Gate = Callable[[Cycle], list[Reason]]


def _wait(text: str, article: str, duty: str) -> list[Reason]:
    return [Reason(False, text, article, duty, "gate")]


def _standing(cycle: Cycle, status: EntryStatus) -> int:
    return cycle.entries.filter(status=status.value).count()


def _left(cycle: Cycle, stage: Stage) -> int:
    """Entries that entered the stage and have neither passed nor ended there."""
    return _standing(cycle, entering_status(rules_of(cycle).line, stage))


def _call(cycle: Cycle) -> list[Reason]:
    return [] if cycle.pinned_at else _wait("申报通知尚未印发", "四(一)", "C1")


def _application(cycle: Cycle) -> list[Reason]:
    if cycle.deadline is None or clock.now() < cycle.deadline:
        return _wait("申报尚未截止", "四(二)", "D1")
    return []


def _recommendation(cycle: Cycle) -> list[Reason]:
    left = _left(cycle, Stage.RECOMMENDATION)
    return _wait(f"尚有 {left} 项申报未完成审核推荐", "四(二)", "D4") if left else []


def _qualification(cycle: Cycle) -> list[Reason]:
    left = _left(cycle, Stage.QUALIFICATION)
    return _wait(f"受理名单尚未确定，{left} 项申报待资格审查或公示", "四(三)2", "E2") if left else []


def _material(cycle: Cycle) -> list[Reason]:
    handed = Handover.objects.filter(cycle=cycle, round="material").exists()
    if handed or not _left(cycle, Stage.MATERIAL_REVIEW):
        return []
    return _wait("相关机构尚未提交材料评审结果", "四(四)3", "F3")


def _shortlist(cycle: Cycle) -> list[Reason]:
    record = shortlists.of(cycle)
    found = []
    if left := _left(cycle, Stage.SHORTLIST):
        found += _wait(f"进入现场评审名单尚未确定（{left} 项）", "四(四)5", "F5")
    if record and record.settled_at and record.notified_at is None:
        found += _wait("尚未通知进入现场评审的申报组织和个人", "四(四)6", "F6")
    asked = [a.code for a in rules_of(cycle).awards if a.survey_full.value > 0]
    on = cycle.entries.filter(status=PASS[Stage.SHORTLIST].value, award__in=asked)
    if on.exclude(poll__closed_at__isnull=False).exists():
        found += _wait("公众满意度测评尚未完成", "四(四)5", "F5")
    return found


def _site_visit(cycle: Cycle) -> list[Reason]:
    return _wait("相关机构尚未提交现场评审汇总", "四(五)4", "G5") if _left(cycle, Stage.SITE_VISIT) else []


def _nomination(cycle: Cycle) -> list[Reason]:
    row = nominations.candidates(cycle)
    found = []
    if undecided := Poll.objects.filter(cycle=cycle, closed_at__isnull=False, score=None).count():
        found += _wait(f"{undecided} 项公众满意度测评样本不足，须作出处理决定", "四(四)5", "F5")
    if _left(cycle, Stage.NOMINATION) or (row is not None and row.submitted_at is None):
        found += _wait("授奖候选名单尚未提请省质评委审议", "四(六)3", "H3")
    return found


def _committee(cycle: Cycle) -> list[Reason]:
    found = _wait("省质评委尚未形成授奖建议名单", "四(七)2", "I2") if _left(cycle, Stage.COMMITTEE) else []
    if cycle.meetings.filter(status="open").exists():
        found += _wait("省质评委会议尚未结束", "四(七)1", "I1")
    return found


def _publicity(cycle: Cycle) -> list[Reason]:
    left = _left(cycle, Stage.PUBLICITY)
    return _wait(f"授奖建议名单公示结果尚未确认（{left} 项）", "四(八)1", "J1") if left else []


def _commendation(cycle: Cycle) -> list[Reason]:
    left = _left(cycle, Stage.COMMENDATION)
    return _wait(f"尚有 {left} 项未表彰", "四(八)2", "J2") if left else []


GATES: dict[Stage, Gate] = {
    Stage.CALL: _call,
    Stage.APPLICATION: _application,
    Stage.RECOMMENDATION: _recommendation,
    Stage.QUALIFICATION: _qualification,
    Stage.MATERIAL_REVIEW: _material,
    Stage.SHORTLIST: _shortlist,
    Stage.SITE_VISIT: _site_visit,
    Stage.NOMINATION: _nomination,
    Stage.COMMITTEE: _committee,
    Stage.PUBLICITY: _publicity,
    Stage.COMMENDATION: _commendation,
}


def unfinished(cycle: Cycle) -> list[Reason]:
    """What the cycle's stage still waits for, each with its article; an open notice always holds it."""
    stage = Stage(cycle.stage)
    found = GATES[stage](cycle) if stage in GATES else []
    for notice in open_notices(cycle):
        end = chinese_date(notice.ends_on) if notice.ends_on else ""
        found += _wait(f"《{notice.title}》公示未结束（{end}止）", "四", "L2")
    return found
