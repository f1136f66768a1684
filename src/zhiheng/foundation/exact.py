"""Database fields for exact numbers: stored as text ("1999/4"), read as Fraction, never rounded (Q1)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Text = models.CharField[Fraction | int | str, Fraction]
    _NullText = models.CharField[Fraction | int | str | None, Fraction | None]
else:
    _Text = _NullText = models.CharField


def exact(value: object) -> Fraction | None:
    """Any exact form of a number as a Fraction; None stays None. Raises ValueError on what is no number."""
    return None if value is None else Fraction(str(value))


class _Conversion:
    """Text in the database, Fraction in Python."""

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Fraction | None:
        return exact(value)

    def to_python(self, value: object) -> Any:
        return exact(value)

    def get_prep_value(self, value: object) -> str | None:
        return None if value is None else str(exact(value))


class ExactField(_Conversion, _Text):
    """A Fraction as text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        super().__init__(*args, **kwargs)


class ExactOrNoneField(_Conversion, _NullText):
    """A Fraction as text, or NULL where there is none yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        super().__init__(*args, **{**kwargs, "null": True, "blank": True})
