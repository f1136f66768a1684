"""What every rule answers: a decision with its reasons in Chinese, each citing its article and duty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding of a rule.

    ok: whether it speaks for the act; warning: a finding that staff must answer but that does not refuse;
    text: Chinese, says what is and, if refused, what to do; article: e.g. "四(二)"; duty: e.g. "D4"; code: a stable key.
    """

    ok: bool
    text: str
    article: str = ""
    duty: str = ""
    code: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Decision(Generic[T]):
    """The answer of a rule. It is ok when no reason refuses; `value` carries what was computed (a total, a list, a date)."""

    reasons: tuple[Reason, ...] = field(default_factory=tuple)
    value: T | None = None

    @property
    def ok(self) -> bool:
        """True when no reason refuses."""
        return all(r.ok or r.warning for r in self.reasons)

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """The reasons that refuse, in the order found."""
        return tuple(r for r in self.reasons if not r.ok and not r.warning)

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """The findings that staff must answer."""
        return tuple(r for r in self.reasons if r.warning and not r.ok)

    def text(self) -> str:
        """The refusals (or, when ok, all findings) as one Chinese sentence, with articles."""
        chosen = self.refusals or self.reasons
        return "；".join(f"{r.text}（{cite(r.article)}）" if r.article else r.text for r in chosen)


def cite(article: str) -> str:
    """An article code as an official citation: "四(二)" → 《细则》四（二）."""
    return "《细则》" + article.replace("(", "（").replace(")", "）")


def decide(reasons: Iterable[Reason], value: T | None = None) -> Decision[T]:
    """A decision from any iterable of reasons."""
    return Decision(tuple(reasons), value)


def yes(text: str = "", value: T | None = None, *, article: str = "", duty: str = "", code: str = "") -> Decision[T]:
    """A decision that allows, with one reason."""
    return Decision((Reason(True, text, article, duty, code),) if text else (), value)


def no(text: str, *, article: str = "", duty: str = "", code: str = "") -> Decision[T]:
    """A decision that refuses, with one reason."""
    return Decision((Reason(False, text, article, duty, code),))
