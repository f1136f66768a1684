"""The list of cycles, and the overview of one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.links import act_url, task_url
from zhiheng.faces.office import stageline
from zhiheng.faces.office.figures import Figures
from zhiheng.faces.office.sight import View
from zhiheng.faces.office.tabs import TABS, Tab
from zhiheng.faces.office.views.page import draw, part
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import gates, reach
from zhiheng.process.agenda import Todo, next_of
from zhiheng.process.deadlines import Kind, State, deadlines, undated
from zhiheng.process.line import possible
from zhiheng.process.parts import veil_of
from zhiheng.rules.lifecycle import ENDED, EntryStatus, Role, Stage
from zhiheng.stages.panel.models import ROUNDS
from zhiheng.stages.panel.selectors import STAGE_OF

#: Who reads what holds the whole cycle, with its counts: who knows them all before they are public.
SEES_GATES = frozenset({Role.OFFICE, Role.INSPECTOR, Role.CHAIR})
#: Who may be in the room of a draw of experts.
DRAWS = frozenset({Role.OFFICE, Role.AGENCY, Role.INSPECTOR})
MOST_COMING, MOST_PRESSING = 6, 10
#: Acts that wait for nobody, and that no other page offers: done when somebody finds that they must be.
BESIDE = ("panel.register_expert", "supervision.record_abuse", "calendar.extend")


@dataclass(frozen=True, slots=True)
class Summary:
    """A cycle in the list: its stage in words, and how many entries within reach there are, go on, won."""

    cycle: Cycle
    stage: str
    place: int
    stages: int
    total: int
    standing: int
    awarded: int


@require_safe
@desk(*TABS)
def cycles(request: DeskRequest) -> HttpResponse:
    """The cycles within reach, newest first. Three queries at most."""
    acting = request.desk.acting
    found = list(reach.cycles(acting))
    veil = veil_of(acting.role, found)
    counts: dict[int, Counter[EntryStatus]] = {cycle.pk: Counter() for cycle in found}
    rows = reach.entries(acting).order_by().values_list("cycle_id", "status").annotate(count=Count("pk"))
    for cycle_id, status, count in rows:
        if cycle_id in counts:
            counts[cycle_id][veil.shown(cycle_id, status)] += count
    return render(
        request,
        "office/cycles.html",
        {"summaries": [_summary(cycle, counts[cycle.pk]) for cycle in found], "may_create": acting.role == Role.OFFICE},
    )


def _summary(cycle: Cycle, counts: Counter[EntryStatus]) -> Summary:
    stages = rules_of(cycle).stages
    place = next(number for number, stage in enumerate(stages, 1) if stage.code == cycle.stage)
    ended = sum(counts[status] for status in ENDED)
    awarded = counts[EntryStatus.AWARDED]
    return Summary(cycle, stages[place - 1].title, place, len(stages), counts.total(), counts.total() - ended - awarded, awarded)


@part(Tab.OVERVIEW)
def cycle(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """What presses, what the stage waits for, what may be done next, how many stand where, what comes."""
    acting = request.desk.acting
    found = deadlines(acting, cycle)
    figures = View(acting, cycle).figures
    pressing = [one for one in found if one.pressing]
    coming = [one for one in found if one.state in (State.RUNNING, State.AHEAD, State.UNKNOWN)]
    todos = next_of(acting, cycle)
    waits = gates.unfinished(cycle) if acting.role in SEES_GATES else []
    context = {
        "line": stageline.line(cycle),
        "waits": waits,
        "sees_gates": acting.role in SEES_GATES,
        "pressing": pressing[:MOST_PRESSING],
        "more_pressing": len(pressing) - MOST_PRESSING,
        "coming": coming[:MOST_COMING],
        "undated": undated(acting, cycle),
        "numbers": _numbers(figures, sum(one.kind is Kind.OBJECTION for one in found)),
        "figures": figures,
        "mine": [_line(one, cycle) for one in todos if one.mine],
        "owed": [one for one in todos if not one.mine],
        "beside": _beside(acting, cycle, {one.act for one in todos}),
        "last_stage": rules_of(cycle).line[-1] == cycle.stage,
        "has_figures": Tab.FIGURES in TABS[acting.role],
        "draws": _draws(acting, cycle),
    }
    return draw(request, cycle, Tab.OVERVIEW, context)


def _draws(acting: Acting, cycle: Cycle) -> list[tuple[str, str]]:
    """The rounds that have come, each with the address of its draw, for who may be in its room."""
    if acting.role not in DRAWS:
        return []
    line = rules_of(cycle).line
    reached = [name for name, stage in STAGE_OF.items() if stage in line and line.index(stage) <= line.index(Stage(cycle.stage))]
    return [(dict(ROUNDS)[name], reverse("draws:round", args=[cycle.code, name])) for name in reached]


def _beside(acting: Acting, cycle: Cycle, waiting: set[str]) -> list[tuple[str, str]]:
    """Title and page of what may be done beside the line, unless it waits already."""
    found = {spec.id: (spec, subject) for subject in (None, cycle) for spec in possible(acting, subject)}
    return [(found[act][0].title, act_url(act, found[act][1])) for act in BESIDE if act in found and act not in waiting]


@dataclass(frozen=True, slots=True)
class Line:
    """Something to do, as a due list draws it: where several were drawn together, their list."""

    title: str
    what: str
    url: str
    until: date | None
    overdue: bool
    article: str
    blocked: str


def _line(one: Todo, cycle: Cycle) -> Line:
    url = f"{reverse('office:entries', args=[cycle.code])}?status=running" if one.of else task_url(one.act, one.subject)
    what = "" if one.what == cycle.title else one.what
    return Line(one.title, what, url, one.until, one.overdue, one.article, one.blocked)


def _numbers(figures: Figures, objections: int) -> dict[str, int]:
    """The key numbers: entries within reach, those that go on, that ended, that won; objections that wait."""
    ended = sum(count for status, count in figures.by_status.items() if status in ENDED)
    awarded = figures.by_status[EntryStatus.AWARDED]
    return {
        "total": figures.total,
        "standing": figures.total - ended - awarded,
        "ended": ended,
        "awarded": awarded,
        "objections": objections,
    }
