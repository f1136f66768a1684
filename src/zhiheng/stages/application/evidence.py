"""Acts on evidence and on what rests on it: trade secrets, grounds for the bonus (D1, D2, H1, H2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import BinaryIO

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files import services as files
from zhiheng.rules.decision import Decision, Reason, decide, no, yes
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application import texts
from zhiheng.stages.application.models import BonusClaim, Entry, Evidence
from zhiheng.stages.application.selectors import own, own_part

ARTICLE = "四(二)"
OPEN = [Stage.APPLICATION]
DRAFT = [EntryStatus.DRAFT]
FIRST = date(1900, 1, 1)  # no date that an applicant types is older


def standing(entry: Entry, evidence: Evidence) -> bool:
    """Whether the evidence belongs to the entry and stands, asked of the database: what the caller holds may be old."""
    return entry.evidence.filter(pk=evidence.pk, removed_at=None).exists()


def unsign(entry: Entry) -> list[str]:
    """The signature answers for form and evidence as they were: what changes them calls for a new one (D1). Names of the fields reset."""
    entry.signed_by, entry.signed_at = "", None
    return ["signed_by", "signed_at"]


@act(
    "application.attach", "上传证实性材料", duty=["D1", "D2"], article=ARTICLE, roles=[Role.APPLICANT], stages=OPEN, states=DRAFT, scope=own
)
def attach(acting: Acting, entry: Entry, *, name: str, stream: BinaryIO, title: str, proves: str, secret: bool = False) -> Outcome:
    """Attach evidence; trade secrets are marked item by item (D2)."""
    if not title.strip() or len(title) > texts.TITLE:
        return Outcome(no("请填写材料名称（120 字以内）", article=ARTICLE, duty="D1"))
    if not (fit := texts.fit(ARTICLE, "D1", ("材料名称", title, texts.TITLE), ("证明事项", proves, 40))).ok:
        return Outcome(fit)
    if not _provable(entry, proves):
        return Outcome(no("请选择该材料证明的事项：申报条件、评价标准条款、加分事由或内部公示", article=ARTICLE, duty="D1"))
    stored = files.store(name, stream, f"entry:{entry.code}")
    if stored.value is None:
        return Outcome(Decision(stored.reasons))
    evidence = Evidence.objects.create(entry=entry, file=stored.value, title=title, proves=proves, secret=secret)
    entry.save(update_fields=unsign(entry))
    payload = {"evidence": evidence.pk, "sha256": stored.value.sha256, "size": stored.value.size, "proves": proves, "secret": secret}
    found = [Reason(True, "材料已上传", duty="D1"), *stored.warnings]
    return Outcome(decide(found), payload, value=evidence)


def _provable(entry: Entry, proves: str) -> bool:
    """Whether the thing to be proved exists: a condition or bonus ground of the award, a clause, the internal publicity."""
    kind, _, code = proves.partition(":")
    award = rules_of(entry.cycle).award(entry.award)
    known = {"condition": {c.code for c in award.conditions}, "bonus": {k.code for k in award.bonus.kinds}, "internal": {""}}
    return code in known[kind] if kind in known else kind == "clause" and bool(code)


@act("application.detach", "撤下材料", duty="D1", article=ARTICLE, roles=[Role.APPLICANT], stages=OPEN, scope=own_part)
def detach(acting: Acting, evidence: Evidence) -> Outcome:
    """Take a piece of evidence out of a draft; its file stays on record, what rested on it falls with it."""
    if evidence.entry.status != EntryStatus.DRAFT.value or evidence.removed_at:
        return Outcome(no("申报已提交或材料已撤下，不能再撤下", article=ARTICLE, duty="D1"))
    entry = evidence.entry
    evidence.removed_at = clock.now()
    evidence.save(update_fields=["removed_at"])
    changed = unsign(entry)
    if entry.internal_proof_id == evidence.file_id:
        entry.internal_proof, changed = None, [*changed, "internal_proof"]
    entry.save(update_fields=changed)
    claims = entry.bonus_claims.filter(evidence=evidence)
    payload = {"evidence": evidence.pk, "claims": sorted(claims.values_list("kind", flat=True))}
    claims.delete()
    return Outcome(yes("材料已撤下", duty="D1"), payload, subject=f"entry:{entry.code}")


@act("application.mark_secret", "标注商业秘密", duty="D2", article=ARTICLE, roles=[Role.APPLICANT], stages=OPEN, scope=own_part)
def mark_secret(acting: Acting, evidence: Evidence, *, secret: bool) -> Outcome:
    """Mark a piece of evidence as a trade secret, or take the mark off."""
    if evidence.entry.status != EntryStatus.DRAFT.value:
        return Outcome(no("申报已提交，标注不能再改；如需补充标注请联系推荐单位退回", article=ARTICLE, duty="D2"))
    evidence.secret = secret
    evidence.save(update_fields=["secret"])
    return Outcome(
        yes("商业秘密标注已更新", duty="D2"), {"evidence": evidence.pk, "secret": secret}, subject=f"entry:{evidence.entry.code}"
    )


@act(
    "application.claim_bonus", "申请加分", duty=["H1", "H2"], article="四(六)", roles=[Role.APPLICANT], stages=OPEN, states=DRAFT, scope=own
)
def claim_bonus(
    acting: Acting,
    entry: Entry,
    *,
    kind: str,
    granted_on: date | None = None,
    valid_until: date | None = None,
    evidence: Evidence | None = None,
) -> Outcome:
    """Claim a ground for the bonus with its evidence; staff verify it at nomination (Q9)."""
    award = rules_of(entry.cycle).award(entry.award)
    if kind not in {k.code for k in award.bonus.kinds}:
        return Outcome(no("该事由不属于规定的加分情形，请重新选择", article=award.bonus.article, duty="H1"))
    if evidence is None or not standing(entry, evidence):
        return Outcome(no("请为加分事由上传证明材料", article=award.bonus.article, duty="H1"))
    last = clock.today().replace(month=12, day=31) + timedelta(days=36525)
    if (granted_on and not FIRST <= granted_on <= clock.today()) or (valid_until and not FIRST <= valid_until <= last):
        return Outcome(no("获得日期或有效期有误，请核对", article=award.bonus.article, duty="H1"))
    claim = BonusClaim.objects.create(entry=entry, kind=kind, granted_on=granted_on, valid_until=valid_until, evidence=evidence)
    return Outcome(yes("加分申请已登记", duty="H1"), {"kind": kind, "granted_on": granted_on, "valid_until": valid_until}, value=claim)
