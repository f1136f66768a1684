"""Acts that make panels: freeze, commit, draw, replace, name a leader; and the recorded look at evidence (F1, G1, D2, K7)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from django.db.models import Q

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
from zhiheng.rules.recusal import EntryFacts, ExpertFacts
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
from zhiheng.stages.panel.succession import name_leader, replace
from zhiheng.stages.qualification.selectors import commissioned

__all__ = [
    "approve_expert", "commit_seed", "declare_conflict", "draw", "freeze", "look", "name_leader", "register_expert", "replace",
    "rule_on_conflict", "suspend_expert",
]  # fmt: skip

STAGES = [Stage.MATERIAL_REVIEW, Stage.SITE_VISIT]
BEGUN = "评审已经开始，不能重新抽取，请对个别专家办理替换"
WITNESSES = [Role.OFFICE, Role.AGENCY, Role.INSPECTOR]


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

    cause: why a round that was frozen or drawn is drawn again; required then, and the earlier one stays on record. scorers: others than
    those whose sheets are on record who are to count as having scored an entry's materials (by its pk), for the second round.
    """
    name, article, duty = selectors.round_of(cycle)
    params = rules_of(cycle).parameters
    earlier = selectors.last_draw(cycle, name)
    if earlier and not cause.strip():
        return Outcome(no("本轮已冻结或抽取，重新抽取须写明事由，原记录保留", article=article, duty=duty))
    if earlier and _begun(cycle, name):
        return Outcome(no(BEGUN, article=article, duty=duty))
    rows = selectors.round_entries(cycle, name)
    if not rows:
        return Outcome(no("本轮没有需要评审的申报", article=article, duty=duty))
    seen, more = facts.scorers(rows), scorers or {}
    known = facts.entries(rows, {e.pk: seen.get(e.pk, frozenset()) | more.get(e.pk, frozenset()) for e in rows})
    specs = _specs(known, params, name)
    library = facts.pool(cycle)
    most = _max_load(sum(s.size for s in specs), len(library))
    own = dict(Expert.objects.values_list("code", "max_load"))
    # Who takes fewer panels than the round allows starts with the difference as load.
    pool = [dataclasses.replace(e, load=max(0, most - own[e.code])) for e in library]
    draft = Draw.objects.create(
        cycle=cycle,
        round=name,
        version=earlier.version + 1 if earlier else 1,
        frozen={
            "pool": [lot.expert_to_json(e) for e in pool],
            "panels": [lot.spec_to_json(s) for s in specs],
            "on": clock.today().isoformat(),
            "max_load": most,
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
        "on": clock.today(),
        "max_load": most,
        "cause": cause,
    }
    return Outcome(yes(f"已冻结专家 {len(pool)} 名、专家组 {len(specs)} 个", duty=duty), payload, value=draft)


def _begun(cycle: Cycle, name: str) -> bool:
    """Whether an earlier draw of the round has been worked with: a sheet handed in, a step of a visit done."""
    return cycle.panels.filter(Q(sheets__isnull=False) | Q(visits__steps__isnull=False), round=name).exists()


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


def _max_load(seats: int, experts: int) -> int:
    """Panels an expert may sit on in the round: one where the library is large enough, more only as far as it must be."""
    return max(1, -(-seats * 2 // max(experts, 1)))


@act("panel.commit_seed", "提交种子承诺", duty=["F1", "G1"], article="四(四)1", roles=WITNESSES, stages=STAGES, scope=commissioned)
def commit_seed(acting: Acting, cycle: Cycle, *, commitment: str) -> Outcome:
    """Commit to a number by its SHA-256 after the freeze and before the draw, so that nobody can choose it to please."""
    name, article, duty = selectors.round_of(cycle)
    draft = selectors.last_draw(cycle, name)
    if draft is None or draft.drawn_at:
        return Outcome(no("请先冻结专家池和分组", article=article, duty=duty))
    if len(commitment) != 64 or set(commitment) - set("0123456789abcdef"):
        return Outcome(no("承诺值应为 64 位十六进制摘要", article=article, duty=duty))
    if acting.role.value in draft.seed_commitments:
        return Outcome(no("已经提交承诺，不得更改", article=article, duty=duty))
    if acting.code in draft.witnesses.values():
        return Outcome(no("各方承诺须由不同人员各自独立提交", article=article, duty=duty))
    # A number that another has, or that an earlier draw revealed, hides nothing.
    if any(commitment in d.seed_commitments.values() for d in cycle.draws.all()):
        return Outcome(no("该承诺值已被使用，请另选一个数", article=article, duty=duty))
    draft.seed_commitments = {**draft.seed_commitments, acting.role.value: commitment}
    draft.witnesses = {**draft.witnesses, acting.role.value: acting.code}
    draft.save(update_fields=["seed_commitments", "witnesses"])
    return Outcome(yes("种子承诺已登记", duty=duty), {"round": name, "version": draft.version, "commitment": commitment})


@act(
    "panel.draw",
    "抽取评审专家",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
    foretold=False,
)
def draw(acting: Acting, cycle: Cycle, *, seeds: Mapping[str, str]) -> Outcome:
    """Reveal the numbers committed to (role → number) and draw all panels of the round from the frozen pool."""
    name, article, duty = selectors.round_of(cycle)
    draft = selectors.last_draw(cycle, name)
    if draft is None or draft.drawn_at:
        return Outcome(no("没有待抽取的冻结名单，请先冻结专家池和分组", article=article, duty=duty))
    if _begun(cycle, name):
        return Outcome(no(BEGUN, article=article, duty=duty))
    if len(draft.seed_commitments) < 2:
        return Outcome(no("须有两方以上提交种子承诺后方可抽取", article=article, duty=duty))
    if set(seeds) != set(draft.seed_commitments):
        return Outcome(no("须由全部承诺方揭示种子，缺一不可", article=article, duty=duty))
    if wrong := [r for r, number in seeds.items() if digest(number.encode()) != draft.seed_commitments[r]]:
        titles = {r.code.value: r.title for r in rules_of(cycle).roles}
        who = "、".join(titles.get(r, r) for r in sorted(wrong))
        return Outcome(no(f"{who}揭示的种子与其承诺不符，本次抽取无效", article=article, duty=duty))
    if changed := changed_since(draft):
        return Outcome(no(f"冻结后{changed}，请写明事由重新冻结后再抽取", article=article, duty=duty))
    joined = "|".join([draft.pool_digest, *(seeds[r] for r in sorted(seeds))])
    draft.seeds, draft.seed, draft.drawn_at = dict(seeds), digest(joined.encode()), clock.now()
    result = _replay(draft, draft.seed, rules_of(cycle).parameters)
    if result.value is None:
        return Outcome(Decision(result.reasons))
    draft.transcript = lot.transcript_to_json(result.value)
    draft.save(update_fields=["seeds", "seed", "drawn_at", "transcript"])
    # A second draw takes the place of the first, whose panels stay on record with every seat vacated.
    drawn_before = Seat.objects.filter(panel__cycle=cycle, panel__round=name, vacated_at=None)
    drawn_before.update(vacated_at=clock.now(), reason=f"第 {draft.version} 次抽取取代")
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


def changed_since(draft: Draw) -> str:
    """What happened since the freeze that the frozen pool does not know: who left the library, new recusals, entries come or gone.

    Asked before the draw is computed, so that nobody is seated with a conflict and nobody can tell a good draw from a bad one first.
    """
    rows = selectors.round_entries(draft.cycle, draft.round)
    specs = [lot.spec_from_json(s) for s in draft.frozen["panels"]]
    if {e.code for e in rows} != {e.code for s in specs for e in s.entries}:
        return "评审对象有变化"
    requested = {e.code: e.requested_out for e in facts.entries(rows)}
    if any(requested[e.code] - e.requested_out for s in specs for e in s.entries):
        return "有新的回避事项成立"
    today = {e.code: e for e in facts.pool(draft.cycle)}
    for plain in draft.frozen["pool"]:
        then, now = lot.expert_from_json(plain), today.get(plain["code"])
        if now is None:
            return f"专家 {then.code} 已不在库"
        if _barred_from(now) - _barred_from(then):
            return "有新的回避事项成立"
    return ""


def _barred_from(expert: ExpertFacts) -> frozenset[str]:
    return expert.declared | expert.kin_of


def _replay(draft: Draw, seed: str, params: Parameters) -> Decision[lot.Transcript]:
    """Draw from what was frozen, never from the library of today."""
    frozen = draft.frozen
    pool = [lot.expert_from_json(e) for e in frozen["pool"]]
    specs = [lot.spec_from_json(s) for s in frozen["panels"]]
    whole = lot.pool_digest(pool, specs) == draft.pool_digest
    # Day and load lie outside that digest; both follow from what is inside it and from when it was frozen.
    on, most = clock.local(draft.frozen_at).date(), _max_load(sum(s.size for s in specs), len(pool))
    if not whole or (frozen["on"], frozen["max_load"]) != (on.isoformat(), most):
        return no("冻结的专家池或分组已被改动，抽取中止，请核查", article="四(四)1", duty="F1")
    name = "site" if draft.round == "site" else "material"
    return lot.draw(pool, specs, seed, params, on, name, most)  # type: ignore[arg-type]


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
