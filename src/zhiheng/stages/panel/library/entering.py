"""Into the expert library and out of it: proposed, approved, suspended, removed, taken back; the office's own corrections (F1, K7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.administration.people import identity_fault
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.foundation.people.services import Newcomer, known
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel import profile
from zhiheng.stages.panel.models import Expert

ARTICLE = "四(四)1"
K7 = "七(七)"
OWN = "不得办理本人的入库、恢复和信息变更，请由其他工作人员办理"


@act("panel.register_expert", "登记评审专家", duty="F1", article=ARTICLE, roles=[Role.OFFICE, Role.AGENCY])
def register_expert(
    acting: Acting,
    subject: None,
    *,
    person: Person | Newcomer,
    code: str,
    employer: str = "",
    industries: Sequence[str] = (),
    categories: Sequence[str] = (),
    **more: Any,
) -> Outcome:
    """Propose an expert for the library; they can be drawn once the office approves. person: one known, or as they are typed in.

    more: further fields of a profile (stages/panel/profile.py); KeyError for any other.
    """
    if isinstance(person, Newcomer):
        if wrong := identity_fault(person.name, person.id_number):
            return Outcome(no(wrong, article=ARTICLE, duty="F1", code="identity"))
        person = known(person)[0]
    if Expert.objects.filter(code=code).exists() or Expert.objects.filter(person=person).exists():
        return Outcome(no(f"专家编号 {code} 或该人员已在库中，请勿重复登记", article=ARTICLE, duty="F1"))
    values, wrong = profile.cleaned({"employer": employer, "industries": industries, "categories": categories, **more})
    if wrong:
        return Outcome(no(wrong, article=ARTICLE, duty="F1"))
    expert = Expert.objects.create(code=code, person=person, **values)
    return Outcome(yes("专家已登记，待审核入库", duty="F1"), {"expert": code}, subject=f"expert:{code}", value=expert)


def _serve(expert: Expert) -> None:
    """Into service, with the role of an expert."""
    expert.status, expert.reason, expert.approved_on = "active", "", clock.today()
    expert.save(update_fields=["status", "reason", "approved_on", "term_from", "term_until"])
    RoleGrant.objects.get_or_create(
        person=expert.person, role=Role.EXPERT.value, revoked_at=None, unit=None, cycle="", defaults={"granted_at": clock.now()}
    )


def _of_actor(acting: Acting, expert: Expert) -> bool:
    return acting.person is not None and acting.person.pk == expert.person_id


@act("panel.approve_expert", "审核专家入库", duty="F1", article=ARTICLE, roles=[Role.OFFICE])
def approve_expert(acting: Acting, expert: Expert, *, term_from: date | None = None, term_until: date | None = None) -> Outcome:
    """Approve an expert: from now on they may be drawn and act as an expert. term_until: the last day of appointment (None: no end)."""
    if expert.status != "proposed":
        said = "该专家已在库" if expert.status == "active" else "该专家已暂停或移出，请办理“恢复专家资格”"
        return Outcome(no(said, article=ARTICLE, duty="F1"))
    if _of_actor(acting, expert):
        return Outcome(no(OWN, article=K7, duty="K7"))
    first = term_from or expert.term_from or clock.today()
    last = term_until or expert.term_until
    if last and last < first:
        return Outcome(no("聘期止不应早于聘期起", article=ARTICLE, duty="F1", code="term_until"))
    expert.term_from, expert.term_until = first, last
    _serve(expert)
    return Outcome(yes("专家已入库", duty="F1"), {"expert": expert.code, "term": [first, last]})


@act("panel.suspend_expert", "暂停或移出专家", duty=["F1", "K7"], article=K7, roles=[Role.OFFICE])
def suspend_expert(acting: Acting, expert: Expert, *, remove: bool, reason: str) -> Outcome:
    """Suspend an expert or take them out of the library, with the reason; from the next request on they cannot act as an expert."""
    if not reason.strip():
        return Outcome(no("请填写暂停或移出的理由", article=K7, duty="K7"))
    expert.status, expert.reason = "removed" if remove else "suspended", reason
    expert.save(update_fields=["status", "reason"])
    RoleGrant.objects.filter(person=expert.person, role=Role.EXPERT.value, revoked_at=None).update(revoked_at=clock.now())
    return Outcome(yes("专家状态已更新", duty="K7"), {"expert": expert.code, "status": expert.status, "reason": reason})


@act("panel.reinstate_expert", "恢复专家资格", duty=["F1", "K7"], article=K7, roles=[Role.OFFICE])
def reinstate_expert(acting: Acting, expert: Expert, *, reason: str) -> Outcome:
    """Take a suspended or removed expert back into service, with the reason."""
    if expert.status not in ("suspended", "removed"):
        return Outcome(no("该专家未被暂停或移出", article=K7, duty="K7"))
    if _of_actor(acting, expert):
        return Outcome(no(OWN, article=K7, duty="K7"))
    if not reason.strip():
        return Outcome(no("请填写恢复的理由", article=K7, duty="K7"))
    _serve(expert)
    tell = [To(f"person:{expert.person.code}", "专家资格已恢复", reason)]
    return Outcome(yes("专家资格已恢复", duty="K7"), {"expert": expert.code, "reason": reason}, tell=tell)


@act("panel.amend_expert", "更正专家信息", duty="F1", article=ARTICLE, roles=[Role.OFFICE])
def amend_expert(acting: Acting, expert: Expert, *, reason: str, contact: str | None = None, **given: Any) -> Outcome:
    """Correct the profile of an expert (fields of stages/panel/profile.py), at once and with the reason. Nobody corrects their own."""
    if _of_actor(acting, expert):
        return Outcome(no(OWN, article=K7, duty="K7"))
    if not reason.strip():
        return Outcome(no("请填写更正的理由", article=ARTICLE, duty="F1", code="reason"))
    values, wrong = profile.cleaned({"industries": expert.industries, **given})
    if wrong:
        return Outcome(no(wrong, article=ARTICLE, duty="F1"))
    changed = profile.changes(expert, values)
    moved = profile.reach_at(expert, contact)
    if not (changed or moved):
        return Outcome(no("没有改动的内容", article=ARTICLE, duty="F1"))
    profile.put(expert, changed)
    payload = {"expert": expert.code, "changed": sorted([*changed, *moved]), "reason": reason}
    titles = [*(profile.TITLES[name] for name in changed), *(["联系方式"] if moved else [])]
    tell = [To(f"person:{expert.person.code}", "专家信息已更正", "、".join(titles))]
    return Outcome(yes("专家信息已更正", duty="F1"), payload, tell=tell)


@act(
    "panel.export_experts",
    "导出专家名单",
    duty=["F1", "L4"],
    article=ARTICLE,
    roles=[Role.OFFICE, Role.AGENCY, Role.INSPECTOR],
    kind="look",
)
def export_experts(acting: Acting, subject: None, *, count: int, narrowed: Mapping[str, str]) -> Outcome:
    """Take the list of experts out of the platform; on record are who took it, how many, and by what it was narrowed."""
    return Outcome(yes("专家名单已导出", duty="L4"), {"experts": count, "narrowed": dict(narrowed)})
