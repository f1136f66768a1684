"""Which part of the procedure is asked, at which stage, for which role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhiheng.process.agenda import (
    application,
    award,
    call,
    committee,
    nomination,
    notices,
    onward,
    panels,
    platform,
    qualification,
    recommendation,
    review,
    shortlist,
    sitevisit,
    supervision,
)
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo
from zhiheng.rules.lifecycle import Role, Stage

R, S = Role, Stage
EVERYWHERE: tuple[Stage, ...] = ()
RUNNING = tuple(stage for stage in Stage if stage not in (S.CALL, S.SUPERVISION))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the procedure: asks what waits, at its stages (none: at all), for its roles."""

    ask: Callable[[Scope], Iterator[Todo]]
    stages: tuple[Stage, ...]
    roles: tuple[Role, ...]


PARTS = (
    Part(call.todos, (S.CALL,), (R.OFFICE, R.COORDINATION)),
    Part(application.todos, (S.APPLICATION,), (R.APPLICANT,)),
    Part(recommendation.todos, (S.APPLICATION, S.RECOMMENDATION), (R.RECOMMENDER, R.CITY_DEPARTMENT, R.CITY_COORDINATION)),
    Part(qualification.todos, (S.QUALIFICATION,), (R.OFFICE, R.AGENCY, R.DEPARTMENT)),
    Part(panels.todos, (S.MATERIAL_REVIEW, S.SITE_VISIT), (R.OFFICE, R.AGENCY, R.INSPECTOR, R.APPLICANT)),
    Part(panels.answers, (S.MATERIAL_REVIEW, S.SITE_VISIT), (R.OFFICE, R.AGENCY, R.EXPERT)),
    Part(panels.voids, (S.MATERIAL_REVIEW, S.SHORTLIST, S.SITE_VISIT), (R.OFFICE,)),
    Part(review.todos, (S.MATERIAL_REVIEW,), (R.EXPERT, R.AGENCY)),
    Part(shortlist.todos, (S.SHORTLIST,), (R.OFFICE, R.COMMENDATION_AUTHORITY, R.CHAIR)),
    Part(shortlist.few, (S.SHORTLIST, S.SITE_VISIT, S.NOMINATION), (R.OFFICE,)),
    Part(sitevisit.todos, (S.SITE_VISIT,), (R.EXPERT, R.AGENCY)),
    Part(nomination.todos, (S.NOMINATION,), (R.OFFICE, R.AGENCY)),
    Part(committee.members, (S.NOMINATION, S.COMMITTEE), (R.OFFICE,)),
    Part(committee.todos, (S.COMMITTEE,), (R.CHAIR, R.MEMBER)),
    Part(award.publicity, (S.PUBLICITY,), (R.OFFICE, R.CHAIR)),
    Part(award.commendation, (S.COMMENDATION,), (R.OFFICE, R.CHAIR, R.GOVERNMENT)),
    Part(award.feedback, (S.COMMENDATION, S.SUPERVISION), (R.OFFICE,)),
    Part(award.pay, (S.COMMENDATION, S.SUPERVISION), (R.OFFICE,)),
    Part(supervision.use, (S.SUPERVISION,), (R.APPLICANT,)),
    Part(supervision.revisits, (S.SUPERVISION,), (R.RECOMMENDER,)),
    Part(supervision.misuse, (S.SUPERVISION,), (R.OFFICE,)),
    Part(supervision.revocations, (S.SUPERVISION,), (R.OFFICE, R.CHAIR)),
    Part(supervision.recoveries, (S.SUPERVISION,), (R.OFFICE,)),
    Part(notices.todos, EVERYWHERE, (R.OFFICE, R.RECOMMENDER, R.INSPECTOR)),
    Part(platform.conflicts, RUNNING, (R.OFFICE,)),
    Part(platform.experts, EVERYWHERE, (R.OFFICE,)),
    Part(platform.revisions, EVERYWHERE, (R.OFFICE,)),
    Part(platform.confirmation, EVERYWHERE, (R.EXPERT,)),
    Part(platform.housekeeping, EVERYWHERE, (R.OFFICE,)),
    Part(onward.todos, RUNNING, (R.OFFICE,)),
)


def ask(scope: Scope) -> Iterator[Todo]:
    """Everything that waits within the scope, part by part; a part whose role or stages are not concerned asks nothing."""
    for part in PARTS:
        if scope.role is not None and scope.role not in part.roles:
            continue
        at = scope.at(part.stages)
        if at.cycles or (scope.platform and part.stages == EVERYWHERE):
            yield from (found for found in part.ask(at) if scope.role is None or scope.role in found.roles)
