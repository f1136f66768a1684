"""The minutes of the draws of experts (F1, G1, K7): panels as they are seated, replacements included."""

from __future__ import annotations

from zhiheng.foundation.documents.word import Paper
from zhiheng.process.papers.frame import File, Frame, panel_title
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import Draw, Panel
from zhiheng.stages.panel.selectors import with_seats

_ROUNDS = {"material": ("06", "材料评审"), "site": ("09", "现场评审")}
_TICKET = 12  # hex digits shown; the whole ticket can be computed from the seed


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
    tickets = {panel["code"]: dict(panel["tickets"]) for panel in (draw.transcript or {"panels": []})["panels"]}

    def block(paper: Paper) -> None:
        for panel in panels:
            _panel(paper, frame, panel, tickets.get(panel.code.removesuffix(f"-v{draw.version}"), {}))

    witnesses = "、".join(frame.role(Role(role)) for role in sorted(draw.seed_commitments))
    words = {
        "round": round_,
        "experts": len(draw.frozen["pool"]),
        "pool_digest": draw.pool_digest,
        "seed": draw.seed,
        "witnesses": f"{witnesses}（各方事先承诺、抽取时公开种子）" if witnesses else "",
    }
    title = f"{frame.year}{frame.pack.award_name}{round_}专家抽取记录"
    return frame.written("draw_minutes", title, draw.drawn_at, {"list": block}, words)


def _panel(paper: Paper, frame: Frame, panel: Panel, tickets: dict[str, str]) -> None:
    entries = sorted(panel.entries.all(), key=lambda entry: entry.code)
    paper.heading(f"{panel_title(panel, frame.pack)}（评审对象{len(entries)}个）", 2)
    paper.paragraph("、".join(entry.code for entry in entries))
    rows = []
    for number, seat in enumerate(sorted(panel.seats.all(), key=lambda seat: seat.pk), 1):
        notes = ["组长"] if seat.leader and not seat.vacated_at else []
        if seat.vacated_at:
            notes.append(f"退出：{seat.reason}")
        ticket = tickets.get(seat.expert.code, "")[:_TICKET]
        rows.append([str(number), seat.expert.code, seat.expert.person.name, seat.expert.employer, ticket, "；".join(notes)])
    paper.table(["序号", "专家编号", "姓名", "工作单位", "签号（前12位）", "备注"], rows, ["centre", "centre", "centre"])
