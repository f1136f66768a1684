"""The page of one entry: its parts, put together for a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.links import act_url
from zhiheng.foundation import industries
from zhiheng.process import agenda, parts
from zhiheng.process.agenda import Todo
from zhiheng.process.line import possible
from zhiheng.process.parts import Part, Sight

#: Acts that are always open, and so are nothing that waits: they stand below the others.
ASIDE = frozenset({"panel.declare_conflict", "supervision.report_misuse"})

SOON = 5  # of what others owe, so many
RECENT = 12  # lines of the history that stand open

PART_TITLES: dict[Part, Any] = {
    Part.FORM: _("申报表"),
    Part.DOCUMENTS: _("证实性材料"),
    Part.RECOMMENDATION: _("推荐意见"),
    Part.OPINIONS: _("审核情况和部门意见"),
    Part.QUALIFICATION: _("资格审查"),
    Part.NOTICES: _("公示公告"),
    Part.OBJECTIONS: _("异议"),
    Part.SHEETS: _("专家评分表"),
    Part.RESULTS: _("评审得分"),
    Part.FEEDBACK: _("评审反馈报告"),
    Part.VISIT: _("现场评审"),
    Part.BALLOTS: _("审议表决"),
    Part.HONOURS: _("证书和奖金"),
    Part.SUPERVISION: _("监督管理"),
    Part.CONFLICTS: _("回避"),
    Part.HISTORY: _("办理记录"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """An act that may be done now."""

    title: str
    url: str
    article: str
    danger: bool
    aside: bool


#: Round → the act that hands in one's sheet, which is done once.
SHEET_OF = {"材料评审": "review.submit_sheet", "现场评审": "sitevisit.submit_sheet"}
#: Acts that end something for good: drawn apart.
FINAL = frozenset({
    "application.withdraw", "recommendation.decline", "recommendation.return", "commendation.cancel", "supervision.find_false",
    "supervision.revoke_deceit",
})  # fmt: skip


def context(sight: Sight) -> dict[str, Any]:
    """All that the template shows. A fixed number of queries for each role, whatever hangs on the entry."""
    entry, award = sight.entry, sight.pack.award(sight.entry.award)
    category = next((one.title for one in award.categories if one.code == entry.category), "")
    known = industries.divisions()
    told = parts.runs(parts.history(sight))
    judged = parts.sheets(sight)
    done = {SHEET_OF[row.round] for row in judged.sheets if row.mine and row.voided_at is None} if judged else set()
    acts = [one for one in possible(sight.acting, entry) if one.id not in done and (not sight.barred or one.id in ASIDE)]
    buttons = [Button(one.title, act_url(one.id, entry), one.article, one.id in FINAL, one.id in ASIDE) for one in acts]
    found = {
        "sight": sight,
        "entry": entry,
        "cycle": entry.cycle,
        "award": award.title,
        "category": category if len(award.categories) > 1 else "",
        "person": award.applicant == "person",
        "industry": known.get(entry.industry, ""),
        "steps": parts.stages(sight),
        "buttons": sorted((one for one in buttons if not one.aside), key=lambda one: one.danger),
        "others": [one for one in buttons if one.aside],
        "waiting": _waiting(sight),
        "form": parts.form(sight),
        "inside": parts.publicity_inside(sight),
        "documents": parts.documents(sight),
        "recommendation": parts.recommendation(sight),
        "qualification": parts.qualification(sight),
        "notices": parts.notices(sight),
        "objections": parts.objections(sight),
        "judged": judged,
        "results": parts.results(sight),
        "feedback": parts.feedback(sight),
        "visit": parts.visit(sight),
        "ballots": parts.ballots(sight),
        "honours": parts.honours(sight),
        "supervision": parts.supervision(sight),
        "conflicts": parts.conflicts(sight),
        "history": told[-RECENT:],
        "earlier": told[:-RECENT],
        "readers": [(PART_TITLES[row.part], row) for row in parts.table(sight.acting.role)],
    }
    found["sections"] = _sections(found)
    return found


def _waiting(sight: Sight) -> list[Todo]:
    """What the entry waits for, and whose it is to do. Under the veil nothing: whose word is awaited would tell where it stands (T2)."""
    if sight.barred or sight.status != sight.entry.status:
        return []
    return agenda.pending(sight.entry)[:SOON]


def _sections(found: dict[str, Any]) -> list[tuple[str, Any]]:
    """The headings that the page has, for its table of contents."""
    shown = (
        ("form", Part.FORM), ("documents", Part.DOCUMENTS), ("recommendation", Part.RECOMMENDATION), ("qualification", Part.QUALIFICATION),
        ("notices", Part.NOTICES), ("objections", Part.OBJECTIONS), ("judged", Part.SHEETS), ("results", Part.RESULTS),
        ("feedback", Part.FEEDBACK), ("visit", Part.VISIT), ("ballots", Part.BALLOTS), ("honours", Part.HONOURS),
        ("supervision", Part.SUPERVISION), ("conflicts", Part.CONFLICTS), ("history", Part.HISTORY),
    )  # fmt: skip
    return [(name, PART_TITLES[part]) for name, part in shown if found[name]]
