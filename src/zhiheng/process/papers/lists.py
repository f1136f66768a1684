"""Accepted list, candidate list, commendation list and prize ledger (E2, H3, J3, Q35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zhiheng.foundation.clock import SHANGHAI
from zhiheng.foundation.documents.sheet import Cell, Column, Table, columns
from zhiheng.foundation.documents.word import Align, Paper
from zhiheng.process.papers.frame import File, Frame, counts, of_award, thresholds
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.compose import category_title
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.rules.pack import Award
from zhiheng.rules.thresholds import plain, shown
from zhiheng.stages.application.models import Entry
from zhiheng.stages.commendation.models import Approval, Certificate, LedgerLine
from zhiheng.stages.commendation.selectors import balance, winners
from zhiheng.stages.nomination import selectors as nominations
from zhiheng.stages.qualification.models import Qualification

_BEFORE = (
    EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.RECOMMENDED, EntryStatus.NOT_RECOMMENDED, EntryStatus.NOT_ACCEPTED,
    EntryStatus.WITHDRAWN,
)  # fmt: skip


def accepted(frame: Frame) -> list[File]:
    """The accepted list once it was settled, in the neutral order of names (E2)."""
    status = [status.value for status in _BEFORE]
    entries = list(frame.cycle.entries.exclude(status__in=status).select_related("party__employer", "recommender").order_by("name", "code"))
    checked = Qualification.objects.filter(entry__cycle=frame.cycle).order_by("-checked_at").first()
    if not entries or checked is None:
        return []
    created, title = checked.fed_back_at or checked.checked_at, f"{frame.year}{frame.pack.award_name}受理名单"
    paper = Paper(frame.properties(title, created))
    paper.title(title)
    tables = []
    for award in frame.pack.awards:
        listed = of_award(entries, award)
        if listed:
            table = Table(award.title, f"{title}（{award.title}）", *_plain(award, listed), ("按名称排列，不分先后。",))
            paper.caption(f"{award.title}（{len(listed)}）")
            _word(paper, table)
            tables.append(table)
    return [File("05-受理名单.docx", paper.to_bytes()), File("05-受理名单.xlsx", frame.sheets(title, created, tables))]


def _plain(award: Award, entries: Sequence[Entry]) -> tuple[tuple[Column, ...], list[list[Cell]]]:
    person = award.applicant == "person"
    named = ["姓名", "所在单位", "类别"] if person else ["名称"]
    rows: list[list[Cell]] = []
    for number, entry in enumerate(entries, 1):
        more = [_employer(entry), category_title(award, entry.category)] if person else []
        rows.append([number, entry.code, entry.name, *more, entry.recommender.name])
    return columns("序号|integer", "申报编号", *named, "推荐单位"), rows


def _employer(entry: Entry) -> str:
    return entry.party.employer.name if entry.party.employer else ""


def candidates(frame: Frame) -> list[File]:
    """The candidate list put to the committee, from high to low (H3)."""
    row = nominations.candidates(frame.cycle)
    if row is None:
        return []
    finals = {final.entry.code: final for final in nominations.finals(frame.cycle).values()}
    entries = {e.code: e for e in frame.cycle.entries.filter(code__in=row.chosen).select_related("party__employer", "recommender")}
    places = {ranked["entry"]: int(ranked["place"]) for ranked in row.ranked}
    decimals = frame.pack.parameters.shown_decimals.value
    title = f"{frame.year}{frame.pack.award_name}授奖候选名单"
    tables = []
    for award in frame.pack.awards:
        listed = of_award([entries[code] for code in row.chosen], award)
        named = ["姓名", "所在单位", "类别"] if award.applicant == "person" else ["名称"]
        heads = columns("名次|integer", "申报编号", *named, "推荐单位", "最终得分|score", "最终得分（精确值）|exact")
        rows: list[list[Cell]] = []
        for entry in listed:
            more = [_employer(entry), category_title(award, entry.category)] if award.applicant == "person" else []
            total = finals[entry.code].total
            final = shown(total, decimals, award.final_threshold.value)
            rows.append([places[entry.code], entry.code, entry.name, *more, entry.recommender.name, final, plain(total)])
        notes = [f"最终得分{plain(award.final_threshold.value)}分及以上，不超过{award.quota.value}{award.quota.unit}。"]
        if row.office_reason:
            notes.append(f"说明：{row.office_reason}")
        tables.append(Table(award.title, f"{title}（{award.title}）", heads, rows, tuple(notes)))

    def block(paper: Paper) -> None:
        for award, table in zip(frame.pack.awards, tables, strict=True):
            paper.caption(f"{award.title}（{len(table.rows)}）")
            if table.rows:
                _word(paper, table, leave_out=("最终得分（精确值）",))

    words = {f"{award.code}_threshold": plain(award.final_threshold.value) for award in frame.pack.awards} | thresholds(frame.pack)
    data = frame.written("candidate_list", title, row.settled_at, {"list": block}, words)
    return [File("12-授奖候选名单.docx", data), File("12-授奖候选名单.xlsx", frame.sheets(title, row.settled_at, tables))]


def _word(paper: Paper, table: Table, leave_out: Sequence[str] = ()) -> None:
    """A worksheet's table in a document."""
    kept = [number for number, column in enumerate(table.columns) if column.title not in leave_out]
    align: list[Align] = ["right" if table.columns[n].kind in ("score", "exact", "money") else "left" for n in kept]
    align[:2] = ["centre", "centre"]
    rows = [[_text(row[number]) for number in kept] for row in table.rows]
    paper.table([table.columns[number].title for number in kept], rows, align)


def _text(cell: Cell) -> str:
    return "" if cell is None else f"{cell:,}" if isinstance(cell, int) and cell >= 10_000 else str(cell)


def commended(frame: Frame) -> list[File]:
    """The winners with their certificates and prizes (J3); a revoked award stays on the list and says so."""
    entries = winners(frame.cycle)
    approval = Approval.objects.filter(cycle=frame.cycle).first()
    certificates = {c.entry_id: c for c in Certificate.objects.filter(cycle=frame.cycle)}
    if not entries or approval is None or not certificates:
        return []
    day = max(c.issued_on for c in certificates.values())
    created = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    title = f"{frame.year}{frame.pack.award_name}获奖名单"
    tables = []
    for award in frame.pack.awards:
        rows: list[list[Cell]] = []
        for number, entry in enumerate(of_award(entries, award), 1):
            found = certificates[entry.pk]
            note = f"{found.revoked_on.isoformat()}取消奖励" if found.revoked_on else ""
            unit = entry.recommender.name if award.applicant == "organization" else _employer(entry)
            rows.append([number, found.number, entry.name, unit, award.prize.value, note])
        unit = "推荐单位" if award.applicant == "organization" else "所在单位"
        heads = columns("序号|integer", "证书编号", "名称", unit, "奖金（元）|money", "备注")
        tables.append(Table(award.title, f"{title}（{award.title}）", heads, rows, ("按名称排列，不分先后。",)))

    paper = Paper(frame.properties(title, created))
    paper.title(title)
    approved = f"经{frame.role(Role.GOVERNMENT)}于{chinese_date(approval.approved_on)}批准"
    paper.paragraph(f"{approved}，授予{counts(entries, frame.pack)}{frame.pack.award_name}。")
    for award, table in zip(frame.pack.awards, tables, strict=True):
        if table.rows:
            paper.caption(f"{award.title}（{len(table.rows)}）")
            _word(paper, table, () if any(row[-1] for row in table.rows) else ("备注",))
    paper.signature(frame.office, chinese_date(day))
    return [File("17-获奖名单.docx", paper.to_bytes()), File("17-获奖名单.xlsx", frame.sheets(title, created, tables))]


_KINDS = {"awarded": "应发", "paid": "已发", "recall": "应追缴", "recovered": "已追缴"}


def ledger(frame: Frame) -> list[File]:
    """The prize ledger: what each winner is owed, was paid, must pay back and has paid back (Q35)."""
    entries = winners(frame.cycle)
    last = Certificate.objects.filter(cycle=frame.cycle).order_by("issued_on").last()
    if not entries or last is None:
        return []
    created = datetime(last.issued_on.year, last.issued_on.month, last.issued_on.day, tzinfo=SHANGHAI)
    money = ("应发", "已发", "未发", "应追缴", "已追缴", "未追缴")
    heads = columns("序号|integer", "申报编号", "名称", "奖项", *(f"{name}（元）|money" for name in money))
    rows: list[list[Cell]] = []
    sums = [0] * len(money)
    for number, entry in enumerate(entries, 1):
        found = balance(entry)
        recall = found["to_recover"] + found["recovered"]
        amounts = [found["awarded"], found["paid"], found["to_pay"], recall, found["recovered"], found["to_recover"]]
        sums = [whole + amount for whole, amount in zip(sums, amounts, strict=True)]
        rows.append([number, entry.code, entry.name, frame.pack.award(entry.award).title, *amounts])
    rows.append([None, None, "合计", None, *sums])
    moves: list[list[Cell]] = [
        [line.on, line.entry.code, line.entry.name, _KINDS[line.kind], line.amount, line.note]
        for line in LedgerLine.objects.filter(entry__cycle=frame.cycle).select_related("entry").order_by("on", "pk")
    ]
    title = f"{frame.year}{frame.pack.award_name}奖金台账"
    lines = columns("日期|date", "申报编号", "名称", "类别", "金额（元）|money", "说明")
    tables = [Table("奖金台账", title, heads, rows), Table("收支明细", f"{title}明细", lines, moves)]
    return [File("18-奖金台账.xlsx", frame.sheets(title, created, tables))]
