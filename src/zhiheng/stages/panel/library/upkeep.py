"""How an expert keeps their own record: changes, confirmation, absences; and the office's word on changes (F1, K7; Q36)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel import profile
from zhiheng.stages.panel.models import Absence, Expert, Revision

ARTICLE = "四(四)1"
MOST_ABSENCES = 40

Period = tuple[date, date, str]


def own(acting: Acting, expert: Expert) -> bool:
    """Whether it is the acting person's own record; the office may note absences of anybody."""
    return acting.role == Role.OFFICE or (acting.person is not None and acting.person.pk == expert.person_id)


@act("panel.update_profile", "更新本人信息", duty="F1", article=ARTICLE, roles=[Role.EXPERT], scope=own)
def update_profile(acting: Acting, expert: Expert, *, grounds: str = "", contact: str | None = None, **given: Any) -> Outcome:
    """Change one's own record (fields of stages/panel/profile.py, but not the term).

    What draw and recusal rest on waits for the office, a later request in place of an earlier; the rest counts at once.
    """
    values, wrong = profile.cleaned({"industries": expert.industries, **given})
    if wrong or not set(given) <= {*profile.GATED, *profile.FREE}:
        return Outcome(no(wrong or "聘期由省质评办确定", article=ARTICLE, duty="F1"))
    changed = profile.changes(expert, values)
    asked = {name: value for name, value in changed.items() if name in profile.GATED}
    free = {name: value for name, value in changed.items() if name in profile.FREE}
    waiting = expert.revisions.filter(status="pending").first()
    moved = profile.reach_at(expert, contact)
    if not (free or moved) and asked == (waiting.after if waiting else {}):
        return Outcome(no("没有改动的内容", article=ARTICLE, duty="F1"))
    profile.put(expert, free)
    if waiting and asked != waiting.after:
        waiting.status, waiting.decided_at = "withdrawn", clock.now()
        waiting.save(update_fields=["status", "decided_at"])
    fresh = bool(asked) and not (waiting and asked == waiting.after)
    if fresh:
        before = profile.held(expert, list(asked))
        Revision.objects.create(expert=expert, before=before, after=asked, grounds=grounds.strip(), asked_at=clock.now())
    payload = {"expert": expert.code, "changed": sorted([*free, *moved]), "asked": sorted(asked)}
    tell = [To("role:office", "专家信息变更待审核", f"{expert.code}：{'、'.join(profile.TITLES[n] for n in asked)}")] if fresh else []
    said = "变更已提交，待省质评办审核；其余内容已更新" if fresh else "本人信息已更新"
    return Outcome(yes(said, duty="F1"), payload, tell=tell)


@act("panel.rule_on_revision", "审核专家信息变更", duty="F1", article=ARTICLE, roles=[Role.OFFICE])
def rule_on_revision(acting: Acting, revision: Revision, *, adopt: bool, reason: str = "") -> Outcome:
    """Adopt a change that an expert asked for, or not, with the reason. Nobody rules on their own."""
    expert = revision.expert
    if revision.status != "pending":
        return Outcome(no("该变更已经审核或撤回", article=ARTICLE, duty="F1"))
    if acting.person is not None and acting.person.pk == expert.person_id:
        return Outcome(no("不得审核本人的信息变更，请由其他工作人员办理", article="七(七)", duty="K7"))
    if not adopt and not reason.strip():
        return Outcome(no("请填写不予采用的理由", article=ARTICLE, duty="F1", code="reason"))
    if adopt:
        profile.put(expert, revision.after)
    revision.status, revision.decided_at, revision.reason = "approved" if adopt else "rejected", clock.now(), reason.strip()
    revision.save(update_fields=["status", "decided_at", "reason"])
    payload = {"expert": expert.code, "adopt": adopt, "fields": sorted(revision.after), "reason": reason}
    text = "、".join(profile.TITLES[name] for name in revision.after)
    said = f"{'已采用' if adopt else '未采用'}：{reason.strip() or text}"
    tell = [To(f"person:{expert.person.code}", "信息变更审核结果", said)]
    return Outcome(yes("变更已采用" if adopt else "变更未采用", duty="F1"), payload, subject=f"expert:{expert.code}", tell=tell)


@act("panel.confirm_profile", "确认本人信息", duty="F1", article=ARTICLE, roles=[Role.EXPERT], scope=own)
def confirm_profile(acting: Acting, expert: Expert) -> Outcome:
    """Confirm that one's record is right as it stands. It holds for as long as the pack says; after that one is not drawn (Q36)."""
    expert.confirmed_on = clock.today()
    expert.save(update_fields=["confirmed_on"])
    return Outcome(yes("本人信息已确认", duty="F1"), {"expert": expert.code, "on": expert.confirmed_on})


@act("panel.set_absences", "登记不能参加评审的日期", duty="F1", article=ARTICLE, roles=[Role.EXPERT, Role.OFFICE], scope=own)
def set_absences(acting: Acting, expert: Expert, *, periods: Sequence[Period]) -> Outcome:
    """Note the days on which the expert cannot take part, in place of those noted before. periods: first day, last day, note."""
    if len(periods) > MOST_ABSENCES:
        return Outcome(no(f"一次最多登记 {MOST_ABSENCES} 段日期", article=ARTICLE, duty="F1", code="periods"))
    if any(last < first for first, last, _ in periods):
        return Outcome(no("结束日期不应早于开始日期", article=ARTICLE, duty="F1", code="periods"))
    expert.absences.all().delete()
    Absence.objects.bulk_create(Absence(expert=expert, from_on=first, until_on=last, note=note[:120]) for first, last, note in periods)
    days = [[first, last] for first, last, _ in sorted(periods)]
    return Outcome(yes("不能参加评审的日期已登记", duty="F1"), {"expert": expert.code, "periods": days})
