"""Reading final scores and candidate lists."""

from __future__ import annotations

from collections.abc import Iterable

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import reference, rules_of
from zhiheng.rules.decision import Decision, decide
from zhiheng.rules.eligibility import eligible
from zhiheng.rules.lifecycle import Stage, entering_status
from zhiheng.rules.sanctions import barred
from zhiheng.rules.thresholds import shown
from zhiheng.stages.application import facts as application_facts
from zhiheng.stages.application.models import Entry
from zhiheng.stages.nomination.models import CandidateList, Final
from zhiheng.stages.panel.models import Seat
from zhiheng.stages.panel.selectors import barred_by_conflict
from zhiheng.stages.review import selectors as reviews


def incoming(cycle: Cycle) -> list[Entry]:
    """The entries that stand for nomination, in order of their codes."""
    status = entering_status(rules_of(cycle).line, Stage.NOMINATION)
    chosen = cycle.entries.filter(status=status.value)
    return list(chosen.select_related("party__employer", "owner", "recommender", "cycle").prefetch_related("bonus_claims").order_by("code"))


def finals(cycle: Cycle) -> dict[int, Final]:
    """Entry pk → the final score that counts."""
    rows = Final.objects.filter(entry__cycle=cycle).select_related("entry").order_by("version", "entry__code")
    return {row.entry_id: row for row in rows}


def still_eligible(entry: Entry) -> Decision[None]:
    """The conditions on the reference date, and no ban of today: one may have been laid on the applicant since it applied (Q10, Q29)."""
    known = application_facts.applicant(entry)
    found = [
        *eligible(known, rules_of(entry.cycle), reference(entry.cycle)).refusals,
        *barred(known.bans, clock.today()).refusals,
    ]
    return decide(dict.fromkeys(found))


def fallen_below(cycle: Cycle, entries: Iterable[Entry]) -> dict[str, str]:
    """Entry code → why, for those whose material score, computed anew after a voided sheet, no longer reaches the threshold (F3, Q18)."""
    results = reviews.results(cycle, "material")
    return {
        entry.code: f"{entry.code} 的材料评审得分在评分表作废后重新计算为{shown(results[entry.pk].total)}分，未达到进入现场评审的分数"
        for entry in entries
        if results[entry.pk].passed is False
    }


def interested(person_id: int, entry: Entry) -> bool:
    """Whether the person may not examine the entry as staff: a standing conflict (K7), or a seat as its expert (Q9)."""
    seated = Seat.objects.filter(expert__person=person_id, panel__entries=entry)
    return barred_by_conflict(person_id, entry) or seated.exists()


def candidates(cycle: Cycle) -> CandidateList | None:
    """The candidate list that counts."""
    return cycle.candidate_lists.order_by("-version").first()
