"""What a dossier says of sheets, scores, the survey, the bonus, finals and candidates (F2, F3, F5, G3, H1–H3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.dossier.publicity import Rows, acts
from zhiheng.stages.application.models import BonusClaim
from zhiheng.stages.nomination.models import CandidateList, Final
from zhiheng.stages.review.models import Consensus, Handover, Result, Sheet
from zhiheng.stages.survey.models import Poll

SHEET = {"material": "review.submit_sheet", "site": "sitevisit.submit_sheet"}
CONSENSUS = {"material": "review.record_consensus", "site": "sitevisit.record_consensus"}
SCORE = {"material": "review.score/results", "site": "sitevisit.score/results"}


def lists(cycle: Cycle) -> dict[str, Rows]:
    """The lists of this module."""
    sheets = Sheet.objects.filter(panel__cycle=cycle).select_related("panel", "entry", "expert")
    agreed = Consensus.objects.filter(panel__cycle=cycle).select_related("panel", "entry")
    results = Result.objects.filter(entry__cycle=cycle).select_related("entry")
    polls = Poll.objects.filter(cycle=cycle).select_related("entry").order_by("entry__code")
    claims = BonusClaim.objects.filter(entry__cycle=cycle).select_related("entry").order_by("entry__code", "kind", "pk")
    finals = Final.objects.filter(entry__cycle=cycle).select_related("entry").order_by("entry__code", "version")
    handed = Handover.objects.filter(cycle=cycle, round="material").values_list("handed_at", flat=True).first()
    return {
        "sheets": [_sheet(row) for row in sheets.order_by("round", "entry__code", "expert__code", "pk")],
        "consensus": [_consensus(row) for row in agreed.order_by("round", "entry__code", "version")],
        "results": [_result(row, handed) for row in results.order_by("round", "entry__code", "version")],
        "survey": [_poll(row) for row in polls],
        "bonus": [_claim(row) for row in claims],
        "finals": [_final(row) for row in finals],
        "candidates": [_candidates(row) for row in cycle.candidate_lists.order_by("version")],
    }


def _sheet(row: Sheet) -> dict[str, Any]:
    record = {
        "panel": row.panel.code,
        "round": row.round,
        "entry": row.entry.code,
        "expert": row.expert.code,
        "marks": row.marks,
        "total": row.total,
        "sheet_digest": row.digest,
        "at": {SHEET[row.round]: row.submitted_at} | acts(review__void_sheet=row.voided_at),
    }
    return record | {"reason": row.void_reason} if row.voided_at else record


def _consensus(row: Consensus) -> dict[str, Any]:
    return {
        "panel": row.panel.code,
        "entry": row.entry.code,
        "round": row.round,
        "version": row.version,
        "marks": row.marks,
        "sheets": row.sheets,
        "at": {CONSENSUS[row.round]: row.agreed_at},
    }


def _result(row: Result, handed: datetime | None) -> dict[str, Any]:
    """A result. After the round was handed over, only a voided sheet makes a new one (Q18)."""
    again = row.round == "material" and handed is not None and row.computed_at > handed
    return {
        "entry": row.entry.code,
        "round": row.round,
        "version": row.version,
        "marks": row.marks,
        "sections": row.sections,
        "total": row.total,
        "sheets": row.sheets,
        "passed": row.passed,
        "at": {"review.void_sheet/results" if again else SCORE[row.round]: row.computed_at},
    }


def _poll(row: Poll) -> dict[str, Any]:
    """Counts only: nothing of who answered."""
    decided = bool(row.decided_by_office)
    record = {
        "entry": row.entry.code,
        "counts": row.counts,
        "score": row.score,
        "at": acts(survey__open___entries=row.opened_at, survey__close___polls=row.closed_at, survey__decide_few=decided),
    }
    return record | {"reason": row.decided_by_office} if decided else record


def _claim(row: BonusClaim) -> dict[str, Any]:
    record = {
        "entry": row.entry.code,
        "kind": row.kind,
        "granted_on": row.granted_on,
        "valid_until": row.valid_until,
        "at": acts(application__claim_bonus=True, nomination__check_bonus=row.verified is not None),
    }
    return record | {"verified": row.verified, "note": row.note} if row.verified is not None else record


def _final(row: Final) -> dict[str, Any]:
    return {
        "entry": row.entry.code,
        "version": row.version,
        "material": row.material,
        "site": row.site,
        "survey": row.survey,
        "bonus": row.bonus,
        "total": row.total,
        "at": {"nomination.compute_finals/finals": row.computed_at},
    }


def _candidates(row: CandidateList) -> dict[str, Any]:
    return {
        "version": row.version,
        "chosen": row.chosen,
        "ranked": row.ranked,
        "office_order": row.office_order,
        "reason": row.office_reason,
        "at": acts(nomination__settle_candidates=row.settled_at, nomination__submit_report=row.submitted_at),
    }
