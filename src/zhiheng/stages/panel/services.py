"""Acts that make panels: freeze, commit, draw, replace, name a leader; and the recorded look at evidence (F1, G1, D2, K7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.canonical import digest, digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules import draw as lot
from zhiheng.rules.compose import compose, division
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.pack import Parameters
from zhiheng.rules.recusal import EntryFacts, found_conflicts
from zhiheng.stages.application.models import Evidence
from zhiheng.stages.panel import facts, selectors
from zhiheng.stages.panel.library import (
    approve_expert,
    declare_conflict,
    register_expert,
    rule_on_conflict,
    suspend_expert,
)
from zhiheng.stages.panel.models import Draw, Expert, Panel, Seat
from zhiheng.stages.qualification.selectors import commissioned

__all__ = [
    "approve_expert", "commit_seed", "declare_conflict", "draw", "freeze", "look", "name_leader", "register_expert", "replace",
    "rule_on_conflict", "suspend_expert",
]  # fmt: skip

STAGES = [Stage.MATERIAL_REVIEW, Stage.SITE_VISIT]
WITNESSES = [Role.OFFICE, Role.AGENCY, Role.INSPECTOR]


def _round(cycle: Cycle) -> tuple[str, str, str]:
    """The round that the cycle's stage draws for, with its article and duty."""
    site = cycle.stage == Stage.SITE_VISIT.value
    return ("site", "四(五)1", "G1") if site else ("material", "四(四)1", "F1")


@act(
    "panel.freeze",
    "冻结专家池和分组",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
)
def freeze(acting: Acting, cycle: Cycle, *, scorers: Mapping[int, frozenset[str]] | None = None, cause: str = "") -> Outcome:
    """Group the entries into panels and freeze pool, exclusions and groups; their digest is on record before any seed is known.

    cause: why a round that was drawn is drawn again; required then. scorers: who scored an entry's materials, for the second round.
    """
    name, article, duty = _round(cycle)
    params = rules_of(cycle).parameters
    earlier = selectors.last_draw(cycle, name)
    if earlier and not cause.strip():
        return Outcome(no("本轮已冻结或抽取，重新抽取须写明事由，原记录保留", article=article, duty=duty))
    if earlier and earlier.drawn_at and cycle.panels.filter(round=name, sheets__isnull=False).exists():
        return Outcome(no("已有专家提交评分，不能重新抽取，请对个别专家办理替换", article=article, duty=duty))
    rows = selectors.round_entries(cycle, name)
    if not rows:
        return Outcome(no("本轮没有需要评审的申报", article=article, duty=duty))
    known = facts.entries(rows, scorers)
    specs = _specs(known, params, name)
    pool = facts.pool(cycle)
    draft = Draw.objects.create(
        cycle=cycle,
        round=name,
        version=earlier.version + 1 if earlier else 1,
        frozen={
            "pool": [lot.expert_to_json(e) for e in pool],
            "panels": [lot.spec_to_json(s) for s in specs],
            "on": clock.today().isoformat(),
            "max_load": _max_load(len(specs), len(pool), params, name),
        },
        pool_digest=lot.pool_digest(pool, specs),
        frozen_at=clock.now(),
    )
    payload = {
        "round": name,
        "version": draft.version,
        "pool_digest": draft.pool_digest,
        "experts": len(pool),
        "panels": len(specs),
        "cause": cause,
    }
    return Outcome(yes(f"已冻结专家 {len(pool)} 名、专家组 {len(specs)} 个", duty=duty), payload, value=draft)


def _specs(known: Sequence[EntryFacts], params: Parameters, name: str) -> list[lot.PanelSpec]:
    site = name == "site"
    by_code = {e.code: e for e in known}
    size = params.site_panel_size.value if site else params.material_panel_size.value
    plans = compose(known, params.site_panel_load.value if site else params.material_panel_load.value)
    return [
        lot.PanelSpec(
            code=plan.code,
            size=size,
            entries=tuple(by_code[c] for c in plan.entries),
            industries=frozenset(d for c in plan.entries if (d := division(by_code[c].industry))),
            categories=frozenset({plan.category}),
            need_leader=site,
            industry_min=params.industry_experts_min.value,
        )
        for plan in plans
    ]


def _max_load(panels: int, experts: int, params: Parameters, name: str) -> int:
    """Panels an expert may sit on in the round: one where the library is large enough, more only as far as it must be."""
    size = params.site_panel_size.value if name == "site" else params.material_panel_size.value
    return max(1, -(-panels * size * 2 // max(experts, 1)))


@act("panel.commit_seed", "提交种子承诺", duty=["F1", "G1"], article="四(四)1", roles=WITNESSES, stages=STAGES, scope=commissioned)
def commit_seed(acting: Acting, cycle: Cycle, *, commitment: str) -> Outcome:
    """Commit to a number by its SHA-256 after the freeze and before the draw, so that nobody can choose it to please."""
    name, article, duty = _round(cycle)
    draft = selectors.last_draw(cycle, name)
    if draft is None or draft.drawn_at:
        return Outcome(no("请先冻结专家池和分组", article=article, duty=duty))
    if len(commitment) != 64 or set(commitment) - set("0123456789abcdef"):
        return Outcome(no("承诺值应为 64 位十六进制摘要", article=article, duty=duty))
    if acting.role.value in draft.seed_commitments:
        return Outcome(no("已经提交承诺，不得更改", article=article, duty=duty))
    draft.seed_commitments = {**draft.seed_commitments, acting.role.value: commitment}
    draft.save(update_fields=["seed_commitments"])
    return Outcome(yes("种子承诺已登记", duty=duty), {"round": name, "version": draft.version, "commitment": commitment})


@act(
    "panel.draw", "抽取评审专家", duty=["F1", "G1"], article="四(四)1", roles=[Role.AGENCY, Role.OFFICE], stages=STAGES, scope=commissioned
)
def draw(acting: Acting, cycle: Cycle, *, seeds: Mapping[str, str]) -> Outcome:
    """Reveal the numbers committed to (role → number) and draw all panels of the round from the frozen pool."""
    name, article, duty = _round(cycle)
    draft = selectors.last_draw(cycle, name)
    if draft is None or draft.drawn_at:
        return Outcome(no("没有待抽取的冻结名单，请先冻结专家池和分组", article=article, duty=duty))
    if len(draft.seed_commitments) < 2:
        return Outcome(no("须有两方以上提交种子承诺后方可抽取", article=article, duty=duty))
    if set(seeds) != set(draft.seed_commitments):
        return Outcome(no("须由全部承诺方揭示种子，缺一不可", article=article, duty=duty))
    if wrong := [r for r, number in seeds.items() if digest(number.encode()) != draft.seed_commitments[r]]:
        return Outcome(no(f"{'、'.join(sorted(wrong))} 揭示的种子与其承诺不符，本次抽取无效", article=article, duty=duty))
    joined = "|".join([draft.pool_digest, *(seeds[r] for r in sorted(seeds))])
    draft.seeds, draft.seed, draft.drawn_at = dict(seeds), digest(joined.encode()), clock.now()
    result = _replay(draft, draft.seed, rules_of(cycle).parameters)
    if result.value is None:
        return Outcome(Decision(result.reasons))
    draft.transcript = lot.transcript_to_json(result.value)
    draft.save(update_fields=["seeds", "seed", "drawn_at", "transcript"])
    seated = _seat_all(draft, result.value)
    payload = {
        "round": name,
        "version": draft.version,
        "pool_digest": draft.pool_digest,
        "seed": draft.seed,
        "seeds": dict(seeds),
        "transcript_digest": digest_of(draft.transcript),
        "panels": {p.code: list(p.chosen) for p in result.value.panels},
    }
    tell = [To(f"person:{code}", "受聘评审通知", f"您已被抽取参加{cycle.title}评审") for code in sorted(seated)]
    return Outcome(result, payload, value=draft, tell=tell)


def _replay(draft: Draw, seed: str, params: Parameters) -> Decision[lot.Transcript]:
    """Draw from what was frozen, never from the library of today."""
    frozen = draft.frozen
    pool = [lot.expert_from_json(e) for e in frozen["pool"]]
    specs = [lot.spec_from_json(s) for s in frozen["panels"]]
    if lot.pool_digest(pool, specs) != draft.pool_digest:
        return no("冻结的专家池或分组已被改动，抽取中止，请核查", article="四(四)1", duty="F1")
    name = "site" if draft.round == "site" else "material"
    return lot.draw(pool, specs, seed, params, date.fromisoformat(frozen["on"]), name, frozen["max_load"])  # type: ignore[arg-type]


def _seat_all(draft: Draw, transcript: lot.Transcript) -> set[str]:
    """Make the panels with their seats; returns the persons' codes."""
    entries = {e.code: e for e in selectors.round_entries(draft.cycle, draft.round)}
    codes = {code for p in transcript.panels for code in p.chosen}
    experts = {e.code: e for e in Expert.objects.filter(code__in=codes).select_related("person")}
    for drawn in transcript.panels:
        first = entries[drawn.entries[0]]
        code = drawn.code if draft.version == 1 else f"{drawn.code}-v{draft.version}"
        panel = Panel.objects.create(
            code=code, cycle=draft.cycle, round=draft.round, award=first.award, category=first.category, draw=draft
        )
        panel.entries.set([entries[c] for c in drawn.entries])
        Seat.objects.bulk_create(Seat(panel=panel, expert=experts[c], leader=c == drawn.leader) for c in drawn.chosen)
    return {e.person.code for e in experts.values()}


@act("panel.replace", "替换专家", duty=["F1", "G1", "K7"], article="七(七)", roles=[Role.AGENCY, Role.OFFICE], stages=STAGES)
def replace(acting: Acting, panel: Panel, *, out: Expert, reason: str) -> Outcome:
    """Vacate a seat for a reason and seat the next lawful ticket of the panel's own draw: nobody chooses the successor."""
    _, article, duty = _round(panel.cycle)
    seat = panel.seats.filter(expert=out, vacated_at=None).first()
    if seat is None or not reason.strip():
        return Outcome(no("请选择在组专家并写明替换事由", article=article, duty=duty))
    successor = _successor(panel)
    if successor is None:
        return Outcome(no("本组抽签名单中已无符合条件的专家，请补充专家库后重新抽取", article=article, duty=duty))
    seat.vacated_at, seat.reason = clock.now(), reason
    seat.save(update_fields=["vacated_at", "reason"])
    Seat.objects.create(panel=panel, expert=successor, leader=seat.leader and successor.leader)
    payload = {"panel": panel.code, "round": panel.round, "out": out.code, "in": successor.code, "reason": reason}
    tell = [To(f"person:{successor.person.code}", "受聘评审通知", panel.cycle.title)]
    return Outcome(yes(f"{out.code} 退出，依抽签次序由 {successor.code} 递补", duty=duty), payload, value=successor, tell=tell)


def _successor(panel: Panel) -> Expert | None:
    """The first ticket of the panel's draw, not seated there yet, who still may sit: as frozen, and by conflicts found since."""
    transcript = lot.transcript_from_json(panel.draw.transcript)
    drawn = next(p for p in transcript.panels if panel.code in {p.code, f"{p.code}-v{panel.draw.version}"})
    excluded = {x.expert for x in transcript.exclusions if x.panel == drawn.code}
    taken = set(panel.seats.values_list("expert__code", flat=True))
    busy = set(Seat.objects.filter(panel__draw=panel.draw, vacated_at=None).values_list("expert__code", flat=True))
    params = rules_of(panel.cycle).parameters
    rows = list(panel.entries.select_related("party__employer", "party__person"))
    known = facts.entries(rows)
    today = {e.code: e for e in facts.pool(panel.cycle)}
    houses = {s.expert.employer for s in panel.seats.filter(vacated_at=None).select_related("expert")}
    for code, _ in drawn.tickets:
        expert = today.get(code)
        if code in taken | excluded | busy or expert is None or (params.one_per_employer.value and expert.employer in houses):
            continue
        if not any(conflict for e in known for conflict in found_conflicts(expert, e, params, clock.today(), "material")):
            return Expert.objects.select_related("person").get(code=code)
    return None


@act("panel.name_leader", "确定评审专家组组长", duty="G1", article="四(五)1", roles=[Role.AGENCY, Role.OFFICE], stages=STAGES)
def name_leader(acting: Acting, panel: Panel, *, expert: Expert) -> Outcome:
    """Name a panel's leader among its members who are qualified to lead."""
    if not expert.leader or not panel.seats.filter(expert=expert, vacated_at=None).exists():
        return Outcome(no("组长须为本组在组专家且具备组长资格", article="四(五)1", duty="G1"))
    panel.seats.update(leader=False)
    panel.seats.filter(expert=expert, vacated_at=None).update(leader=True)
    return Outcome(yes("组长已确定", duty="G1"), {"panel": panel.code, "round": panel.round, "leader": expert.code})


@act(
    "evidence.look",
    "查阅证实性材料",
    duty=["D2", "K7"],
    article="四(二)",
    roles=[Role.APPLICANT, Role.RECOMMENDER, Role.OFFICE, Role.AGENCY, Role.EXPERT, Role.INSPECTOR],
    scope=selectors.may_look,
    kind="look",
)
def look(acting: Acting, evidence: Evidence) -> Outcome:
    """Open a piece of evidence. Each look is on record, with whether it was a trade secret (D2)."""
    payload = {"evidence": evidence.pk, "secret": evidence.secret, "sha256": evidence.file.sha256}
    return Outcome(yes(duty="D2"), payload, subject=f"entry:{evidence.entry.code}", value=evidence.file)
