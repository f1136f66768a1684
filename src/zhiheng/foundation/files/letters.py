"""The word of outside parties, recorded with their letters (L1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhiheng.foundation.files.models import Letter, StoredFile
from zhiheng.rules.decision import Decision, Reason, decide
from zhiheng.rules.lifecycle import Role


@dataclass(frozen=True)
class Letterhead:
    """An outside party's word on paper, as the recorder types it in."""

    issuer: str
    number: str
    dated: date
    summary: str = ""
    scan: StoredFile | None = None


def spoken(role: Role, speakers: frozenset[Role], letter: Letterhead | None, today: date) -> Decision[None]:
    """Whether the word counts: given by a speaker itself, or recorded by another with the letter's issuer, number,
    date and scan."""
    if letter is None:
        return decide(
            []
            if role in speakers
            else [Reason(False, "代为记录外部单位意见时，须填写来文单位、文号、成文日期并附扫描件", "四", "L1", "letter")]
        )
    reasons = [
        Reason(False, f"请填写{title}", "四", "L1", "letter")
        for title, text in (("来文单位", letter.issuer), ("文号", letter.number))
        if not text.strip()
    ]
    reasons += [
        Reason(False, f"{title}请控制在 {most} 字以内", "四", "L1", "letter")
        for title, text, most in (("来文单位", letter.issuer, 120), ("文号", letter.number, 80))
        if len(text) > most
    ]
    if letter.scan is None and role not in speakers:
        reasons.append(Reason(False, "请上传来文扫描件", "四", "L1", "letter"))
    if letter.dated > today:
        reasons.append(Reason(False, f"成文日期 {letter.dated} 晚于今日，请核对", "四", "L1", "letter"))
    return decide(reasons)


def keep(letter: Letterhead | None, cycle: str, purpose: str) -> Letter | None:
    """Keep a letter's particulars; None when the party spoke for itself."""
    if letter is None:
        return None
    return Letter.objects.create(
        issuer=letter.issuer,
        number=letter.number,
        dated=letter.dated,
        summary=letter.summary,
        scan=letter.scan,
        cycle=cycle,
        purpose=purpose,
    )


def particulars(letter: Letterhead | None) -> dict[str, str]:
    """A letter as a journal payload carries it."""
    if letter is None:
        return {}
    scan = letter.scan.sha256 if letter.scan else ""
    return {"issuer": letter.issuer, "number": letter.number, "dated": letter.dated.isoformat(), "scan": scan}
