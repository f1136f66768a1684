"""Freezing who may be drawn for what, before any number is known (F1, G1, K7)."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules import draw as lot
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.draw_record import Frozen, digest_of, frozen_from_json, frozen_to_json
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.pack import Parameters
from zhiheng.rules.recusal import EntryFacts, ExpertFacts, Round, found_conflicts
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel import facts, selectors
from zhiheng.stages.panel.chain import end_of
from zhiheng.stages.panel.composing import BEGUN, STAGES, groups, specs
from zhiheng.stages.panel.lotteries import prepare_soon
from zhiheng.stages.panel.models import Draw, Expert, Seat
from zhiheng.stages.qualification.selectors import commissioned

#: What an expert of a wanted kind weighs where not all can be had; a leader may never be missing (Q17).
WEIGHTS = {"field": 100, "assessor": 20, "criteria": 1}


@act(
    "panel.freeze",
    "冻结专家池和分组",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
)
def freeze(
    acting: Acting,
    cycle: Cycle,
    *,
    scorers: Mapping[int, frozenset[str]] | None = None,
    cause: str = "",
    method: str = "numbers",
    public_source: str = "",
    representative: Entry | None = None,
    max_load: int | None = None,
) -> Outcome:
    """Freeze pool, exclusions with their reasons, groups and needs; their digest is on record before any number is known.

    cause: why a round that was frozen before is frozen again; required then, and where something of a result may be known, with the
    inspector's consent. scorers: others than those whose sheets are on record who are to count as having scored an entry's materials (by
    its pk). method: "numbers" or "balls"; public_source: the public number that is to be the last source, as announced; representative: the
    entry whose applicant may commit to a number too; max_load: panels that an expert may sit on in this round, where not as the rule says.
    """
    name, article, duty = selectors.round_of(cycle)
    earlier = selectors.last_draw(cycle, name)
    if earlier and not cause.strip():
        return Outcome(no("本轮已冻结或抽取，重新抽取须写明事由，原记录保留", article=article, duty=duty, code="cause"))
    if earlier and begun(cycle, name):
        return Outcome(no(BEGUN, article=article, duty=duty))
    if not selectors.may_freeze_again(cycle, name):
        return Outcome(no("种子已揭示或专家已抽取，再次抽取须先由监督人员同意", article=article, duty=duty, code="consent"))
    if method == "balls" and not _by_digits(selectors.tickets(cycle)):
        return Outcome(no("签数不是10、100、1000等，不能以号码球抽取，请采用随机数方式", article=article, duty=duty))
    rows = selectors.round_entries(cycle, name)
    if not rows:
        return Outcome(no("本轮没有需要评审的申报", article=article, duty=duty))
    if representative and representative.pk not in {row.pk for row in rows}:
        return Outcome(no("申报方代表须出自本轮评审对象，请重新选择", article=article, duty=duty, code="representative"))
    seen, more = facts.scorers(rows), scorers or {}
    known = facts.entries(rows, {e.pk: seen.get(e.pk, frozenset()) | more.get(e.pk, frozenset()) for e in rows})
    frozen = _frozen(cycle, name, known, earlier.version + 1 if earlier else 1, max_load)
    faults = lot.faults(frozen)
    if not faults.ok:
        return Outcome(Decision(faults.reasons))
    if len(frozen.pool) == sum(not one.panel for one in frozen.excluded):
        return Outcome(no("专家库中没有今日可以抽取的专家，请先登记、审核专家", article=article, duty=duty, code="pool"))
    plain, root = frozen_to_json(frozen), entropy.token(32)
    consent = earlier.consent if earlier else {}
    draft = Draw.objects.create(
        cycle=cycle,
        round=name,
        version=frozen.version,
        frozen=plain,
        pool_digest=digest_of(plain),
        frozen_at=clock.now(),
        cause=cause.strip(),
        method=method,
        public_source=public_source.strip() if method == "numbers" else "",
        representative=representative.owner if representative else None,
        chain_root=root,
        chain_end=end_of(root),
        allowed=consent,
    )
    if earlier and consent:
        earlier.consent = {}
        earlier.save(update_fields=["consent"])
    prepare_soon(draft)
    payload = {
        "round": name,
        "version": draft.version,
        "pool_digest": draft.pool_digest,
        "chain_end": draft.chain_end,
        "experts": len(frozen.pool),
        "panels": len(frozen.panels),
        "excluded": len(frozen.excluded),
        "on": frozen.on,
        "max_load": frozen.max_load,
        "method": method,
        "public_source": draft.public_source,
        "cause": cause,
        "consent": consent,
    }
    text = f"已冻结专家 {len(frozen.pool)} 名、专家组 {len(frozen.panels)} 个，回避等排除 {len(frozen.excluded)} 人次"
    return Outcome(yes(text, duty=duty), payload, value=draft)


def _by_digits(tickets: int) -> bool:
    """Whether the tickets can be drawn by digits, each from 0 to 9."""
    return tickets > 1 and str(tickets) == "1" + "0" * (len(str(tickets)) - 1)


def _frozen(cycle: Cycle, name: str, known: list[EntryFacts], version: int, max_load: int | None) -> Frozen:
    params, today = rules_of(cycle).parameters, clock.today()
    panels = specs(groups(cycle, name, known), known, rules_of(cycle), name)
    weights = {kind: WEIGHTS[lot.family(kind)] for spec in panels for kind in spec.least if lot.family(kind) in WEIGHTS}
    library = facts.pool(cycle)
    most = max_load or _max_load(sum(spec.size for spec in panels), len(library))
    own, taken = dict(Expert.objects.values_list("code", "max_load")), _elsewhere(cycle, name)
    # Who takes fewer panels than the round allows, or sits on others of the cycle, starts with the difference as load.
    pool = [dataclasses.replace(e, load=max(0, most - max(0, own[e.code] - taken[e.code]))) for e in library]
    barred = lot.exclusions(pool, panels, selectors.unfit_today(params), params, today, name)  # type: ignore[arg-type]
    return Frozen(name, version, today, most, params.one_per_employer.value, weights, tuple(pool), tuple(panels), tuple(barred))


def _elsewhere(cycle: Cycle, name: str) -> Counter[str]:
    """Panels of the cycle's other rounds on which the experts sat, by code."""
    seats = Seat.objects.filter(panel__cycle=cycle, vacated_at=None).exclude(panel__round=name)
    return Counter(seats.values_list("expert__code", flat=True))


def begun(cycle: Cycle, name: str) -> bool:
    """Whether an earlier draw of the round has been worked with: a sheet handed in, a step of a visit done."""
    return cycle.panels.filter(Q(sheets__isnull=False) | Q(visits__steps__isnull=False), round=name).exists()


def _max_load(seats: int, experts: int) -> int:
    """Panels an expert may sit on in the round: one where the library is large enough, more only as far as it must be."""
    return max(1, -(-seats * 2 // max(experts, 1)))


def changed_since(draft: Draw) -> str:
    """What happened since the freeze that the frozen pool does not know: who left the library, new recusals, entries come or gone.

    Asked before the draw is computed, so that nobody is seated with a conflict and nobody can tell a good draw from a bad one first.
    """
    rows = selectors.round_entries(draft.cycle, draft.round)
    frozen = frozen_from_json(draft.frozen)
    if {e.code for e in rows} != {e.code for s in frozen.panels for e in s.entries}:
        return "评审对象有变化"
    requested = {e.code: e.requested_out for e in facts.entries(rows)}
    if any(requested[e.code] - e.requested_out for s in frozen.panels for e in s.entries):
        return "有新的回避事项成立"
    today, params = {e.code: e for e in facts.pool(draft.cycle)}, rules_of(draft.cycle).parameters
    for then in frozen.pool:
        now = today.get(then.code)
        if now is None:
            return f"专家 {then.code} 已不在库"
        if _barred_from(now) - _barred_from(then) or (_ties(now) - _ties(then) and _newly_barred(now, frozen, params)):
            return "有新的回避事项成立"
    return ""


def _ties(expert: ExpertFacts) -> frozenset[Any]:
    return frozenset({*expert.employers, *expert.consulted, expert.employer, expert.credit_code, expert.group_code})


def _newly_barred(expert: ExpertFacts, frozen: Frozen, params: Parameters) -> bool:
    """Whether an expert whose ties changed must stand aside from a panel for which they were frozen."""
    out = {one.panel for one in frozen.excluded if one.expert == expert.code}
    name: Round = "site" if frozen.round == "site" else "material"
    return any(
        reason
        for spec in frozen.panels
        if "" not in out and spec.code not in out
        for entry in spec.entries
        for reason in found_conflicts(expert, entry, params, clock.today(), name)
    )


def _barred_from(expert: ExpertFacts) -> frozenset[str]:
    return expert.declared | expert.kin_of
