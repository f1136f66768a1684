"""Acts of applying (B1–B5, D1–D3, D5, K1; Q7, Q31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.industries import divisions
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.parties import selectors as parties
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.parties.services import Individual, Organization, known
from zhiheng.foundation.people.models import Unit
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.eligibility import may_submit
from zhiheng.rules.lifecycle import WITHDRAWABLE, EntryStatus, Role, Stage
from zhiheng.rules.sanctions import barred
from zhiheng.stages.application import facts, forms, moves, texts
from zhiheng.stages.application.evidence import ARTICLE, DRAFT, FIRST, OPEN, attach, claim_bonus, detach, mark_secret, standing, unsign
from zhiheng.stages.application.models import Entry, Evidence
from zhiheng.stages.application.selectors import may_withdraw, own

__all__ = [
    "attach", "claim_bonus", "correct_category", "declare", "detach", "internal_publicity", "mark_secret", "open_entry", "save", "submit",
    "withdraw",
]  # fmt: skip


@act("application.open", "新建申报", duty=["B1", "B2", "D5"], article="二", roles=[Role.APPLICANT], stages=OPEN)
def open_entry(
    acting: Acting,
    cycle: Cycle,
    *,
    party: Party | Organization | Individual,
    award: str,
    category: str,
    recommender: Unit,
    name: str,
    industry: str = "",
    form: Mapping[str, Any] | None = None,
) -> Outcome:
    """Open a draft, from the first day of applying to its close. The way leads through the recommender of the place where the applicant is
    (D5); a ban refuses at once (K1); a person applies in their own name only. party: one known already, or as the applicant describes it.
    """
    if not isinstance(party, Party):
        described = known(party)
        if described.value is None:
            return Outcome(described)
        party = described.value
    place = _place(cycle, party, award, category, recommender)
    if not place.ok:
        return Outcome(place)
    if party.kind == "person" and party.person != acting.person:
        return Outcome(no("个人奖只能由本人申报", article="二(二)", duty="B2", code="scope"))
    if not (named := _named(name, industry)).ok:
        return Outcome(named)
    if not (banned := barred(parties.bans(party), clock.today())).ok:
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
        code=f"{cycle.code}-{rules_of(cycle).award(award).short}-{number:04d}",
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


def _place(cycle: Cycle, party: Party, award: str, category: str, recommender: Unit) -> Decision[None]:
    """Whether the cycle takes this kind of applicant now, through this recommender (B1, B2, D1, D5)."""
    if cycle.opens_on and clock.today() < cycle.opens_on:
        return no(f"申报自{chinese_date(cycle.opens_on)}开始，请届时办理", article=ARTICLE, duty="D1", code="early")
    if cycle.deadline and clock.now() >= cycle.deadline:
        return no("申报已经截止，不能再新建申报", article=ARTICLE, duty="D1", code="late")
    pack = rules_of(cycle)
    wanted = {a.code: a for a in pack.awards}.get(award)
    if wanted is None or category not in {c.code for c in wanted.categories}:
        return no("所选奖项或类别不在本周期评选范围内，请重新选择", article="二", duty="B1")
    if wanted.applicant != party.kind:
        return no(f"{wanted.title}只受理{'组织' if wanted.applicant == 'organization' else '个人'}申报", article="二", duty="B2")
    if Stage.RECOMMENDATION in pack.line and {r.code: r.city for r in pack.recommenders}.get(recommender.code) != party.city:
        return no(f"应按属地向{party.city}市场监督管理部门申报，请重新选择推荐单位", article=ARTICLE, duty="D5")
    return yes()


def _named(name: str, industry: str) -> Decision[None]:
    if not name.strip():
        return no("请填写申报名称", article=ARTICLE, duty="D1")
    if industry and industry not in divisions():
        return no("行业大类不在《国民经济行业分类》（GB/T 4754—2017）中，请填写两位代码", article="二", duty="B1")
    return texts.fit(ARTICLE, "D1", ("申报名称", name, texts.TITLE))


@act("application.save", "保存申报表", duty="D1", article=ARTICLE, roles=[Role.APPLICANT], stages=OPEN, states=DRAFT, scope=own)
def save(acting: Acting, entry: Entry, *, form: Mapping[str, Any], revision: int) -> Outcome:
    """Save the form. `revision` is the one that was opened: a newer one saved elsewhere is not overwritten (X7).

    A form that changed must be signed for again.
    """
    if revision != entry.revision:
        text = f"该申报表已在别处保存为第 {entry.revision} 版，您打开的是第 {revision} 版，请核对两版差异后再保存"
        return Outcome(no(text, article=ARTICLE, duty="D1", code="stale"))
    parsed = forms.parse(entry.party.kind, form)
    if parsed.value is None:
        return Outcome(parsed)
    was, entry.form = entry.form, parsed.value.model_dump(mode="json")
    entry.revision += 1
    entry.save(update_fields=["form", "revision", *(unsign(entry) if entry.form != was else [])])
    return Outcome(yes("已保存", duty="D1"), {"revision": entry.revision, "form": digest_of([entry.owner.salt, entry.form])}, value=entry)


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
    if not set(conditions) <= known:
        return Outcome(no("所列事项中有的不是本奖项的申报条件，请重新勾选", article="三", duty="B3"))
    if not (fit := texts.fit(ARTICLE, "D1", ("责任承诺签署人", signed_by, texts.NAME))).ok:
        return Outcome(fit)
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
    if start < FIRST or end > clock.today() + timedelta(days=366):
        return Outcome(no("内部公示日期有误，请核对", article=ARTICLE, duty="D3"))
    if not 0 <= objections <= 9999:
        return Outcome(no("内部公示异议数须为不小于 0 的整数，请核对", article=ARTICLE, duty="D3"))
    if proof is not None and not standing(entry, proof):
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


@act("application.withdraw", "撤回申报", duty="D1", article=ARTICLE, roles=[Role.APPLICANT], states=WITHDRAWABLE, scope=may_withdraw)
def withdraw(acting: Acting, entry: Entry, *, reason: str = "") -> Outcome:
    """Withdraw, until nomination; no ban follows (Q31)."""
    if not (fit := texts.fit(ARTICLE, "D1", ("撤回原因", reason, texts.LONG))).ok:
        return Outcome(fit)
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
    if category == entry.category:
        return Outcome(no("申报类别没有变化，无需更正", article="二(二)", duty="B2"))
    if not reason.strip():
        return Outcome(no("请填写更正理由", article="二(二)", duty="B2"))
    if not (fit := texts.fit("二(二)", "B2", ("更正理由", reason, texts.LONG))).ok:
        return Outcome(fit)
    was, entry.category = entry.category, category
    entry.save(update_fields=["category"])
    tell = [To(f"person:{entry.owner.code}", "申报类别已更正", f"{entry.code}：{reason}")]
    return Outcome(yes("申报类别已更正", duty="B2"), {"was": was, "now": category, "reason": reason}, tell=tell)
