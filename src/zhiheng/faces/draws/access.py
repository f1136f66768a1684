"""Who comes into the room of a draw; what is not theirs does not exist for them (T1)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import reach
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import Draw
from zhiheng.stages.panel.selectors import STAGE_OF

#: Who is to be there: who conducts the draw, and who oversees it.
ROOM = (Role.OFFICE, Role.AGENCY, Role.INSPECTOR)
#: Who may watch the big screen: they, and of the applicants the one who was named to commit to a number.
WATCHING = (*ROOM, Role.APPLICANT)


def round_or_404(acting: Acting, code: str, name: str) -> tuple[Cycle, list[Draw]]:
    """The cycle and its draws of the round, the latest last, without what is long.

    Raises Http404 for what is out of reach, for a round that the award has not, and for one that has not come yet.
    """
    return _round(acting, code, name, reach.draws(acting))


def watched_or_404(acting: Acting, code: str, name: str) -> tuple[Cycle, list[Draw]]:
    """As `round_or_404`, for the big screen: the applicants' representative of the draw that counts sees it too."""
    if acting.role != Role.APPLICANT:
        return round_or_404(acting, code, name)
    cycle, rows = _round(acting, code, name, Draw.objects.all())
    if not rows or acting.person is None or rows[-1].representative_id != acting.person.pk:
        raise Http404
    return cycle, rows


def _round(acting: Acting, code: str, name: str, draws: QuerySet[Draw]) -> tuple[Cycle, list[Draw]]:
    cycle = reach.cycles(acting).select_related("pack").filter(code=code).first()
    if cycle is None or name not in STAGE_OF:
        raise Http404
    line, stage = rules_of(cycle).line, STAGE_OF[name]
    if stage not in line or line.index(stage) > line.index(cycle.stage):
        raise Http404
    rows = draws.filter(cycle=cycle, round=name).select_related("lottery").defer("frozen", "lottery__content")
    found = list(rows.order_by("version"))
    for row in found:
        row.cycle = cycle
    return cycle, found


def draw_or_404(acting: Acting, pk: int) -> Draw:
    """The draw. Raises Http404 for one out of reach."""
    found = reach.draws(acting).select_related("cycle__pack", "lottery").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
