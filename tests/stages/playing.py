"""What the tests of the stages share: a small cycle, played through the acts up to the stage that is tested."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.test import TestCase, override_settings

from tests.rules.worked import HEBEI
from tests.stages import kept
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import ActError, Acting, Refused
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.foundation.people.models import Person
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying, play
from zhiheng.simulation.cast.model import Cast
from zhiheng.simulation.world import World

PACK = load_pack(HEBEI)
PUBLIC = Acting(Role.PUBLIC)
QUIET: dict[str, Any] = {"objections": False, "failing": False, "late_recusal": False, "failed_quorum": False, "tie": False}


def begun(orgs: int = 4, persons: int = 2, experts: int = 0, members: int = 0) -> World:
    """A platform with its people, before the first cycle. Call it inside `entropy.seeded`."""
    with entropy.seeded(7) as rng:
        return play.begin(PACK, able(play.players(rng, orgs, persons, experts, 2024, members)), rng)


def able(found: Cast) -> Cast:
    """The same people, all good enough for every threshold, hardly two alike, their judges of one mind: nothing is left to chance."""
    return replace(
        found,
        organizations=tuple(replace(one, ability=60 + n * 5 % 16) for n, one in enumerate(found.organizations)),
        persons=tuple(replace(one, ability=93 + n * 3 % 7) for n, one in enumerate(found.persons)),
        experts=tuple(replace(one, strictness=0) for one in found.experts),
    )


def called(orgs: int = 4, persons: int = 2) -> tuple[World, Cycle]:
    """A cycle open for applications on its first day, with nothing applied for yet."""
    world = begun(orgs, persons)
    with entropy.seeded(8):
        cycle = applying.issue_call(world, 2024)
        assert cycle.opens_on is not None
        world.today(cycle.opens_on)
    return world, cycle


def played(stop_at: Stage, orgs: int = 4, persons: int = 2, experts: int = 40, members: int = 5, **plot: Any) -> tuple[World, Cycle]:
    """A cycle that stands at `stop_at`, that stage not yet played (of the material review, a `share`). Played once a run and kept."""

    def playing() -> dict[str, Any]:
        world = begun(orgs, persons, experts, members)
        with entropy.seeded(9):
            cycle = play.cycle(world, 2024, play.applicants(world.cast), play.Plot(**{"stop_at": stop_at, "voters": 12, **QUIET, **plot}))
        return {"world": world, "cycle": cycle, "moment": clock.now()}

    assert not Person.objects.exists(), "a play begins with an empty platform"
    asked = ["played", stop_at.value, orgs, persons, experts, members, sorted((name, str(value)) for name, value in plot.items())]
    found = kept.once(digest(repr(asked).encode())[:24], PACK, Path(settings.MEDIA_ROOT), playing)
    clock.set_to(found["moment"])
    return found["world"], found["cycle"]


class Played(TestCase):
    """Tests on one played world: every test starts at the moment where its `play` ended. Classes with the same play share what it made."""

    world: ClassVar[World]
    cycle: ClassVar[Cycle]
    #: False where the play leaves what cannot be kept, such as a function.
    shared: ClassVar[bool] = True

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        """Play; a subclass says what."""
        raise AssertionError("say what is to be played")

    @classmethod
    def setUpClass(cls) -> None:
        cls._folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._folder.cleanup)
        cls.addClassCleanup(clock.set_to, None)
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        clock.set_to(None)
        files, before = Path(cls._folder.name), set(vars(cls))

        def playing() -> dict[str, Any]:
            cls.world, cls.cycle = cls.play()
            cls.moment = clock.now()
            return {name: value for name, value in vars(cls).items() if name not in before}

        with override_settings(MEDIA_ROOT=files):
            found = kept.once(kept.key_of(cls, Played), PACK, files, playing) if cls.shared else playing()
        for name, value in found.items():
            setattr(cls, name, value)
        clock.set_to(cls.moment)

    def setUp(self) -> None:
        files = override_settings(MEDIA_ROOT=Path(self._folder.name))
        files.enable()
        self.addCleanup(files.disable)
        clock.set_to(self.moment)
        self.addCleanup(clock.set_to, None)

    def refused(self, act: Any, who: str | Acting, subject: Any = None, *, error: type[ActError] = Refused, **details: Any) -> Any:
        """Try an act that must be refused; the decision that refused it."""
        with pytest.raises(error) as caught:
            self.world.do(act, who, subject, **details)
        return caught.value.decision
