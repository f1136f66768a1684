"""Acts of the nomination: bonus, final scores, candidates, report (H1–H3; Q8–Q10, Q22, Q23)."""

from __future__ import annotations

from collections.abc import Sequence

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import reference, rules_of
from zhiheng.rules.bonus import bonus
from zhiheng.rules.decision import Reason, decide, no, yes
from zhiheng.rules.final import final_score
from zhiheng.rules.lifecycle import FAIL, PASS, Role, Stage
from zhiheng.rules.ranking import candidates
from zhiheng.stages.application import moves
from zhiheng.stages.application.models import BonusClaim
from zhiheng.stages.nomination import facts, selectors
from zhiheng.stages.nomination.models import CandidateList, Final
from zhiheng.stages.qualification.selectors import commissioned
from zhiheng.stages.review import selectors as reviews
from zhiheng.stages.review.models import Handover
from zhiheng.stages.survey.models import Poll

STAGE = [Stage.NOMINATION]


@act(
    "nomination.check_bonus",
    "核实加分事由",
    duty=["H1", "H2"],
    article="四(六)",
    roles=[Role.OFFICE, Role.AGENCY],
    stages=[Stage.QUALIFICATION, Stage.MATERIAL_REVIEW, Stage.SHORTLIST, Stage.SITE_VISIT, Stage.NOMINATION],
    scope=commissioned,
)
def check_bonus(acting: Acting, claim: BonusClaim, *, verified: bool, note: str) -> Outcome:
    """Staff verify a ground for the bonus on its evidence; experts never do (Q9)."""
    if not note.strip():
        return Outcome(no("请填写核实依据", article="四(六)", duty="H1"))
    assert acting.person is not None  # staff act as persons
    if selectors.interested(acting.person.pk, claim.entry):
        return Outcome(no("您与该申报有利害关系或参加其评审，不得核实其加分事由，请由其他工作人员办理", article="七(七)", duty="K7"))
    if Final.objects.filter(entry=claim.entry).exists():
        return Outcome(no("最终得分已经汇总，核实结论不再变更", article="四(六)", duty="H1"))
    if verified and (claim.evidence is None or claim.evidence.removed_at):
        return Outcome(no("该加分事由没有证明材料，不能核实为成立", article="四(六)", duty="H1"))
    claim.verified, claim.note = verified, note
    claim.save(update_fields=["verified", "note"])
    payload = {"kind": claim.kind, "verified": verified, "note": note}
    return Outcome(yes("核实结论已记录", duty="H1"), payload, subject=f"entry:{claim.entry.code}")


@act("nomination.compute_finals", "汇总最终得分", duty=["H1", "H2"], article="四(六)", roles=[Role.OFFICE], stages=STAGE)
def compute_finals(acting: Acting, cycle: Cycle) -> Outcome:
    """Compute every entry's final score from its exact parts."""
    pack, entries = rules_of(cycle), selectors.incoming(cycle)
    if not entries:
        return Outcome(no("没有需要汇总最终得分的申报", article="四(六)", duty="H1"))
    if Stage.SITE_VISIT in pack.line and not Handover.objects.filter(cycle=cycle, round="site").exists():
        return Outcome(no("相关机构尚未提交现场评审汇总", article="四(五)4", duty="G5"))
    material, site = reviews.results(cycle, "material"), reviews.results(cycle, "site")
    polls = {p.entry_id: p for p in Poll.objects.filter(cycle=cycle)}
    earlier = selectors.finals(cycle)
    counted_on = reference(cycle)
    rows: list[Final] = []
    refusals: list[Reason] = []
    for entry in entries:
        award = pack.award(entry.award)
        claims = facts.claims(entry)
        if any(c.verified is None for c in claims):
            refusals.append(Reason(False, f"{entry.code} 的加分事由尚未核实", award.bonus.article, "H1", "bonus"))
            continue
        extra = bonus(claims, award, counted_on)
        if extra.value is None:
            refusals += extra.refusals
            continue
        visited = site[entry.pk].total if entry.pk in site else None
        asked = polls[entry.pk].score if entry.pk in polls else None
        found = final_score(award, material[entry.pk].total, visited, asked, extra.value)
        if found.value is None:
            refusals += [Reason(False, f"{entry.code} {r.text}", r.article, r.duty, r.code) for r in found.refusals]
            continue
        version = earlier[entry.pk].version + 1 if entry.pk in earlier else 1
        parts = {"material": material[entry.pk].total, "site": visited, "survey": asked, "bonus": found.value.bonus}
        rows.append(Final(entry=entry, version=version, total=found.value.total, computed_at=clock.now(), **parts))
    if refusals:
        return Outcome(decide(refusals))
    Final.objects.bulk_create(rows)
    listed = [{"entry": r.entry.code, "version": r.version, "bonus": r.bonus, "total": r.total} for r in rows]
    return Outcome(yes(f"已汇总 {len(rows)} 项最终得分", duty="H1"), {"finals": listed}, value=rows)


@act("nomination.settle_candidates", "确定授奖候选名单", duty="H3", article="四(六)3", roles=[Role.OFFICE], stages=STAGE)
def settle_candidates(acting: Acting, cycle: Cycle, *, office_order: Sequence[str] = (), reason: str = "") -> Outcome:
    """Rank and choose the candidates. office_order: who goes first among those still tied at the last place, with the reason (Q22)."""
    pack, entries = rules_of(cycle), selectors.incoming(cycle)
    found = {pk: f for pk, f in selectors.finals(cycle).items() if pk in {e.pk for e in entries}}
    if not entries or len(found) < len(entries):
        return Outcome(no("尚未汇总最终得分", article="四(六)", duty="H3"))
    if office_order and not reason.strip():
        return Outcome(no("对并列者裁定先后须写明理由", article="四(六)3", duty="H3"))
    if selectors.candidates(cycle) and not reason.strip():
        return Outcome(no("候选名单已经确定，重新确定须写明理由，原名单留存", article="四(六)3", duty="H3"))
    lost = {e.code: d.text() for e in entries if not (d := selectors.still_eligible(e)).ok} | selectors.fallen_below(cycle, entries)
    standing = [s for s in facts.standings(cycle, found) if s.entry not in lost]
    undecided = candidates(standing, pack.awards, pack.parameters)
    tied = undecided.value.left_out_tied if undecided.value else ()
    if strange := [code for code in office_order if code not in tied]:
        return Outcome(no(f"{strange[0]} 不在末位并列者之中，不能裁定先后", article="四(六)3", duty="H3"))
    chosen = candidates(standing, pack.awards, pack.parameters, office_order) if office_order else undecided
    if chosen.value is None:
        return Outcome(chosen)
    ranked = [
        {"entry": r.standing.entry, "award": r.standing.award, "place": r.place, "tied": r.tied, "total": str(r.standing.final)}
        for r in chosen.value.ranked
    ]
    version = cycle.candidate_lists.count() + 1
    row = CandidateList.objects.create(
        cycle=cycle,
        version=version,
        chosen=list(chosen.value.chosen),
        ranked=ranked,
        left_out=lost,
        office_order=list(office_order),
        office_reason=reason,
        settled_at=clock.now(),
    )
    payload = {"version": version, "chosen": row.chosen, "tied": list(chosen.value.left_out_tied), "office_order": row.office_order}
    payload |= {"reason": reason, "no_longer_eligible": lost}
    return Outcome(chosen, payload, value=row)


@act("nomination.submit_report", "提请省质评委审议", duty="H3", article="四(六)3", roles=[Role.OFFICE], stages=STAGE)
def submit_report(acting: Acting, cycle: Cycle, *, report: str) -> Outcome:
    """Put the comprehensive review report and the candidate list before the committee."""
    row = selectors.candidates(cycle)
    if row is None or row.submitted_at:
        return Outcome(no("没有待提请审议的授奖候选名单", article="四(六)3", duty="H3"))
    if not report.strip():
        return Outcome(no("请填写综合评审工作报告", article="四(六)3", duty="H3"))
    row.report, row.submitted_at = report, clock.now()
    row.save(update_fields=["report", "submitted_at"])
    entries = selectors.incoming(cycle)
    on = [e for e in entries if e.code in row.chosen]
    off = [e for e in entries if e.code not in row.chosen]
    payload = {
        "version": row.version,
        "nominated": moves.all_to(on, PASS[Stage.NOMINATION]),
        "left_out": moves.all_to(off, FAIL[Stage.NOMINATION]),
    }
    tell = [To("role:chair", "授奖候选名单提请审议", cycle.title)]
    return Outcome(yes(f"授奖候选名单 {len(on)} 项已提请审议", duty="H3"), payload, tell=tell)
