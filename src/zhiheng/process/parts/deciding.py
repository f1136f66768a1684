"""The site visit and the ballot on an entry, as far as the actor may know of them (G2, I2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhiheng.process.parts.audience import OVERSIGHT, STAFF, Part
from zhiheng.process.parts.sight import Sight
from zhiheng.rules.compose import panel_title
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.committee.models import Motion
from zhiheng.stages.committee.selectors import member_of
from zhiheng.stages.sitevisit.models import Visit, VisitStep


@dataclass(frozen=True, slots=True)
class Visited:
    """A site visit: the dates to all who may know of it, plan, panel and steps to staff and the panel."""

    planned_from: date
    planned_until: date
    ended_on: date | None
    plan: str
    panel: str
    steps: tuple[tuple[str, VisitStep], ...]  # title, step


def visit(sight: Sight) -> Visited | None:
    """The visit to the entry; the party and its recommender read the dates only, nothing of the panel (T2). At most two queries."""
    if not sight.admits(Part.VISIT) or not sight.reached(Stage.SITE_VISIT):
        return None
    row = Visit.objects.filter(entry=sight.entry).select_related("panel").first()
    role = sight.acting.role
    if row is None or (role == Role.EXPERT and row.panel_id not in sight.seats):
        return None
    if role not in STAFF | {Role.EXPERT}:
        return Visited(row.planned_from, row.planned_until, row.ended_on, "", "", ())
    titles = {step.code: step.title for step in sight.pack.steps}
    steps = tuple((titles.get(step.code, step.code), step) for step in row.steps.order_by("on", "pk"))
    return Visited(row.planned_from, row.planned_until, row.ended_on, row.plan, panel_title(row.panel, sight.pack), steps)


def ballots(sight: Sight) -> list[Motion] | None:
    """The closed ballots on the entry with their counts, to who oversees and who sits in that committee: nothing of an open one, and never
    a vote (T13)."""
    if not sight.admits(Part.BALLOTS) or not sight.reached(Stage.COMMITTEE):
        return None
    if sight.acting.role not in OVERSIGHT and member_of(sight.acting, sight.entry.cycle) is None:
        return None
    rows = Motion.objects.filter(entry=sight.entry, closed_at__isnull=False).order_by("meeting", "pk")
    return list(rows.select_related("meeting"))
