"""Identity numbers with right check digits that belong to nobody."""

from __future__ import annotations

from datetime import date, timedelta

from stdnum.cn import ric, uscc

from zhiheng.simulation.cast.chance import Chance

#: Register-section digits: enterprise, cooperative, public institution, association.
ENTERPRISE, COOPERATIVE, INSTITUTION, ASSOCIATION = "91", "93", "12", "51"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def credit_code(section: str, region: str, serial: int) -> str:
    """A unified social credit code (GB 32100) whose organization part is XX000001, XX000002 …, a range that is not given out."""
    body = f"XX{serial:06d}"
    rest = 11 - sum(_DIGITS.index(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    check = {10: "X", 11: "0"}.get(rest, str(rest))
    number = f"{section}{region}{body}{check}"
    return number + uscc.calc_check_digit(number)


class Identities:
    """Numbers that are given out once each."""

    def __init__(self, rng: Chance, year: int) -> None:
        self._rng, self._year = rng, year
        self._taken: set[str] = set()
        self._serial = 0

    def next_credit_code(self, section: str, region: str) -> str:
        """The next organization's code."""
        self._serial += 1
        return credit_code(section, region, self._serial)

    def next_id_number(self, youngest: int, oldest: int) -> str:
        """An ID number (GB 11643) of someone of that age. The place is 130000, the province itself: cards carry a county's code."""
        while True:
            born = date(self._year - self._rng.randint(youngest, oldest), 1, 1) + timedelta(days=self._rng.randint(0, 364))
            body = f"130000{born:%Y%m%d}{self._rng.randint(1, 999):03d}"
            if body not in self._taken:
                self._taken.add(body)
                return body + ric.calc_check_digit(f"{body}0")

    def phone(self) -> str:
        """A telephone number out of a range that no carrier gives out (100…)."""
        return f"100{self._rng.randint(0, 99_999_999):08d}"
