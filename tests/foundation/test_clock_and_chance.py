"""One clock and one source of chance, both settable for a block and for no more (X5)."""

from datetime import UTC, date, datetime

import pytest

from tests.foundation.conftest import moment
from zhiheng.foundation import clock, entropy

NAIVE = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - the fault itself
EARLY, LATE = moment(2026, 3, 2), moment(2027, 1, 1)


def test_the_real_time_is_beijing_time() -> None:
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == moment(2026, 1, 1).utcoffset()
    assert not clock.is_set()


def test_travel_nests_and_ends() -> None:
    with clock.travel(EARLY):
        assert (clock.now(), clock.today(), clock.is_set()) == (EARLY, date(2026, 3, 2), True)
        with clock.travel(LATE):
            assert clock.now() == LATE
            with clock.travel(None):
                assert clock.now() == LATE
        assert clock.now() == EARLY
    assert not clock.is_set()


def test_travel_ends_with_an_error_too() -> None:
    with pytest.raises(KeyError), clock.travel(EARLY):
        raise KeyError
    assert not clock.is_set()


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        clock.set_to(NAIVE)
    with pytest.raises(ValueError, match="时区"), clock.travel(NAIVE):
        pass
    assert not clock.is_set()


def test_another_zone_is_told_in_beijing_time() -> None:
    with clock.travel(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 2)
        assert clock.now().isoformat() == "2026-03-02T00:00:00+08:00"


def test_a_set_clock_stands_until_it_is_taken_back() -> None:
    clock.set_to(EARLY)
    try:
        assert clock.now() == EARLY
    finally:
        clock.set_to(None)
    assert not clock.is_set()


def test_seeded_chance_repeats_and_other_seeds_differ() -> None:
    def play(seed: int | str) -> tuple[str, str, str]:
        with entropy.seeded(seed):
            return entropy.token(), entropy.token(4), str(entropy.new_uuid())

    assert play(7) == play(7) == play("7")
    assert play(7) != play(8)
    assert len(play(7)[0]) == 32
    assert len(play(7)[1]) == 8


def test_chance_outside_a_play_does_not_repeat() -> None:
    with entropy.seeded(7):
        inside = entropy.token()
    outside = [entropy.token() for _ in range(3)]
    with entropy.seeded(7):
        assert entropy.token() == inside
    assert len({inside, *outside}) == 4


def test_plays_nest() -> None:
    with entropy.seeded(1):
        entropy.token()
        with entropy.seeded(2):
            entropy.token()
        second = entropy.token()
    with entropy.seeded(1):
        entropy.token()
        assert entropy.token() == second


def test_a_uuid_is_of_version_4() -> None:
    assert entropy.new_uuid().version == 4
