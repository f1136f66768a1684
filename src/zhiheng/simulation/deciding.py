"""The play's last months and the years after: nomination, committee, publicity, commendation, supervision (H–K)."""

from __future__ import annotations

from datetime import date, timedelta

from zhiheng.foundation import clock
from zhiheng.foundation.acts import ActError, Acting, Receipt
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.register import application, commendation, committee, nomination, publicity, supervision
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.rules.quorum import quorum
from zhiheng.simulation.applying import letter, open_draft
from zhiheng.simulation.cast import papers
from zhiheng.simulation.setting import PUBLIC
from zhiheng.simulation.world import Applicant, World, workday
from zhiheng.stages.application.models import BonusClaim, Entry
from zhiheng.stages.committee.models import Meeting, Motion
from zhiheng.stages.nomination import selectors as nominations


def nominate(world: World, cycle: Cycle) -> None:
    """H1–H3: bonus checked, finals, candidates; a tie at the last place is decided on record."""
    for claim in BonusClaim.objects.filter(entry__cycle=cycle, entry__in=nominations.incoming(cycle)).order_by("pk"):
        sound = claim.evidence is not None
        world.do(nomination.check_bonus, "office", claim, verified=sound, note="经核对原件属实")
    world.do(nomination.compute_finals, "office", cycle)
    settled: Receipt = world.do(nomination.settle_candidates, "office", cycle)
    tied = _left_out(settled)
    if tied:
        details = {"office_order": tied[:1], "reason": "两者各项得分均相同，按申报单位质量改进成果的推广范围研究确定先后"}
        world.do(nomination.settle_candidates, "office", cycle, **details)
        world.turns.append(f"第十名并列（{'、'.join(tied)}），先按规则不列入，后由省质评办裁定 {tied[0]} 列入，两个版本均留存")
    world.pass_workdays(3)
    report = "综合评审工作报告：材料评审、现场评审、公众满意度测评和加分核实均已完成，现提出授奖候选名单。"
    world.do(nomination.submit_report, "office", cycle, report=report)


def _left_out(settled: Receipt) -> list[str]:
    reasons = [r for r in settled.decision.warnings if r.code == "candidate.tied"]
    return [r.text.split("最终得分")[0] for r in reasons]


def resolve(world: World, cycle: Cycle, *, failed_quorum: bool) -> None:
    """I1–I2: members, meeting, quorum, ballots one by one, minutes."""
    for number, member in enumerate(world.cast.members, 1):
        person = world.people[f"member{number}"].person
        world.do(committee.appoint, "office", cycle, person=person, chair=member.chair)
    world.pass_workdays(5)
    params = world.pack.parameters
    needed = quorum(len(world.cast.members), params.quorum.value)
    if failed_quorum:
        meeting = _convene(world, cycle, needed - 1)
        first = nominations.candidates(cycle)
        entry = Entry.objects.get(code=first.chosen[0]) if first else None
        world.refused("出席未达法定人数即开始表决", committee.open_ballot, "chair", meeting, entry=entry)
        world.do(committee.adjourn, "chair", meeting, reason="出席委员未达法定人数，择期再开")
        world.turns.append(f"第一次会议 {len(world.cast.members)} 名委员到会 {needed - 1} 名，未达法定人数，休会")
        world.pass_workdays(6)
    meeting = _convene(world, cycle, min(len(world.cast.members), needed + 3))
    entries = list(cycle.entries.filter(status=EntryStatus.NOMINATED.value).order_by("code"))
    for number, entry in enumerate(entries, 1):
        _vote(world, meeting, entry, against=number == len(entries))
        world.progress("委员会表决", number, len(entries))
    way = "无记名" if params.ballot.value == "secret" else "记名"
    world.do(committee.resolve, "chair", meeting, minutes=f"会议审议了综合评审工作报告，逐一对授奖候选对象进行了{way}投票表决。")


def _convene(world: World, cycle: Cycle, present: int) -> Meeting:
    meeting: Meeting = world.do(committee.convene, "chair", cycle).value
    for number in range(1, present + 1):
        world.do(committee.sign_in, f"member{number}", meeting)
    return meeting


def _vote(world: World, meeting: Meeting, entry: Entry, *, against: bool) -> None:
    world.minute()
    motion: Motion = world.do(committee.open_ballot, "chair", meeting, entry=entry).value
    for seat in motion.entitled:
        luck = world.rng.randint(0, 19)
        choice = "no" if luck < (9 if against else 1) else "abstain" if luck == 19 else "yes"
        world.do(committee.cast, f"member{seat}", motion, choice=choice)
    if not world.done["committee.close_ballot"]:
        world.refused("同一委员重复投票", committee.cast, f"member{motion.entitled[0]}", motion, choice="yes")
    world.do(committee.close_ballot, "chair", motion)


def confirm(world: World, cycle: Cycle, *, objection: bool) -> None:
    """J1–J2: publicity, an objection found true and the committee's cancellation, the rest confirmed."""
    world.pass_workdays(1)
    notice = world.do(commendation.publish, "office", cycle).value
    if objection and len(notice.items) > 2:
        code = min((i["code"] for i in notice.items), key=lambda c: (world.ability[c], c))
        details = {"name": "冯立", "contact": "1000000002", "entry": code, "content": papers.objection(world.rng)}
        row = world.do(publicity.lodge_objection, PUBLIC, notice, **details).value
        world.do(publicity.investigate, "office", row, findings="经调查，其主要业绩材料存在虚假数据。")
        world.do(publicity.answer, "office", row, upheld=True, text=papers.objection_answer(upheld=True))
    world.outlast(notice)
    world.do(publicity.close, "office", notice)
    if objection and len(notice.items) > 2:
        entry = Entry.objects.get(code=code)
        world.refused("异议属实未经省质评委取消即报批", commendation.confirm, "office", cycle)
        head = letter("河北省政府质量奖评审委员会", f"冀质评委〔{cycle.year}〕3号")
        world.do(commendation.cancel, "office", entry, report="经调查异议属实，提请取消其授奖建议名单资格。", letter=head)
        world.do(supervision.find_false, "office", entry, text="申报材料中主要业绩数据虚假")
        world.turns.append(f"授奖公示期间对 {code} 的异议经查属实，省质评委取消其资格，名额空缺不递补，五年内不受理其申报")
    world.do(commendation.confirm, "office", cycle)


def commend(world: World, cycle: Cycle) -> None:
    """J2–J3: approval, certificates, money."""
    world.pass_workdays(8)
    world.refused("未经省政府批准先行表彰", commendation.award, "office", cycle)
    world.do(commendation.approve, "office", cycle, letter=letter("河北省人民政府", f"冀政字〔{cycle.year}〕61号"))
    world.do(commendation.award, "office", cycle)
    world.pass_workdays(3)
    for entry in cycle.entries.filter(status=EntryStatus.AWARDED.value).order_by("code"):
        prize = world.pack.award(entry.award).prize.value
        world.do(commendation.pay, "office", entry, amount=prize, on=clock.today(), note="转账")


def follow_up(world: World, cycle: Cycle) -> Entry | None:
    """J4, J6, K3–K5: use reports, promotion, a change, revisits, misuse, and an award revoked two years on."""
    awards = [a.code for a in world.pack.awards if a.applicant == "organization"]
    winners = list(cycle.entries.filter(status=EntryStatus.AWARDED.value, award__in=awards).order_by("code"))
    if not winners:
        return None
    world.today(workday(date(cycle.year + 1, 5, 12)))
    for number, entry in enumerate(winners, 1):
        owner = world.owners[entry.code]
        used = world.pack.award(entry.award).prize.value * 2 // 5
        world.do(commendation.report_use, owner, entry, purpose="improvement", amount=used, text="用于关键工序质量攻关和检测能力提升。")
        world.do(commendation.promote, owner, entry, kind="visit", text="接待同行业观摩学习三批次。", on=clock.today() - timedelta(days=3))
        world.progress("获奖后管理", number, len(winners))
    first = winners[0]
    world.do(supervision.report_change, world.owners[first.code], first, kind="structure", text="新设质量与数字化中心，由总经理直接领导。")
    details = {"on": clock.today(), "departments": "市发展改革委、市工业和信息化局", "text": "经营正常，质量管理体系运行有效。"}
    world.do(supervision.revisit, first.recommender.code, first, advice="继续推广其现场改善做法。", **details)
    report = world.do(supervision.report_misuse, PUBLIC, first, content="产品外包装印有“省政府质量奖产品”字样").value
    world.do(supervision.handle_misuse, "office", report, outcome="已责令整改并收回包装，通报批评。")
    return _revoke(world, cycle, winners[-1])


def _revoke(world: World, cycle: Cycle, entry: Entry) -> Entry:
    world.today(workday(date(cycle.year + 2, 1, 12)))
    event = clock.today() - timedelta(days=40)
    department = world.cast.departments[-2]
    head = letter(department.name, f"冀应急函〔{cycle.year + 2}〕2号")
    row = world.do(supervision.verify_event, "office", entry, text="发生较大以上生产安全责任事故", event_on=event, letter=head).value
    world.refused("未经省质评委同意即取消奖励", supervision.revoke_event, "office", row)
    world.do(supervision.agree_revocation, "chair", row)
    world.do(supervision.revoke_event, "office", row)
    world.pass_workdays(10)
    world.do(supervision.recover, "office", entry, amount=world.pack.award(entry.award).prize.value, certificate=True)
    world.turns.append(f"{entry.code} 获奖后三年内发生重大事故，经核实并经省质评委同意取消奖励，证书收回、奖金追缴")
    return entry


def try_barred(world: World, cycle: Cycle, who: Applicant, owner: Acting, what: str) -> None:
    """Somebody who may not apply tries to, in a later cycle."""
    try:
        entry = open_draft(world, cycle, who, owner)
    except ActError as error:
        world.keep(what, error)
    else:
        world.refused(what, application.submit, owner, entry)
