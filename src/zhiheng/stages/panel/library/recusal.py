"""Recusal: one's own word, another's request, the office's ruling (K7, Q18)."""

from __future__ import annotations

from django.db.models import Q

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.people.models import Person
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.selectors import own
from zhiheng.stages.panel.models import Conflict
from zhiheng.stages.panel.selectors import taken_on

K7 = "七(七)"
ASKED = "回避申请已登记，待省质评办审定"
#: Whom an applicant may mean beside the experts of the library.
JUDGING = [role.value for role in (Role.MEMBER, Role.CHAIR, Role.OFFICE, Role.AGENCY)]

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
def declare_conflict(
    acting: Acting,
    entry: Entry,
    *,
    kind: str,
    grounds: str,
    person: Person | None = None,
    named: str = "",
    proof: StoredFile | None = None,
    unproved: str = "",
) -> Outcome:
    """Declare one's own conflict (stands at once), or ask that another recuse themselves (the office decides).

    An applicant may say in its own words whom it means (`named`: 姓名 or 姓名（单位）) and is never told whether there is such a person; it
    brings a proof, or says why it has none (`unproved`). Anybody else means a person.
    """
    if not grounds.strip():
        return Outcome(no("请写明需要回避的事由", article=K7, duty="K7"))
    if kind not in {"declared", "requested", "kin", "found"}:
        return Outcome(no("回避事由类别不正确，请重新选择", article=K7, duty="K7"))
    if acting.role == Role.APPLICANT:
        return _request(entry, person, named, Conflict(grounds=grounds, proof=proof, unproved=unproved.strip()))
    if person is None:
        return Outcome(no("请指明需要回避的人员", article=K7, duty="K7"))
    own_word = acting.person is not None and person.pk == acting.person.pk
    known = Conflict.objects.filter(entry=entry, person=person, status__in=["standing", "pending"]).first()
    if known and not (own_word and known.status == "pending"):
        return Outcome(no("该回避事项已经登记", article=K7, duty="K7"))
    kept = ("kin" if kind == "kin" else "declared") if own_word else "requested" if kind == "declared" else kind
    # Whoever was asked to recuse themselves and now does so need not wait for the office.
    conflict = known or Conflict(entry=entry, person=person)
    conflict.kind, conflict.grounds, conflict.status = kept, grounds, "standing" if own_word else "pending"
    conflict.proof = proof or conflict.proof
    return _kept(conflict, "已回避" if own_word else ASKED)


def _request(entry: Entry, person: Person | None, named: str, asked: Conflict) -> Outcome:
    """What an applicant asks for. It learns nothing of whether its words name somebody, or of what others said of them (T2)."""
    named = " ".join(named.split())[:200] or (person.name if person else "")
    if not named:
        return Outcome(no("请写明请求回避的人员姓名", article=K7, duty="K7", code="named"))
    if asked.proof is None and not asked.unproved:
        return Outcome(no("请上传证明材料；确无材料的，请说明情况", article=K7, duty="K7", code="proof"))
    if Conflict.objects.filter(entry=entry, named=named, kind="requested", status="pending").exists():
        return Outcome(no("您已就该人员提出回避申请，请等待审定", article=K7, duty="K7", code="named"))
    asked.entry, asked.person, asked.named = entry, person or _meant(named), named
    asked.kind, asked.status = "requested", "pending"
    return _kept(asked, ASKED)


def _meant(named: str) -> Person | None:
    """The one expert, member or member of staff whom the words name: by code, or by name and, where several have it, by employer."""
    name, _, employer = named.replace("(", "（").rstrip("）)").partition("（")
    serving = Person.objects.filter(Q(expert__isnull=False) | Q(grants__role__in=JUDGING, grants__revoked_at=None)).distinct()
    found = list(serving.filter(Q(name=name.strip()) | Q(expert__code=name.strip()))[:20])
    if len(found) > 1 and employer.strip():
        keep = {p.pk for p in serving.filter(pk__in=[p.pk for p in found], expert__employer__icontains=employer.strip())}
        found = [p for p in found if p.pk in keep]
    return found[0] if len(found) == 1 else None


def _kept(conflict: Conflict, said: str) -> Outcome:
    """Save it and tell the office. What an applicant wrote stays out of the journal: it names somebody."""
    conflict.found_at = clock.now()
    conflict.save()
    code = conflict.person.code if conflict.person else ""
    payload = {"person": code, "kind": conflict.kind, "status": conflict.status}
    if conflict.proof:
        payload["proof"] = conflict.proof.sha256
    tell = [To("role:office", "收到回避申请", f"{conflict.entry.code}：{code or '申报方所指人员，待核对'}")]
    return Outcome(yes(said, duty="K7"), payload, value=conflict, tell=tell)


@act("panel.rule_on_conflict", "审定回避", duty="K7", article=K7, roles=[Role.OFFICE])
def rule_on_conflict(acting: Acting, conflict: Conflict, *, stands: bool, reason: str, person: Person | None = None) -> Outcome:
    """Decide whether a conflict stands. Nobody decides on their own. person: whom an applicant's words mean, where that is not known."""
    whom = conflict.person or person
    if acting.person is not None and whom is not None and whom.pk == acting.person.pk:
        return Outcome(no("不得审定本人的回避事项，请由其他工作人员办理", article=K7, duty="K7"))
    if conflict.status == "standing" and not stands and conflict.kind in {"declared", "kin"}:
        return Outcome(no("本人主动申请的回避不得撤销", article=K7, duty="K7"))
    if stands and whom is None:
        return Outcome(no("请先核对申报方所指的人员", article=K7, duty="K7", code="person"))
    if stands and Conflict.objects.filter(entry=conflict.entry, person=whom, status="standing").exclude(pk=conflict.pk).exists():
        return Outcome(no("该人员对此申报的回避已经成立", article=K7, duty="K7"))
    if not reason.strip():
        return Outcome(no("请填写审定理由", article=K7, duty="K7"))
    conflict.status, conflict.person = "standing" if stands else "rejected", whom
    conflict.save(update_fields=["status", "person"])
    payload = {"person": whom.code if whom else "", "stands": stands, "reason": reason}
    return Outcome(yes("回避事项已审定", duty="K7"), payload, subject=f"entry:{conflict.entry.code}")
