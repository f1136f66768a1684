"""How an act says no."""

from __future__ import annotations

from typing import Any

from zhiheng.rules.decision import Decision


class ActError(Exception):
    """An act did not happen. `decision` says why, in Chinese, with articles."""

    def __init__(self, decision: Decision[Any]) -> None:
        super().__init__(decision.text())
        self.decision = decision


class NotPermitted(ActError):
    """The actor may not do this act on this subject at this stage."""


class Refused(ActError):
    """The actor may do the act, but a rule refuses it as things stand."""
