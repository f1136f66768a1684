"""The minutes of the draws of experts (F1, G1, K7): panels as they are seated, replacements included."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zhiheng.foundation.documents.word import Paper
from zhiheng.process.papers.frame import TO_SIGN, File, Frame
from zhiheng.rules.compose import panel_title
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.lotteries import titled
from zhiheng.stages.panel.models import Draw, Panel
from zhiheng.stages.panel.seeds import by_fours
from zhiheng.stages.panel.selectors import published, with_seats

_ROUNDS = {"material": ("06", "材料评审"), "site": ("09", "现场评审")}
_SHOWN = 12  # hex digits of a digest


def minutes(frame: Frame) -> list[File]:
    """The minutes of every draw made so far."""
    files = []
    for draw in frame.cycle.draws.filter(drawn_at__isnull=False).order_by("pk"):
        number, title = _ROUNDS[draw.round]
        again = f"-第{draw.version}次" if draw.version > 1 else ""
        files.append(File(f"{number}-{title}专家抽取记录{again}.docx", _paper(frame, draw, title)))
    return files


def _paper(frame: Frame, draw: Draw, round_: str) -> bytes:
    assert draw.drawn_at is not None
    panels = list(with_seats(draw.panels.order_by("code")))
    lottery = published(draw)
    assert lottery is not None
    chances: dict[str, int] = lottery.made["chances"]

    def block(paper: Paper) -> None:
        _evenness(paper, draw, lottery.made)
        _numbers(paper, frame, draw)
        for panel in panels:
            _panel(paper, frame, panel, chances, len(lottery.made["tickets"]))
        _attempts(paper, draw)

    there = [*draw.present] or [_party(frame, role) for role in sorted(draw.seeds)]
    words = {
        "round": round_,
        "experts": len(draw.frozen["pool"]),
        "pool_digest": draw.pool_digest,
        "lottery_digest": lottery.digest,
        "tickets": len(lottery.made["tickets"]),
        "ticket": draw.ticket,
        "how": "当场摇取的号码球" if draw.method == "balls" else "各方事先承诺、当场揭示的数",
        "witnesses": "、".join(there),
    }
    title = f"{frame.year}{frame.pack.award_name}{round_}专家抽取记录"
    blocks = {"list": block, "witnesses": lambda paper: _signed(paper, there)}
    return frame.written("draw_minutes", title, draw.drawn_at, blocks, words)


def _signed(paper: Paper, there: list[str]) -> None:
    """Everybody present, each with room for a signature."""
    rows = [[str(number), one, TO_SIGN] for number, one in enumerate(there, 1)]
    paper.table(["序号", "姓名、单位和职务", "签名"], rows, ["centre", "left"])


def _party(frame: Frame, role: str) -> str:
    """A party to the draw by its official name; of the applicants one stands for all."""
    return "申报方代表" if role == Role.APPLICANT else frame.role(Role(role))


def _evenness(paper: Paper, draw: Draw, content: dict[str, Any]) -> None:
    """How even the experts' chances are, beside a plain random draw."""
    paper.heading("入选机会", 2)
    names = {"minimum": "最低入选机会", "gini": "基尼系数", "geometric_mean": "几何平均"}
    rows = [
        [title, _short(content["evenness"]["tickets"][name]), _short(content["evenness"]["plain"][name])] for name, title in names.items()
    ]
    paper.table(["指标", "本次抽签方案", "简单随机抽取"], rows, ["left", "centre", "centre"])
    for text in content["notes"]:
        paper.paragraph(titled(draw, text))


def _short(text: str) -> str:
    """A decimal number to four places, half up."""
    return str(Decimal(text).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def _numbers(paper: Paper, frame: Frame, draw: Draw) -> None:
    """Which numbers drew the ticket, and how."""
    if draw.method == "balls":
        paper.heading("号码球", 2)
        rows = [[_party(frame, role), draw.seeds[role]] for role in sorted(draw.seeds)]
        paper.table(["录入方", "录入的号码"], rows, ["left", "centre"])
        paper.paragraph(f"各方录入的号码一致，号码球所示即为签号，抽中第 {draw.ticket} 签。")
        return
    paper.heading("随机数", 2)
    rows = [[_party(frame, role), draw.seed_commitments.get(role, "")[:_SHOWN], by_fours(draw.seeds[role])] for role in sorted(draw.seeds)]
    if draw.public_number:
        rows.append([draw.public_source, "", draw.public_number])
    paper.table(["来源", f"事先承诺（前{_SHOWN}位）", "揭示的数"], rows, ["left", "centre", "left"])
    paper.paragraph(f"依次以各数按 RFC 3797 计算签号，抽中第 {draw.ticket} 签。")


def _panel(paper: Paper, frame: Frame, panel: Panel, chances: dict[str, int], tickets: int) -> None:
    entries = sorted(panel.entries.all(), key=lambda entry: entry.code)
    paper.heading(f"{panel_title(panel, frame.pack)}（评审对象{len(entries)}个）", 2)
    paper.paragraph("、".join(entry.code for entry in entries))
    rows = []
    for number, seat in enumerate(sorted(panel.seats.all(), key=lambda seat: seat.pk), 1):
        notes = ["组长"] if seat.leader and not seat.vacated_at else []
        if seat.vacated_at:
            notes.append(f"退出：{seat.reason}")
        if seat.succeeds_id:
            notes.append("递补")
        chance = f"{chances.get(seat.expert.code, 0)}/{tickets}"
        rows.append([str(number), seat.expert.code, seat.expert.person.name, seat.expert.employer, chance, "；".join(notes)])
    paper.table(["序号", "专家编号", "姓名", "工作单位", "入选机会", "备注"], rows, ["centre", "centre", "centre"])


def _attempts(paper: Paper, draw: Draw) -> None:
    """Every earlier attempt of the round, and every commitment given up."""
    lines = []
    for one in draw.cycle.draws.filter(round=draw.round, version__lte=draw.version).order_by("version"):
        what = "已抽取" if one.drawn_at else "未抽取"
        again = f"，事由：{one.cause}" if one.cause else ""
        again += f"，经监督人员同意：{one.allowed['reason']}" if one.allowed else ""
        lines.append(f"第{one.version}次冻结（{what}）{again}，摘要{one.pool_digest[:_SHOWN]}。")
        for gone in one.discarded:
            said = f"，经监督人员同意：{gone['consent']['reason']}" if gone["consent"] else ""
            lines.append(f"第{one.version}次冻结后作废承诺，事由：{gone['cause']}{said}。")
    if len(lines) > 1:
        paper.heading("历次冻结和抽取", 2)
        for text in lines:
            paper.paragraph(text)
