"""The site visit and the ballot on an entry, as far as the actor may know of them (G2, I2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhiheng.process import reach
from zhiheng.process.papers.frame import panel_title
from zhiheng.process.parts.audience import STAFF, Part
from zhiheng.process.parts.sight import Sight
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.committee.models import Motion
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
    if not sight.admits(Part.VISIT):
        return None
    acting, entry = sight.acting, sight.entry
    within = acting.role in STAFF | {Role.EXPERT}
    rows = reach.visits(acting) if within else Visit.objects.all()
    row = rows.filter(entry=entry).select_related("panel").first()
    if row is None:
        return None
    if not within:
        return Visited(row.planned_from, row.planned_until, row.ended_on, "", "", ())
    titles = {step.code: step.title for step in sight.pack.steps}
    steps = tuple((titles.get(step.code, step.code), step) for step in row.steps.order_by("on", "pk"))
    return Visited(row.planned_from, row.planned_until, row.ended_on, row.plan, panel_title(row.panel, sight.pack), steps)


def ballots(sight: Sight) -> list[Motion] | None:
    """The closed ballots on the entry with their counts: nothing of an open one, and never a vote (T13)."""
    if not sight.admits(Part.BALLOTS):
        return None
    rows = reach.motions(sight.acting).filter(entry=sight.entry, closed_at__isnull=False)
    return list(rows.select_related("meeting"))
