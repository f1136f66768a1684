"""The minutes of the committee's meetings: attendance, quorum, each ballot's tally, what was resolved (I1, I2, Q19–Q21)."""

from __future__ import annotations

from fractions import Fraction

from zhiheng.foundation import clock
from zhiheng.foundation.documents.word import Align, Paper
from zhiheng.process.papers.frame import TO_SIGN, File, Frame
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.quorum import quorum
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Attendance, Meeting, Member, Motion, Resolution


def minutes(frame: Frame) -> list[File]:
    """Minutes of every meeting that has ended; of one that could not vote as well."""
    ended = list(frame.cycle.meetings.exclude(status="open").order_by("pk"))
    return [minutes_of(frame, meeting, number if len(ended) > 1 else 0) for number, meeting in enumerate(ended, 1)]


def minutes_of(frame: Frame, meeting: Meeting, number: int = 0) -> File:
    """Minutes of one meeting that has ended; number: which of the cycle's it is, 0 when it is the only one."""
    again = f"-第{number}次" if number else ""
    data = _closed(frame, meeting) if meeting.status == "closed" else _failed(frame, meeting)
    return File(f"14-省质评委会议{'纪要' if meeting.status == 'closed' else '记录（未达法定人数）'}{again}.docx", data)


def attendance_of(frame: Frame, meeting: Meeting) -> File:
    """The list on which the members sign: seat, name, when they signed in and how; as it stands now (I1)."""
    signed = {row.member_id: row for row in meeting.attendances.all()}
    listed = Member.objects.filter(cycle=meeting.cycle).select_related("person").order_by("seat")
    members = [m for m in listed if m.ended_at is None or m.pk in signed]
    title = f"{frame.year}{frame.pack.award_name}评审委员会全体委员会议签到表"
    paper = Paper(frame.properties(title, max((row.at for row in signed.values()), default=clock.at(meeting.held_on))))
    paper.title(title)
    needed = quorum(meeting.members, frame.pack.parameters.quorum.value)
    paper.paragraph(
        f"会议日期：{chinese_date(meeting.held_on)}。应到{meeting.members}人，法定人数{needed}人，实到{len(signed)}人。不得委托他人代签。"
    )
    rows = [[str(m.seat), f"{m.person.name}（主任）" if m.chair else m.person.name, *_signed(signed.get(m.pk)), TO_SIGN] for m in members]
    paper.table(["席位", "姓名", "签到时间", "签到方式", "本人签字"], rows, ["centre", "left", "centre", "centre", "left"])
    return File(f"13-省质评委会议签到表-{meeting.code}.docx", paper.to_bytes())


def _signed(row: Attendance | None) -> tuple[str, str]:
    if row is None:
        return "", ""
    at = clock.local(row.at)
    return f"{at.hour}时{at.minute:02d}分", "凭签到码" if row.by_code else "本人账号"


def _people(meeting: Meeting) -> tuple[list[Member], list[Member]]:
    """Members present and absent, by seat."""
    there = set(meeting.attendances.values_list("member_id", flat=True))
    members = list(Member.objects.filter(cycle=meeting.cycle).select_related("person").order_by("seat"))
    return [m for m in members if m.pk in there], [m for m in members if m.pk not in there and m.ended_at is None]


def _names(members: list[Member]) -> str:
    return "、".join(f"{m.person.name}（主任）" if m.chair else m.person.name for m in members) or "无"


def _closed(frame: Frame, meeting: Meeting) -> bytes:
    present, absent = _people(meeting)
    motions = list(meeting.motions.filter(closed_at__isnull=False).select_related("entry").order_by("pk"))
    resolved = Resolution.objects.filter(meeting=meeting, kind="proposal").first()
    chair = next((m.person.name for m in present if m.chair), "")
    words = {
        "date": meeting.held_on,
        "chair": f"{frame.role(Role.CHAIR)}{chair}",
        "members": meeting.members,
        "quorum": quorum(meeting.members, frame.pack.parameters.quorum.value),
        "present": len(present),
        "attendance": f"{_names(present)}。缺席：{_names(absent)}",
        "resolution": _resolution(frame, meeting, resolved),
    }
    at = resolved.resolved_at if resolved else clock.at(meeting.held_on)
    title = f"{frame.year}{frame.pack.award_name}评审委员会会议纪要"
    return frame.written("committee_minutes", title, at, {"list": lambda paper: _ballots(paper, frame, motions)}, words)


def _ballots(paper: Paper, frame: Frame, motions: list[Motion]) -> None:
    manner = "无记名投票" if all(motion.secret for motion in motions) else "记名投票"
    share = share_words(frame.pack.parameters.majority.value)
    paper.paragraph(f"采用{manner}方式逐一表决，赞成票须达到参加表决的出席委员的{share}及以上；弃权、未投的不计为赞成。")
    rows = []
    for number, motion in enumerate(motions, 1):
        tally = motion.tally or {}
        votes = [str(tally.get(key, "")) for key in ("yes", "no", "abstain", "missing", "needed")]
        counted = [str(len(motion.recused)), str(len(motion.entitled)), *votes]
        rows.append([str(number), f"{motion.entry.name}（{motion.entry.code}）", *counted, "通过" if motion.passed else "未通过"])
    headers = ["序号", "候选对象", "回避", "表决", "赞成", "反对", "弃权", "未投", "须赞成", "结果"]
    align: list[Align] = ["centre"] * len(headers)
    align[1] = "left"
    paper.table(headers, rows, align)


def share_words(share: Fraction) -> str:
    """A share in Chinese: 三分之二."""
    parts = (share.denominator, share.numerator)
    return "分之".join("零一二三四五六七八九十"[part] for part in parts) if max(parts) <= 10 else str(share)


def _resolution(frame: Frame, meeting: Meeting, resolved: Resolution | None) -> str:
    """What was resolved, award by award, in the neutral order of names."""
    codes = list(resolved.entries) if resolved else []
    entries = list(Entry.objects.filter(code__in=codes).order_by("name", "code"))
    parts = []
    for award in frame.pack.awards:
        names = "、".join(entry.name for entry in entries if entry.award == award.code)
        if names:
            parts.append(f"{award.title}：{names}")
    listed = "没有候选对象获得规定的赞成票，不提出授奖建议名单。"
    if parts:
        listed = f"同意将下列候选对象列入授奖建议名单，按规定公示。{'；'.join(parts)}。"
    return "\n".join(part for part in (meeting.minutes.strip(), listed) if part)


def _failed(frame: Frame, meeting: Meeting) -> bytes:
    """The record of a meeting that could not vote."""
    present, absent = _people(meeting)
    needed = quorum(meeting.members, frame.pack.parameters.quorum.value)
    title = f"{frame.pack.award_name}评审委员会全体委员会议情况记录"
    paper = Paper(frame.properties(title, clock.at(meeting.held_on)))
    paper.title(title)
    paper.paragraph(f"{chinese_date(meeting.held_on)}，召集全体委员会议，审议{frame.year}{frame.pack.award_name}授奖候选名单。")
    paper.heading("一、出席情况")
    paper.paragraph(f"委员总数{meeting.members}人，应到不少于{needed}人，实到{len(present)}人，未达到规定人数，未进行表决。")
    paper.paragraph(f"出席：{_names(present)}。缺席：{_names(absent)}。")
    paper.heading("二、处理情况")
    paper.paragraph(meeting.minutes.strip() or "会议休会，另行召集。")
    paper.signature(frame.office, chinese_date(meeting.held_on))
    return paper.to_bytes()
