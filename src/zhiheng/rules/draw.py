"""The draw of experts: seeded, recorded, replayable by a stranger (细则四(四)1, 四(五)1; duties F1, G1, K7).

The procedure, so short that it can be done by hand:

1. Each expert's ticket for a panel is SHA-256 of "seed|panel|expert". Tickets are walked in ascending order.
2. Panels are drawn one after another, the one with the fewest experts to spare first (experts in service, without conflict with any of
   its entries, minus seats; equal: by code). Seating an expert adds one to the expert's load for the panels after it.
3. An expert may be seated when in service, without conflict with any entry, below the load limit, and of no employer already seated.
4. A panel seats, in this order: its leader, when it needs one: the first leader-qualified expert (the first of those with whom the wanted
   number of industry experts can best be reached); then experts of its industry or category up to the wanted number; then anyone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from zhiheng.rules.decision import Decision, Reason, decide, no
from zhiheng.rules.draw_record import (
    Exclusion,
    PanelDraw,
    PanelSpec,
    Transcript,
    entry_from_json,
    entry_to_json,
    expert_from_json,
    expert_to_json,
    pool_digest,
    spec_from_json,
    spec_to_json,
    transcript_from_json,
    transcript_to_json,
)
from zhiheng.rules.pack import Parameters
from zhiheng.rules.recusal import ExpertFacts, Round, employer_key, found_conflicts

__all__ = [
    "Exclusion",
    "PanelDraw",
    "PanelSpec",
    "Transcript",
    "draw",
    "entry_from_json",
    "entry_to_json",
    "expert_from_json",
    "expert_to_json",
    "fits",
    "pool_digest",
    "spec_from_json",
    "spec_to_json",
    "ticket",
    "transcript_from_json",
    "transcript_to_json",
]

_CITED = {"material": ("四(四)1", "F1"), "site": ("四(五)1", "G1")}
_FULL = "已参加的专家组达到上限"
_EMPLOYER = "所在单位已有专家入选本组"
_LATER = "本组须先满足组长资格及本行业（类别）专家人数，其余席位已满"


def ticket(seed: str, panel: str, expert: str) -> str:
    """The expert's lot in the draw of a panel: SHA-256, hex, of "seed|panel|expert" in UTF-8."""
    return hashlib.sha256(f"{seed}|{panel}|{expert}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Of one panel: all tickets ascending, the experts to choose from by code, and why the others are not among them."""

    spec: PanelSpec
    tickets: tuple[tuple[str, str], ...]
    free: dict[str, ExpertFacts]
    barred: dict[str, str]


def draw(
    pool: Sequence[ExpertFacts],
    panels: Sequence[PanelSpec],
    seed: str,
    params: Parameters,
    on: date,
    round: Round,  # noqa: A002
    max_load: int,
) -> Decision[Transcript]:
    """Draw every panel from the pool; value: the transcript, None when any panel cannot be filled.

    seed: revealed after the pool was frozen (`pool_digest`); on: the date that conflicts are judged on; max_load: panels an expert may
    sit on, those of ExpertFacts.load included. The order of pool and panels makes no difference. Each panel that cannot be filled is named
    with the constraint and the experts available and needed; too few experts of the panel's industry is a warning.
    """
    article, duty = _CITED[round]
    faults = tuple(Reason(False, text, article, duty, "input") for text in _faults(pool, panels, seed, max_load))
    if faults:
        return decide(faults)
    experts = sorted(pool, key=lambda expert: expert.code)
    fields = [_candidates(spec, experts, seed, params, on, round) for spec in panels]
    fields.sort(key=lambda field: (len(field.free) - field.spec.size, field.spec.code))
    load = {expert.code: expert.load for expert in experts}
    drawn: list[PanelDraw] = []
    reasons: list[Reason] = []
    for field in fields:
        result = _seat(field, load, params.one_per_employer.value, max_load, article, duty)
        reasons += result.reasons
        if result.value is not None:
            drawn.append(result.value)
            load.update((code, load[code] + 1) for code in result.value.chosen)
    if len(drawn) < len(fields):
        return decide(reason for reason in reasons if not reason.ok)
    exclusions = tuple(Exclusion(field.spec.code, code, why) for field in fields for code, why in field.barred.items())
    return decide(reasons, Transcript(seed, tuple(expert.code for expert in experts), tuple(drawn), exclusions))


def _faults(pool: Sequence[ExpertFacts], panels: Sequence[PanelSpec], seed: str, max_load: int) -> list[str]:
    """What is wrong with the input itself."""
    faults = []
    if not seed:
        faults.append("未给出随机种子，请先公布种子再抽取")
    if not panels:
        faults.append("没有待抽取的专家组，请先编组")
    if max_load < 1:
        faults.append("每名专家可参加的专家组数至少为1，请调整")
    faults += [f"专家{code}在专家库名单中重复，请删除重复项" for code in _repeated(expert.code for expert in pool)]
    faults += [f"专家组{code}重复，请删除重复项" for code in _repeated(spec.code for spec in panels)]
    faults += [f"专家组{spec.code}人数须为1人以上，请调整" for spec in panels if spec.size < 1]
    faults += [f"{code}重复编入专家组，请只保留一处" for code in _repeated(entry.code for spec in panels for entry in spec.entries)]
    return faults


def _repeated(codes: Iterable[str]) -> list[str]:
    return sorted(code for code, times in Counter(codes).items() if times > 1)


def _candidates(
    spec: PanelSpec,
    experts: Sequence[ExpertFacts],
    seed: str,
    params: Parameters,
    on: date,
    round: Round,  # noqa: A002
) -> _Candidates:
    """Give out the tickets and keep those who are in service and conflict with no entry of the panel."""
    by_code = {expert.code: expert for expert in experts}
    tickets = sorted(((code, ticket(seed, spec.code, code)) for code in by_code), key=lambda pair: (pair[1], pair[0]))
    free: dict[str, ExpertFacts] = {}
    barred: dict[str, str] = {}
    for code, _ in tickets:
        expert = by_code[code]
        found = [reason.text for entry in spec.entries for reason in found_conflicts(expert, entry, params, on, round)]
        if not expert.active:
            barred[code] = "专家已停用"
        elif found:
            barred[code] = "；".join(found)
        else:
            free[code] = expert
    return _Candidates(spec, tuple(tickets), free, barred)


def _seat(field: _Candidates, load: dict[str, int], one_per_employer: bool, max_load: int, article: str, duty: str) -> Decision[PanelDraw]:
    """Fill one panel, or say what is missing."""
    spec = field.spec
    lawful = [expert for code, expert in field.free.items() if load[code] < max_load]
    # An expert without an employer on record shares it with nobody.
    house = {e.code: employer_key(e.employer) if one_per_employer and e.employer.strip() else f"expert {e.code}" for e in lawful}
    if (seats := len(set(house.values()))) < spec.size:
        text = f"专家组{spec.code}需{spec.size}名专家，可抽取的仅{seats}名（{_shortage(field, lawful, seats)}），请补充专家库或减少本组人数"
        return no(text, article=article, duty=duty, code="too_few")
    fit = {expert.code for expert in lawful if fits(expert, spec)}
    wanted = min(spec.industry_min, spec.size)
    leader = _leader(lawful, house, fit, wanted, spec.size) if spec.need_leader else None
    if spec.need_leader and leader is None:
        text = f"专家组{spec.code}需1名具备组长资格的专家，可抽取的{len(lawful)}名专家中没有，请补充具备组长资格的专家"
        return no(text, article=article, duty=duty, code="no_leader")
    chosen = _fill(lawful, house, fit, wanted, spec.size, leader)
    taken = {house[code] for code in chosen}
    last = max(index for index, (code, _) in enumerate(field.tickets) if code in chosen)
    passed_over = tuple(
        (code, field.barred.get(code) or (_FULL if load[code] >= max_load else _EMPLOYER if house[code] in taken else _LATER))
        for code, _ in field.tickets[:last]
        if code not in chosen
    )
    entries = tuple(entry.code for entry in spec.entries)
    panel = PanelDraw(spec.code, spec.size, entries, field.tickets, tuple(chosen), leader.code if leader else "", passed_over)
    reasons = [Reason(True, f"专家组{spec.code}抽取专家{spec.size}名：{'、'.join(chosen)}", article, duty, "drawn")]
    if (got := len(fit & set(chosen))) < wanted:
        text = f"专家组{spec.code}应有本行业（类别）专家{wanted}名，可抽取的仅{got}名，请说明情况"
        reasons.append(Reason(False, text, article, duty, "industry_short", warning=True))
    return decide(reasons, panel)


def _fill(
    lawful: list[ExpertFacts], house: dict[str, str], fit: set[str], wanted: int, size: int, leader: ExpertFacts | None
) -> dict[str, None]:
    """The codes seated, in the order of seating. One expert a house, so any start can be filled up while there are houses enough."""
    chosen: dict[str, None] = {leader.code: None} if leader else {}
    taken = {house[code] for code in chosen}
    for only_fit in (True, False):
        for expert in lawful:
            if len(chosen) == size or (only_fit and len(fit & chosen.keys()) >= wanted):
                break
            if house[expert.code] not in taken and (expert.code in fit or not only_fit):
                chosen[expert.code] = None
                taken.add(house[expert.code])
    return chosen


def _leader(lawful: list[ExpertFacts], house: dict[str, str], fit: set[str], wanted: int, size: int) -> ExpertFacts | None:
    """The first leader-qualified expert in ticket order, of those who leave room for most of the industry experts wanted."""

    def reachable(leader: ExpertFacts) -> int:
        others = {house[code] for code in fit} - {house[leader.code]}
        return min(wanted, min(size - 1, len(others)) + (leader.code in fit))

    return max((expert for expert in lawful if expert.leader), key=reachable, default=None)


def fits(expert: ExpertFacts, spec: PanelSpec) -> bool:
    """Whether the expert is of the panel's industry and category; what the panel leaves empty is not asked."""
    return (not spec.industries or bool(expert.industries & spec.industries)) and (
        not spec.categories or bool(expert.categories & spec.categories)
    )


def _shortage(field: _Candidates, lawful: list[ExpertFacts], seats: int) -> str:
    """Where the experts of the pool went."""
    idle = sum(why == "专家已停用" for why in field.barred.values())
    parts = (
        ("停用", idle),
        ("应当回避", len(field.barred) - idle),
        ("任务已满", len(field.free) - len(lawful)),
        ("与他人同单位", len(lawful) - seats),
    )
    named = "，".join(f"{what}{count}名" for what, count in parts if count)
    return f"专家库共{len(field.tickets)}名" + (f"，其中{named}" if named else "")
