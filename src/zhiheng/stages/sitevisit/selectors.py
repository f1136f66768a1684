"""Reading site visits."""

from __future__ import annotations

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules.compose import panel_title
from zhiheng.rules.decision import Reason
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.panel.selectors import barred_by_conflict, round_entries
from zhiheng.stages.review import selectors as reviews
from zhiheng.stages.review.models import Report
from zhiheng.stages.review.scoring import missing_sheets
from zhiheng.stages.sitevisit.models import Papers, Visit


def leads(acting: Acting, panel: Panel) -> bool:
    """Whether the acting expert is the panel's leader, who answers for it (G2)."""
    return panel.seats.filter(expert__person=acting.person, leader=True, vacated_at=None).exists()


def leads_visit(acting: Acting, visit: Visit) -> bool:
    """Whether the acting expert leads the visit's panel, without a conflict with the entry (K7)."""
    barred = acting.person is None or barred_by_conflict(acting.person.pk, visit.entry)
    return not barred and leads(acting, visit.panel)


def steps_for(entry: Entry) -> list[str]:
    """The codes of the steps that a visit to the entry has, in order (G2)."""
    return [s.code for s in rules_of(entry.cycle).steps if entry.award in s.awards]


def waiting(cycle: Cycle) -> list[Reason]:
    """What the site visits still wait for before their scores may be computed: steps, sheets, consensus, reports, papers."""
    agreed, outdated = reviews.consensuses(cycle, "site"), reviews.outdated_consensuses(cycle, "site")
    recusals = reviews.open_recusals(cycle, "site")
    reported = set(Report.objects.filter(entry__cycle=cycle, round="site").values_list("entry_id", flat=True))
    visits = {v.entry_id: v for v in Visit.objects.filter(cycle=cycle).prefetch_related("steps")}
    handed = set(Papers.objects.filter(cycle=cycle).values_list("panel_id", flat=True))
    found = []
    for entry in round_entries(cycle, "site"):
        panel = reviews.panel_for(entry, "site")
        visit = visits.get(entry.pk)
        if panel is None or visit is None:
            found.append(Reason(False, f"{entry.code} 尚未编制现场评审工作计划", "四(五)2", "G2", "plan"))
            continue
        done = {s.code for s in visit.steps.all()}
        if left := [code for code in steps_for(entry) if code not in done]:
            found.append(Reason(False, f"{entry.code} 现场评审尚有 {len(left)} 个步骤未完成", "四(五)2", "G2", "steps"))
        if missing := missing_sheets(panel, entry, "site"):
            found.append(Reason(False, f"{entry.code} 尚缺专家 {'、'.join(missing)} 的评分表", "四(五)2", "G3", "sheet"))
        found += recusals.get(entry.pk, [])
        if entry.pk in outdated:
            found.append(Reason(False, f"{entry.code} 合议之后评分表有变化，须重新合议", "四(五)2", "G3", "consensus"))
        elif entry.pk not in agreed:
            found.append(Reason(False, f"{entry.code} 尚未合议评分", "四(五)2", "G3", "consensus"))
        if entry.pk not in reported:
            found.append(Reason(False, f"{entry.code} 尚无现场评审报告", "四(五)2", "G3", "report"))
        if panel.pk not in handed:
            found.append(Reason(False, f"{panel_title(panel, rules_of(panel.cycle))}尚未提交现场评审意见等材料", "四(五)3", "G4", "papers"))
    return found
