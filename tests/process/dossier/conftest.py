"""A whole cycle, played once through the acts for all tests of the dossier, with its objections, recusals, failed quorum and revocation."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.rules.worked import HEBEI
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.process import dossier
from zhiheng.simulation import deciding, play

SECRET_NAME = "任远"  # opens a draft and never submits it: no notice ever published the name


def play_cycle(organizations: int, individuals: int, experts: int, members: int = 5) -> Cycle:
    """Play a cycle to its last follow-up in the present database."""
    with entropy.seeded(8) as rng, clock.travel(clock.now()):
        players = play.players(rng, organizations, individuals, experts, 2024, members)
        world = play.begin(load_pack(HEBEI), players, rng)
        cycle = play.cycle(world, 2024, play.applicants(players), play.Plot(voters=105))
        deciding.follow_up(world, cycle)
        cycle.refresh_from_db()
    return cycle


@contextlib.contextmanager
def played(folder: Path, organizations: int, individuals: int, experts: int) -> Iterator[Cycle]:
    """A played cycle in a transaction that is undone afterwards."""
    with override_settings(MEDIA_ROOT=folder / "files"), transaction.atomic():
        yield play_cycle(organizations, individuals, experts)
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def whole(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dossier of a finished cycle."""
    folder = tmp_path_factory.mktemp("dossier")
    with django_db_blocker.unblock(), played(folder, 12, 3, 40) as cycle, clock.travel(clock.now()):
        dossier.export(cycle, folder / "dossier.zip")
    return folder / "dossier.zip"
