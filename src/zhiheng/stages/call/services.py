"""Acts of the call: plan, approval, issue (C1, A1)."""

from __future__ import annotations

from datetime import date, datetime

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.cycles.services import move
from zhiheng.foundation.files import letters
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.publicity import services as publicity
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role, Stage, next_stage
from zhiheng.stages.call.models import Plan
from zhiheng.stages.call.selectors import addressees, in_force

ARTICLE = "四(一)"


@act("call.draft_plan", "拟订评选方案", duty="C1", article=ARTICLE, roles=[Role.OFFICE], stages=[Stage.CALL])
def draft_plan(acting: Acting, cycle: Cycle, *, text: str, opens_on: date, deadline: datetime) -> Outcome:
    """Draft, or before the call redraft, the cycle's plan, under the rules now in force (A1). An approval does not cover what is changed
    after it: the new draft needs its own.
    """
    if not text.strip():
        return Outcome(no("请填写评选方案内容", article=ARTICLE, duty="C1"))
    if deadline.tzinfo is None or deadline.astimezone(clock.SHANGHAI).date() <= opens_on or deadline <= clock.now():
        return Outcome(no("申报截止时间须晚于申报开始日和当前时间，请核对", article=ARTICLE, duty="C1"))
    if not calendar().knows(deadline.astimezone(clock.SHANGHAI).date()):
        unknown = f"{deadline.year} 年工作日历尚未公布，不能据此计算期限，请待国务院公布放假安排并增补日历后再定"
        return Outcome(no(unknown, article="四", duty="L2"))
    if (rules := in_force(cycle.pack.pack_id, clock.today())) and rules != cycle.pack:
        cycle.pack = rules
        cycle.save(update_fields=["pack"])
    fields = {"text": text, "opens_on": opens_on, "deadline": deadline, "drafted_at": clock.now(), "approved_at": None, "approval": None}
    plan, _ = Plan.objects.update_or_create(cycle=cycle, defaults=fields)
    return Outcome(
        yes("评选方案已拟订，请报审核", duty="C1"), {"opens_on": opens_on, "deadline": deadline, "text": digest_of(text)}, value=plan
    )


@act(
    "call.approve_plan",
    "审核评选方案",
    duty="C1",
    article=ARTICLE,
    roles=[Role.COORDINATION, Role.OFFICE],
    stages=[Stage.CALL],
)
def approve_plan(acting: Acting, cycle: Cycle, *, letter: Letterhead | None = None) -> Outcome:
    """The coordination group's office approves the plan; the office may record its letter."""
    plan = Plan.objects.filter(cycle=cycle).first()
    if plan is None or plan.approved_at:
        return Outcome(no("没有待审核的评选方案", article=ARTICLE, duty="C1"))
    word = letters.spoken(acting.role, frozenset({Role.COORDINATION}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    plan.approved_at, plan.approval = clock.now(), letters.keep(letter, cycle.code, "call.approve_plan")
    plan.save(update_fields=["approved_at", "approval"])
    return Outcome(
        yes("评选方案已审核同意", duty="C1"),
        {"letter": letters.particulars(letter)},
        tell=[To("role:office", "评选方案已审核同意", cycle.title)],
    )


@act("call.issue", "印发申报通知", duty=["C1", "A1"], article=ARTICLE, roles=[Role.OFFICE], stages=[Stage.CALL])
def issue(acting: Acting, cycle: Cycle) -> Outcome:
    """Issue the call to all recommenders and departments and announce it; the rules then in force are pinned to the cycle."""
    plan = Plan.objects.filter(cycle=cycle).select_related("approval").first()
    if plan is None or plan.approved_at is None:
        return Outcome(no("评选方案须经审核同意后方可印发申报通知", article=ARTICLE, duty="C1", code="approval"))
    if plan.deadline <= clock.now():
        return Outcome(no("方案所定申报截止时间已过，请重新拟订方案并报审", article=ARTICLE, duty="C1", code="late"))
    if (rules := in_force(cycle.pack.pack_id, clock.today())) and rules != cycle.pack:
        text = f"规则包 {rules} 已经施行，方案所依据的是 {cycle.pack}，请按现行规则重新拟订方案并报审"
        return Outcome(no(text, article="一", duty="A1", code="pack"))
    pack = rules_of(cycle)
    units = addressees(pack)
    missing = {r.code for r in pack.recommenders} - {u.code for u in units}
    if missing and Stage.RECOMMENDATION in pack.line:
        names = "、".join(pack.recommender(code).name for code in sorted(missing))
        return Outcome(no(f"下列推荐单位尚未登记，通知无法送达：{names}", article=ARTICLE, duty="C1"))
    if Stage.RECOMMENDATION in pack.line and not any(u.kind == Role.DEPARTMENT.value for u in units):
        return Outcome(no("尚未登记省有关部门，通知无法送达", article=ARTICLE, duty="C1"))
    assert acting.unit is not None  # the office's grant names its unit
    local = plan.deadline.astimezone(clock.SHANGHAI)
    words = {
        "deadline": f"{chinese_date(local.date())}{local:%H:%M}",
        "approval": plan.approval.number if plan.approval else "已同意",
    }
    posted = publicity.post(cycle, acting.unit, "call_announcement", words=words, timed=False)
    if posted.value is None:
        return Outcome(posted)
    now = clock.now()
    plan.issued_at = now
    plan.save(update_fields=["issued_at"])
    cycle.pinned_at, cycle.opens_on, cycle.deadline = now, plan.opens_on, plan.deadline
    cycle.save(update_fields=["pinned_at", "opens_on", "deadline"])
    move(cycle, next_stage(pack.line, Stage.CALL) or Stage.APPLICATION)
    payload = {
        "pack": pack.id,
        "version": pack.version,
        "digest": pack.digest,
        "opens_on": plan.opens_on,
        "deadline": plan.deadline,
        "units": sorted(u.code for u in units),
        **publicity.payload_of(posted.value),
    }
    payload["digest"], payload["notice_digest"] = pack.digest, posted.value.digest
    tell = [To(f"unit:{u.code}", posted.value.title, posted.value.body) for u in units]
    return Outcome(yes("申报通知已印发并公告", duty="C1"), payload, value=posted.value, tell=tell)
