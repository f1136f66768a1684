"""Who acts, and what an act gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhiheng.foundation.people.models import Person, Unit
from zhiheng.rules.decision import Decision
from zhiheng.rules.lifecycle import Role


@dataclass(frozen=True)
class Acting:
    """A person in one of their roles (a person may hold several and says which). The public has no person.

    request_id: a token of the form that is submitted; the same person sending it again for the same act on the same subject gets the
    same receipt and there is no second act (X6). To anybody or anything else the token means nothing.
    """

    role: Role
    person: Person | None = None
    unit: Unit | None = None
    request_id: str = ""

    @property
    def code(self) -> str:
        """The actor as the journal names them: a pseudonymous code."""
        return self.person.code if self.person else ""


@dataclass(frozen=True)
class To:
    """A message to a person ("person:CODE"), a unit ("unit:CODE") or a role ("role:office")."""

    to: str
    title: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """What the body of an act decided and saved. A decision that is not ok undoes everything the body did."""

    decision: Decision[Any]
    payload: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""  # when it is not the subject that was passed in
    value: Any = None
    tell: Sequence[To] = ()


@dataclass(frozen=True)
class Receipt:
    """The proof of an act, given only after its transaction was written: place and hash in the journal."""

    act: str
    chain: str
    seq: int
    hash: str
    at: datetime
    decision: Decision[Any] = field(default_factory=Decision)
    value: Any = None
    repeated: bool = False
