"""The page of one expert: their record, what they did, and what may be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhiheng.faces.desk.experts.listing import TONES
from zhiheng.faces.desk.experts.words import Book, book
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.packs.selectors import newest
from zhiheng.process import experts, reach
from zhiheng.process.agenda.platform import AHEAD
from zhiheng.process.line import history
from zhiheng.process.reach.grants import STAFF
from zhiheng.rules.fitness import confirm_by
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel import facts, profile
from zhiheng.stages.panel.models import BankAccount, Expert, Revision
from zhiheng.stages.panel.selectors import unfit

WORK = ("employer", "credit_code", "group_code", "city", "employers", "consulted")
SCOPE = ("industries", "main_industries", "categories", "criteria")
PAPERS = ("qualifications", "training", "languages", "leader", "max_load")
RECENT = 20


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was asked for. rows: title, before, after."""

    revision: Revision
    rows: list[tuple[str, str, str]]


def find(acting: Acting, code: str) -> Expert | None:
    """The expert within reach."""
    return reach.experts(acting).select_related("person").prefetch_related("absences").filter(code=code).first()


def context(acting: Acting, expert: Expert, full: dict[str, str] | None = None) -> dict[str, Any]:
    """All that the template shows. full: the bank account, where it was looked at in full just now."""
    pack = newest()
    words, values = book(pack), profile.held(expert)
    own = acting.person is not None and acting.person.pk == expert.person_id
    by = confirm_by(facts.standing(expert), pack.parameters) if pack else None
    changes = [_change(row, words) for row in reach.revisions(acting).filter(expert=expert)[:RECENT]]
    return {
        "expert": expert,
        "own": own,
        "tone": TONES[expert.status],
        "unfit": unfit(expert, clock.today(), pack.parameters) if pack else "",
        "confirm_by": by if by and by > date.min else None,
        "confirm_now": by is not None and by <= clock.today() + AHEAD,
        "work": words.rows(values, WORK),
        "scope": words.rows(values, SCOPE),
        "papers": words.rows(values, PAPERS),
        "absences": sorted(expert.absences.all(), key=lambda a: (a.from_on, a.pk)),
        "waiting": next((one for one in changes if one.revision.status == "pending"), None),
        "decided": [one for one in changes if one.revision.status != "pending"],
        "bank": BankAccount.objects.filter(expert=expert).first() if own or acting.role in STAFF else None,
        "sees_bank": own or acting.role in STAFF,
        "opens_bank": acting.role == Role.OFFICE,
        "full": full,
        "appraises": acting.role in (Role.OFFICE, Role.AGENCY),
        "served": experts.served(acting, expert),
        "rated": experts.rated(acting, expert),
        "recused": experts.recused(acting, expert),
        "history": list(history(expert))[-RECENT:] if own or acting.role in STAFF else [],
    }


def _change(row: Revision, words: Book) -> Change:
    return Change(row, words.compared(row.before, row.after))
