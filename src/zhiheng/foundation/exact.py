"""A database field for exact numbers: stored as text ("1999/4"), read as Fraction, never rounded (Q1)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Text = models.CharField[Fraction | int | str | None, Fraction]
else:
    _Text = models.CharField


class ExactField(_Text):
    """A Fraction as text. NULL where there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Fraction | None:
        """Text from the database as a Fraction."""
        return None if value is None else Fraction(value)

    def to_python(self, value: object) -> Any:
        """Any exact form as a Fraction."""
        return None if value is None else Fraction(str(value))

    def get_prep_value(self, value: object) -> str | None:
        """A Fraction as text."""
        return None if value is None else str(Fraction(str(value)))
