"""Acts of applying (B1–B5, D1–D3, D5, K1; Q7, Q31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files import services as files
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.parties import selectors as parties
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Unit
from zhiheng.rules.decision import Decision, decide, no, yes
from zhiheng.rules.eligibility import may_submit
from zhiheng.rules.lifecycle import WITHDRAWABLE, EntryStatus, Role, Stage
from zhiheng.rules.sanctions import barred
from zhiheng.stages.application import facts, forms, moves
from zhiheng.stages.application.models import BonusClaim, Entry, Evidence
from zhiheng.stages.application.selectors import own, own_part

ARTICLE = "四(二)"
OPEN = [Stage.APPLICATION]
DRAFT = [EntryStatus.DRAFT]


@act("application.open", "新建申报", duty=["B1", "B2", "D5"], article="二", roles=[Role.APPLICANT], stages=OPEN)
def open_entry(
    acting: Acting,
    cycle: Cycle,
    *,
    party: Party,
    award: str,
    category: str,
    recommender: Unit,
    name: str,
    industry: str = "",
    form: Mapping[str, Any] | None = None,
) -> Outcome:
    """Open a draft. The way leads through the recommender of the place where the applicant is (D5); a ban refuses at once (K1)."""
    pack = rules_of(cycle)
    wanted = {a.code: a for a in pack.awards}.get(award)
    if wanted is None or category not in {c.code for c in wanted.categories}:
        return Outcome(no("所选奖项或类别不在本周期评选范围内，请重新选择", article="二", duty="B1"))
    if wanted.applicant != party.kind:
        return Outcome(no(f"{wanted.title}只受理{'组织' if wanted.applicant == 'organization' else '个人'}申报", article="二", duty="B2"))
    if Stage.RECOMMENDATION in pack.line:
        cities = {r.code: r.city for r in pack.recommenders}
        if cities.get(recommender.code) != party.city:
            return Outcome(no(f"应按属地向{party.city}市场监督管理部门申报，请重新选择推荐单位", article=ARTICLE, duty="D5"))
    banned = barred(parties.bans(party), clock.today())
    if not banned.ok:
        return Outcome(banned)
    taken = Entry.objects.filter(cycle=cycle, party=party, award=award).exclude(status=EntryStatus.WITHDRAWN.value)
    if taken.exists():
        return Outcome(no("本周期已有该申报主体的申报，请继续填报，勿重复新建", article=ARTICLE, duty="D1"))
    parsed = forms.parse(party.kind, form or {})
    if parsed.value is None:
        return Outcome(parsed)
    number = Entry.objects.filter(cycle=cycle, award=award).count() + 1
    assert acting.person is not None  # an applicant is a person
    entry = Entry.objects.create(
        code=f"{cycle.code}-{wanted.short}-{number:04d}",
        cycle=cycle,
        party=party,
        owner=acting.person,
        recommender=recommender,
        award=award,
        category=category,
        name=name,
        industry=industry or party.industry,
        form=parsed.value.model_dump(mode="json"),
    )
    payload = {"award": award, "category": category, "recommender": recommender.code}
    return Outcome(yes(f"申报已建立，编号 {entry.code}", duty="D1"), payload, subject=f"entry:{entry.code}", value=entry)


@act("application.save", "保存申报表", duty="D1", article=ARTICLE, roles=[Role.APPLICANT], stages=OPEN, states=DRAFT, scope=own)
def save(acting: Acting, entry: Entry, *, form: Mapping[str, Any], revision: int) -> Outcome:
    """Save the form. `revision` is the one that was opened: a newer one saved elsewhere is not overwritten (X7)."""
    if revision != entry.revision:
        text = f"该申报表已在别处保存为第 {entry.revision} 版，您打开的是第 {revision} 版，请核对两版差异后再保存"
        return Outcome(no(text, article=ARTICLE, duty="D1", code="stale"))
    parsed = forms.parse(entry.party.kind, form)
    if parsed.value is None:
        return Outcome(parsed)
    entry.form = parsed.value.model_dump(mode="json")
    entry.revision += 1
    entry.save(update_fields=["form", "revision"])
    return Outcome(yes("已保存", duty="D1"), {"revision": entry.revision, "form": digest_of([entry.owner.salt, entry.form])}, value=entry)


@act(
    "application.attach", "上传证实性材料", duty=["D1", "D2"], article=ARTICLE, roles=[Role.APPLICANT], stages=OPEN, states=DRAFT, scope=own
)
def attach(acting: Acting, entry: Entry, *, name: str, stream: BinaryIO, title: str, proves: str, secret: bool = False) -> Outcome:
    """Attach evidence; trade secrets are marked item by item (D2)."""
    if not title.strip() or len(title) > 120:
        return Outcome(no("请填写材料名称（120 字以内）", article=ARTICLE, duty="D1"))
    stored = files.store(name, stream, f"entry:{entry.code}")
    if stored.value is None:
        return Outcome(Decision(stored.reasons))
    evidence = Evidence.objects.create(entry=entry, file=stored.value, title=title, proves=proves, secret=secret)
    payload = {"evidence": evidence.pk, "sha256": stored.value.sha256, "size": stored.value.size, "proves": proves, "secret": secret}
    return Outcome(yes("材料已上传", duty="D1"), payload, value=evidence)


@act("application.detach", "撤下材料", duty="D1", article=ARTICLE, roles=[Role.APPLICANT], stages=OPEN, scope=own_part)
def detach(acting: Acting, evidence: Evidence) -> Outcome:
    """Take a piece of evidence out of a draft; its file stays on record."""
    if evidence.entry.status != EntryStatus.DRAFT.value or evidence.removed_at:
        return Outcome(no("申报已提交或材料已撤下，不能再撤下", article=ARTICLE, duty="D1"))
    evidence.removed_at = clock.now()
    evidence.save(update_fields=["removed_at"])
    return Outcome(yes("材料已撤下", duty="D1"), {"evidence": evidence.pk}, subject=f"entry:{evidence.entry.code}")


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
    if evidence is None or evidence.entry_id != entry.pk or evidence.removed_at:
        return Outcome(no("请为加分事由上传证明材料", article=award.bonus.article, duty="H1"))
    claim = BonusClaim.objects.create(entry=entry, kind=kind, granted_on=granted_on, valid_until=valid_until, evidence=evidence)
    return Outcome(yes("加分申请已登记", duty="H1"), {"kind": kind, "granted_on": granted_on, "valid_until": valid_until}, value=claim)


@act(
    "application.declare",
    "作出承诺和声明",
    duty=["D1", "D2", "B3", "B4"],
    article=ARTICLE,
    roles=[Role.APPLICANT],
    stages=OPEN,
    states=DRAFT,
    scope=own,
)
def declare(acting: Acting, entry: Entry, *, conditions: Sequence[str], signed_by: str, no_state_secrets: bool) -> Outcome:
    """Declare each condition met, sign responsibility for the materials, and declare that they hold no state secrets."""
    known = {c.code for c in rules_of(entry.cycle).award(entry.award).conditions}
    if strange := [c for c in conditions if c not in known]:
        return Outcome(no(f"“{strange[0]}”不是本奖项的申报条件", article="三", duty="B3"))
    entry.declared, entry.signed_by, entry.no_state_secrets = sorted(set(conditions)), signed_by.strip(), no_state_secrets
    entry.signed_at = clock.now() if entry.signed_by else None
    entry.save(update_fields=["declared", "signed_by", "signed_at", "no_state_secrets"])
    payload = {"conditions": entry.declared, "signed": bool(entry.signed_by), "no_state_secrets": no_state_secrets}
    return Outcome(yes("承诺和声明已保存", duty="D1"), payload)


@act(
    "application.internal_publicity",
    "登记内部公示",
    duty="D3",
    article=ARTICLE,
    roles=[Role.APPLICANT],
    stages=OPEN,
    states=DRAFT,
    scope=own,
)
def internal_publicity(acting: Acting, entry: Entry, *, start: date, end: date, objections: int, proof: Evidence | None) -> Outcome:
    """Record the publicity inside the applicant's own unit with its proof."""
    if end < start:
        return Outcome(no("内部公示结束日期早于开始日期，请核对", article=ARTICLE, duty="D3"))
    if proof is not None and proof.entry_id != entry.pk:
        return Outcome(no("证明材料不属于本申报，请重新选择", article=ARTICLE, duty="D3"))
    entry.internal_from, entry.internal_until, entry.internal_objections = start, end, objections
    entry.internal_proof = proof.file if proof else None
    entry.save(update_fields=["internal_from", "internal_until", "internal_objections", "internal_proof"])
    return Outcome(yes("内部公示情况已登记", duty="D3"), {"from": start, "until": end, "objections": objections, "proof": bool(proof)})


@act(
    "application.submit",
    "提交申报",
    duty=["D1", "D2", "D3", "B1", "B2", "B3", "B4", "B5", "K1", "K2"],
    article=ARTICLE,
    roles=[Role.APPLICANT],
    stages=OPEN,
    states=DRAFT,
    scope=own,
)
def submit(acting: Acting, entry: Entry) -> Outcome:
    """Submit the application to its recommender. Received before the close counts; the receipt says when (X5)."""
    assert entry.cycle.deadline is not None  # set when the call was issued
    now = clock.now()
    decision = may_submit(facts.submission(entry), rules_of(entry.cycle), calendar(), now, entry.cycle.deadline)
    if not decision.ok:
        return Outcome(decision)
    entry.submitted_at = now
    entry.save(update_fields=["submitted_at"])
    moves.to(entry, EntryStatus.SUBMITTED)
    payload = {"warnings": [w.text for w in decision.warnings], "form": digest_of([entry.owner.salt, entry.form]), "submitted_at": now}
    tell = [To(f"unit:{entry.recommender.code}", "收到申报", f"{entry.code} 已提交，请审核")]
    return Outcome(decision, payload, value=entry, tell=tell)


@act("application.withdraw", "撤回申报", duty="D1", article=ARTICLE, roles=[Role.APPLICANT], states=WITHDRAWABLE, scope=own)
def withdraw(acting: Acting, entry: Entry, *, reason: str = "") -> Outcome:
    """Withdraw, until nomination; no ban follows (Q31)."""
    moves.to(entry, EntryStatus.WITHDRAWN)
    tell = [To(f"unit:{entry.recommender.code}", "申报已撤回", entry.code), To("role:office", "申报已撤回", entry.code)]
    return Outcome(yes("申报已撤回，不影响以后申报", duty="D1"), {"reason": bool(reason)}, tell=tell)


@act(
    "application.correct_category",
    "更正个人奖类别",
    duty="B2",
    article="二(二)",
    roles=[Role.OFFICE],
    stages=[Stage.APPLICATION, Stage.RECOMMENDATION, Stage.QUALIFICATION],
    states=[EntryStatus.SUBMITTED, EntryStatus.RECOMMENDED],
)
def correct_category(acting: Acting, entry: Entry, *, category: str, reason: str) -> Outcome:
    """Correct the declared category with a reason, until acceptance; then it is locked (Q7)."""
    if category not in {c.code for c in rules_of(entry.cycle).award(entry.award).categories}:
        return Outcome(no("该类别不存在，请重新选择", article="二(二)", duty="B2"))
    if not reason.strip():
        return Outcome(no("请填写更正理由", article="二(二)", duty="B2"))
    was, entry.category = entry.category, category
    entry.save(update_fields=["category"])
    tell = [To(f"person:{entry.owner.code}", "申报类别已更正", f"{entry.code}：{reason}")]
    return Outcome(decide([]), {"was": was, "now": category, "reason": reason}, tell=tell)
