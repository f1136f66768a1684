"""What an act is permitted on can be found, at every stage, by everybody (T1): no button leads nowhere."""

import pytest

from tests.stages.playing import PUBLIC, Played, played
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.acts.permission import permit
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process import reach
from zhiheng.process.line import takes
from zhiheng.process.register import REGISTER
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation.world import World

#: Acts that the permission leaves to their bodies, each with why what cannot be found would be refused there anyway.
LEFT_TO_THE_BODY = {
    "supervision.report_misuse": "only a winner can be reported, and the refusal says nothing of where an entry stands",
    "review.submit_sheet": "the body asks for the seat",
    "sitevisit.submit_sheet": "the body asks for the seat",
    "committee.sign_in": "the body asks for the membership",
    "committee.cast": "the body asks for the membership",
}


def subjects() -> list[object]:
    """Some of everything that has an address, and the platform."""
    rows = [KIND.objects.order_by("pk")[:6] for KIND in {takes(spec.body) for spec in REGISTER.values()} - {type(None)}]  # type: ignore[attr-defined]
    return [None, *(thing for some in rows for thing in some)]


def actors(world: World) -> list[Acting]:
    """Everybody of the play once: of the many experts and members a few."""
    seen = {(who.role, who.code): who for who in [*world.people.values(), *world.owners.values(), PUBLIC]}
    counts: dict[Role, int] = {}
    kept = []
    for who in seen.values():
        counts[who.role] = counts.get(who.role, 0) + 1
        if counts[who.role] <= 8:
            kept.append(who)
    return kept


class _Line(Played):
    __test__ = False
    stop: Stage

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(cls.stop, orgs=5, persons=2, experts=40, members=5)

    def test_what_is_permitted_is_found(self) -> None:
        missed, found = [], 0
        for who in actors(self.world):
            for subject in subjects():
                fitting = [s for s in REGISTER.values() if isinstance(subject, takes(s.body)) and who.role in s.roles]
                if not [s for s in fitting if permit(s, who, subject).ok]:
                    continue
                try:
                    assert reach.found(who, reach.address(subject)) == subject
                    found += 1
                except reach.Unreachable:
                    allowed = {s.id for s in fitting if permit(s, who, subject).ok} - LEFT_TO_THE_BODY.keys()
                    missed += [(who.role.value, reach.address(subject), one) for one in sorted(allowed)]
        assert missed == []
        assert found > 10


@pytest.mark.duty("L1")
class TestApplication(_Line):
    __test__ = True
    stop = Stage.QUALIFICATION


@pytest.mark.duty("L1")
class TestReview(_Line):
    __test__ = True
    stop = Stage.MATERIAL_REVIEW


@pytest.mark.duty("L1")
class TestVisit(_Line):
    __test__ = True
    stop = Stage.SITE_VISIT


@pytest.mark.duty("L1")
class TestCommittee(_Line):
    __test__ = True
    stop = Stage.COMMITTEE


@pytest.mark.duty("L1")
class TestPublicity(_Line):
    __test__ = True
    stop = Stage.PUBLICITY


@pytest.mark.duty("L1")
class TestSupervision(_Line):
    __test__ = True
    stop = Stage.SUPERVISION
