"""Grouping a round's entries into panels: proposed by the rules, changed by hand with a reason (F1, G1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules.compose import Group, adjusted, compose, division, in_words, regrouped
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.draw import CRITERIA
from zhiheng.rules.draw_record import PanelSpec
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.pack import Pack, Parameters, given
from zhiheng.rules.recusal import EntryFacts
from zhiheng.stages.panel import facts, selectors
from zhiheng.stages.panel.models import Grouping
from zhiheng.stages.qualification.selectors import commissioned

STAGES = [Stage.MATERIAL_REVIEW, Stage.SITE_VISIT]
BEGUN = "评审已经开始，不能重新抽取，请对个别专家办理替换"


def groups(cycle: Cycle, name: str, known: Sequence[EntryFacts]) -> tuple[Group, ...]:
    """The panels of the round as they stand: as proposed, or as changed by hand and then fitted to the entries there are now."""
    params = rules_of(cycle).parameters
    size, load = _measures(params, name)
    kept = Grouping.objects.filter(cycle=cycle, round=name).first()
    if kept is None:
        return tuple(Group(plan.code, plan.award, plan.category, plan.entries, size) for plan in compose(known, load))
    plan = tuple(Group(one["code"], one["award"], one["category"], tuple(one["entries"]), one["size"]) for one in kept.plan)
    return adjusted(plan, known, load, size)


def frozen_groups(plain: Mapping[str, Any]) -> list[Group]:
    """The panels of a frozen draw, as its canonical file has them."""
    found = []
    for spec in plain["panels"]:
        first = spec["entries"][0]
        found.append(Group(spec["code"], first["award"], first["category"], tuple(e["code"] for e in spec["entries"]), spec["size"]))
    return found


def specs(plan: Sequence[Group], known: Sequence[EntryFacts], pack: Pack, name: str) -> list[PanelSpec]:
    """What the draw needs to know of the panels."""
    params = pack.parameters
    by_code = {entry.code: entry for entry in known}
    return [
        PanelSpec(
            code=group.code,
            size=group.size,
            entries=tuple(by_code[code] for code in group.entries),
            industries=frozenset(d for code in group.entries if (d := division(by_code[code].industry))),
            categories=frozenset({group.category}),
            least={
                "leader": int(name == "site"),
                "field": min(params.industry_experts_min.value, group.size),
                "assessor": min(given(params.assessors_wanted, 0), group.size),
                **dict.fromkeys(_parts(group, pack), 1),
            },
        )
        for group in plan
    ]


def _parts(group: Group, pack: Pack) -> list[str]:
    """The parts of the panel's criteria of which it is to have somebody who knows them best, where the pack wants such a mix (Q17)."""
    if not given(pack.parameters.criteria_mix, otherwise=False):
        return []
    scheme = pack.scheme(group.award, group.category)
    return [f"{CRITERIA}{scheme.code}:{section.code}" for section in scheme.sections]


def _measures(params: Parameters, name: str) -> tuple[int, int]:
    """Experts and entries of a panel."""
    if name == "site":
        return params.site_panel_size.value, params.site_panel_load.value
    return params.material_panel_size.value, params.material_panel_load.value


@act(
    "panel.regroup",
    "调整评审专家组分组",
    duty=["F1", "G1"],
    article="四(四)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
)
def regroup(acting: Acting, cycle: Cycle, *, moves: Mapping[str, str], sizes: Mapping[str, int], reason: str) -> Outcome:
    """Move entries to other panels and change panels' sizes before the freeze, with the reason.

    moves: entry code → code of the panel, or "new"; sizes: panel code → number of experts.
    """
    name, article, duty = selectors.round_of(cycle)
    if selectors.last_draw(cycle, name) and not selectors.may_freeze_again(cycle, name):
        return Outcome(no("本轮分组已冻结，须先经监督人员同意重新冻结，方可调整", article=article, duty=duty))
    if not reason.strip():
        return Outcome(no("请写明调整分组的理由", article=article, duty=duty, code="reason"))
    known = facts.entries(selectors.round_entries(cycle, name))
    before = groups(cycle, name, known)
    decided: Decision[tuple[tuple[Group, ...], tuple[str, ...]]] = regrouped(before, moves, sizes, article, duty)
    pack = rules_of(cycle)
    if decided.value is None:
        return Outcome(Decision(tuple(replace(one, text=in_words(one.text, before, pack)) for one in decided.reasons)))
    plan, said = decided.value
    said = tuple(in_words(text, [*before, *plan], pack) for text in said)
    kept = Grouping.objects.filter(cycle=cycle, round=name).first() or Grouping(cycle=cycle, round=name)
    kept.plan = [{"code": g.code, "award": g.award, "category": g.category, "entries": list(g.entries), "size": g.size} for g in plan]
    at = clock.now().isoformat()
    kept.changes = [*kept.changes, *({"text": text, "reason": reason, "by": acting.code, "at": at} for text in said)]
    kept.save()
    payload = {"round": name, "moves": dict(moves), "sizes": dict(sizes), "reason": reason}
    return Outcome(yes(f"分组已调整：{'；'.join(said)}", duty=duty), payload, value=kept)
