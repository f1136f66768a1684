"""Notices as they were posted, with their lists as annexes; and the call to the recommenders (C1, L2)."""

from __future__ import annotations

from typing import Any

from zhiheng.foundation.documents.word import Paper
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.papers.frame import File, Frame
from zhiheng.rules.clocks import chinese_date
from zhiheng.stages.call.models import Plan

#: Kind → number and name of the file.
NAMES = {
    "call_announcement": "02-申报公告",
    "city_publicity": "03-推荐名单公示",
    "accepted_list": "04-受理名单公示",
    "shortlist_publicity": "08-入围名单公示",
    "proposed_winners": "15-授奖建议名单公示",
    "commendation": "16-表彰通报",
    "revocation_notice": "19-取消奖励公告",
}
_OTHER = "20"
_UNSAFE = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\t', "_"))
_MERITS = ("shortlist_publicity",)


def call_notice(frame: Frame) -> list[File]:
    """The call that is sent to the recommenders, once issued (C1)."""
    plan = Plan.objects.filter(cycle=frame.cycle, issued_at__isnull=False).select_related("approval").first()
    if plan is None or plan.issued_at is None or all(document.kind != "call_notice" for document in frame.pack.documents):
        return []
    words = {"deadline": chinese_date(plan.deadline), "approval": plan.approval.number if plan.approval else "已同意"}
    return [File("01-申报通知.docx", frame.written("call_notice", "申报通知", plan.issued_at, {}, words))]


def notices(frame: Frame) -> list[File]:
    """Every notice posted so far, word for word as posted."""
    files: list[File] = []
    taken: dict[str, int] = {}
    for notice in frame.cycle.notices.select_related("unit").order_by("pk"):
        base = NAMES.get(notice.kind, f"{_OTHER}-{notice.title}")
        if notice.kind == "city_publicity":
            base += f"-{notice.unit.city or notice.unit.name}"
        base = base.translate(_UNSAFE)
        taken[base] = taken.get(base, 0) + 1
        again = f"-{taken[base]}" if taken[base] > 1 else ""
        files.append(File(f"{base}{again}.docx", notice_paper(frame, notice)))
    return files


def notice_paper(frame: Frame, notice: Notice) -> bytes:
    """One notice: title, text, signature, and its list as an annex."""
    paper = Paper(frame.properties(notice.title, notice.posted_at))
    paper.title(notice.title)
    paper.letter(notice.body)
    if notice.items:
        paper.annex("名单", "附表" if "附表" in notice.body else "附件")
        titles = [award.title for award in frame.pack.awards]
        held = {str(item.get("award", "")) for item in notice.items}
        for award in [*(title for title in titles if title in held), *sorted(held - set(titles))]:
            rows = [item for item in notice.items if str(item.get("award", "")) == award]
            if award:
                paper.caption(f"{award}（{len(rows)}）")
            _list(paper, rows, merits=notice.kind in _MERITS)
    return paper.to_bytes()


def _list(paper: Paper, items: list[dict[str, Any]], *, merits: bool) -> None:
    """The list of one award; columns that nobody has are left out."""
    columns = [("code", "申报编号"), ("name", "名称"), ("unit", "所在单位"), ("category", "类别"), ("recommender", "推荐单位")]
    columns += [("certificate", "证书编号")]
    if len({item.get("category") for item in items}) < 2:
        columns.remove(("category", "类别"))
    used = [(key, title) for key, title in columns if any(item.get(key) for item in items)]
    rows = [[str(number), *(str(item.get(key) or "") for key, _ in used)] for number, item in enumerate(items, 1)]
    paper.table(["序号", *(title for _, title in used)], rows, ["centre", "centre"])
    if merits:
        for item in items:
            if item.get("achievements"):
                paper.heading(f"{item.get('name', '')}", 2)
                paper.paragraph(str(item["achievements"]))
