"""Acts of the expert library and of recusal (F1, K7, Q18)."""

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
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.selectors import own
from zhiheng.stages.panel.models import Conflict, Expert
from zhiheng.stages.panel.selectors import taken_on

ARTICLE = "四(四)1"
K7 = "七(七)"


@act("panel.register_expert", "登记评审专家", duty="F1", article=ARTICLE, roles=[Role.OFFICE, Role.AGENCY])
def register_expert(
    acting: Acting,
    subject: None,
    *,
    person: Person | Newcomer,
    code: str,
    title: str = "",
    employer: str = "",
    employers: Sequence[Mapping[str, Any]] = (),
    consulted: Sequence[Mapping[str, Any]] = (),
    industries: Sequence[str] = (),
    categories: Sequence[str] = (),
    city: str = "",
    leader: bool = False,
    max_load: int = 3,
) -> Outcome:
    """Propose an expert for the library; they can be drawn once the office approves. person: one known, or as they are typed in."""
    if isinstance(person, Newcomer):
        if wrong := identity_fault(person.name, person.id_number):
            return Outcome(no(wrong, article=ARTICLE, duty="F1", code="identity"))
        person = known(person)[0]
    if Expert.objects.filter(code=code).exists() or Expert.objects.filter(person=person).exists():
        return Outcome(no(f"专家编号 {code} 或该人员已在库中，请勿重复登记", article=ARTICLE, duty="F1"))
    if not employer.strip() or not industries or not categories:
        return Outcome(no("请填写专家的工作单位、熟悉行业和可评类别", article=ARTICLE, duty="F1"))
    if max_load < 1 or not all(_sound(row) for row in (*employers, *consulted)):
        return Outcome(no("请填写单位名称、离任日期（年-月-日，在任的留空）和不少于 1 组的工作量上限", article=ARTICLE, duty="F1"))
    expert = Expert.objects.create(
        code=code,
        person=person,
        title=title,
        employer=employer,
        employers=list(employers),
        consulted=list(consulted),
        industries=sorted(industries),
        categories=sorted(categories),
        city=city,
        leader=leader,
        max_load=max_load,
    )
    return Outcome(yes("专家已登记，待审核入库", duty="F1"), {"expert": code}, subject=f"expert:{code}", value=expert)


def _sound(row: Mapping[str, Any]) -> bool:
    """Whether a former employer or client is named, with a date that is one or none: recusal counts years from it (Q18)."""
    try:
        return bool(str(row["employer"]).strip()) and (not row.get("until") or bool(date.fromisoformat(row["until"])))
    except (KeyError, TypeError, ValueError):
        return False


@act("panel.approve_expert", "审核专家入库", duty="F1", article=ARTICLE, roles=[Role.OFFICE])
def approve_expert(acting: Acting, expert: Expert) -> Outcome:
    """Approve an expert: from now on they may be drawn and act as an expert."""
    if expert.status == "active":
        return Outcome(no("该专家已在库", article=ARTICLE, duty="F1"))
    expert.status, expert.reason = "active", ""
    expert.save(update_fields=["status", "reason"])
    RoleGrant.objects.get_or_create(
        person=expert.person, role=Role.EXPERT.value, revoked_at=None, unit=None, cycle="", defaults={"granted_at": clock.now()}
    )
    return Outcome(yes("专家已入库", duty="F1"), {"expert": expert.code})


@act("panel.suspend_expert", "暂停或移出专家", duty=["F1", "K7"], article=K7, roles=[Role.OFFICE])
def suspend_expert(acting: Acting, expert: Expert, *, remove: bool, reason: str) -> Outcome:
    """Suspend an expert or take them out of the library, with the reason; from the next request on they cannot act as an expert."""
    if not reason.strip():
        return Outcome(no("请填写暂停或移出的理由", article=K7, duty="K7"))
    expert.status, expert.reason = "removed" if remove else "suspended", reason
    expert.save(update_fields=["status", "reason"])
    RoleGrant.objects.filter(person=expert.person, role=Role.EXPERT.value, revoked_at=None).update(revoked_at=clock.now())
    return Outcome(yes("专家状态已更新", duty="K7"), {"expert": expert.code, "status": expert.status, "reason": reason})


#: The committee and the experts know an entry from the accepted list on; of what is not on it nobody tells them.
_BEFORE_THE_LIST = frozenset({EntryStatus.SUBMITTED, EntryStatus.RECOMMENDED, EntryStatus.NOT_RECOMMENDED, EntryStatus.NOT_ACCEPTED})


def _knows(acting: Acting, entry: Entry) -> bool:
    """Whether the actor may know of the entry at all: an applicant its own, nobody else's draft, an agency where it is commissioned,
    experts and the committee what was published as accepted."""
    if acting.role == Role.APPLICANT:
        return own(acting, entry)
    status = EntryStatus(entry.status)
    if status == EntryStatus.DRAFT or (status == EntryStatus.WITHDRAWN and entry.submitted_at is None):
        return False
    if acting.role == Role.AGENCY:
        return taken_on(acting, entry)
    return acting.role == Role.OFFICE or status not in _BEFORE_THE_LIST | {EntryStatus.WITHDRAWN}


@act(
    "panel.declare_conflict",
    "申请回避",
    duty="K7",
    article=K7,
    roles=[Role.EXPERT, Role.MEMBER, Role.CHAIR, Role.OFFICE, Role.AGENCY, Role.APPLICANT],
    scope=_knows,
)
def declare_conflict(acting: Acting, entry: Entry, *, person: Person, kind: str, grounds: str) -> Outcome:
    """Declare one's own conflict (stands at once), or ask that another recuse themselves (the office decides)."""
    if not grounds.strip():
        return Outcome(no("请写明需要回避的事由", article=K7, duty="K7"))
    if kind not in {"declared", "requested", "kin", "found"}:
        return Outcome(no("回避事由类别不正确，请重新选择", article=K7, duty="K7"))
    own_word = acting.person is not None and person.pk == acting.person.pk
    known = Conflict.objects.filter(entry=entry, person=person, status__in=["standing", "pending"]).first()
    if known and not (own_word and known.status == "pending"):
        return Outcome(no("该回避事项已经登记", article=K7, duty="K7"))
    if own_word:
        kept = "kin" if kind == "kin" else "declared"
    else:
        kept = "requested" if kind == "declared" or acting.role == Role.APPLICANT else kind
    status = "standing" if own_word else "pending"
    # Whoever was asked to recuse themselves and now does so need not wait for the office.
    conflict = known or Conflict(entry=entry, person=person)
    conflict.kind, conflict.grounds, conflict.status, conflict.found_at = kept, grounds, status, clock.now()
    conflict.save()
    payload = {"person": person.code, "kind": kept, "status": status}
    tell = [To("role:office", "收到回避申请", f"{entry.code}：{person.code}")]
    return Outcome(yes("已回避" if own_word else "回避申请已登记，待省质评办审定", duty="K7"), payload, value=conflict, tell=tell)


@act("panel.rule_on_conflict", "审定回避", duty="K7", article=K7, roles=[Role.OFFICE])
def rule_on_conflict(acting: Acting, conflict: Conflict, *, stands: bool, reason: str) -> Outcome:
    """Decide whether a conflict stands. Nobody decides on their own."""
    if acting.person is not None and conflict.person_id == acting.person.pk:
        return Outcome(no("不得审定本人的回避事项，请由其他工作人员办理", article=K7, duty="K7"))
    if conflict.status == "standing" and not stands and conflict.kind in {"declared", "kin"}:
        return Outcome(no("本人主动申请的回避不得撤销", article=K7, duty="K7"))
    if stands and Conflict.objects.filter(entry=conflict.entry, person=conflict.person, status="standing").exclude(pk=conflict.pk).exists():
        return Outcome(no("该人员对此申报的回避已经成立", article=K7, duty="K7"))
    if not reason.strip():
        return Outcome(no("请填写审定理由", article=K7, duty="K7"))
    conflict.status = "standing" if stands else "rejected"
    conflict.save(update_fields=["status"])
    payload = {"person": conflict.person.code if conflict.person else "", "stands": stands, "reason": reason}
    return Outcome(yes("回避事项已审定", duty="K7"), payload, subject=f"entry:{conflict.entry.code}")
