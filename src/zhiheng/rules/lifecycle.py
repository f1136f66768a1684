"""Stages, roles and states as enums, and the transition tables between them (细则四; duties L1)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from zhiheng.rules.decision import Decision, Reason, decide, no, yes


class Stage(StrEnum):
    """The stages of a cycle, in the regulation's order; a pack names those it uses."""

    CALL = "call"
    APPLICATION = "application"
    RECOMMENDATION = "recommendation"
    QUALIFICATION = "qualification"
    MATERIAL_REVIEW = "material_review"
    SHORTLIST = "shortlist"
    SITE_VISIT = "site_visit"
    NOMINATION = "nomination"
    COMMITTEE = "committee"
    PUBLICITY = "publicity"
    COMMENDATION = "commendation"
    SUPERVISION = "supervision"


class Role(StrEnum):
    """Who acts. Outside parties' words are recorded by the office or a recommender, or given by themselves."""

    OFFICE = "office"  # 省质评办
    RECOMMENDER = "recommender"  # 各市市场监督管理部门
    DEPARTMENT = "department"  # 省有关部门
    AGENCY = "agency"  # 相关机构
    APPLICANT = "applicant"  # 申报组织、申报个人
    EXPERT = "expert"  # 评审专家
    CHAIR = "chair"  # 省质评委主任
    MEMBER = "member"  # 省质评委委员
    INSPECTOR = "inspector"  # 纪检监督
    ADMIN = "admin"  # 系统管理员
    PUBLIC = "public"  # 社会公众
    COORDINATION = "coordination"  # 省评比达标表彰工作协调小组办公室
    COMMENDATION_AUTHORITY = "commendation_authority"  # 省表彰奖励主管部门
    GOVERNMENT = "government"  # 省政府
    CITY_DEPARTMENT = "city_department"  # 市级同级有关部门
    CITY_COORDINATION = "city_coordination"  # 市质量强市战略议事协调机构


class EntryStatus(StrEnum):
    """Where one application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECOMMENDED = "recommended"
    NOT_RECOMMENDED = "not_recommended"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    REVIEWED = "reviewed"
    BELOW_MATERIAL = "below_material"
    SHORTLISTED = "shortlisted"
    NOT_SHORTLISTED = "not_shortlisted"
    VISITED = "visited"
    NOMINATED = "nominated"
    NOT_NOMINATED = "not_nominated"
    PROPOSED = "proposed"
    NOT_PROPOSED = "not_proposed"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    AWARDED = "awarded"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


S, E = Stage, EntryStatus

#: The status with which an entry leaves a stage to go on.
PASS: dict[Stage, EntryStatus] = {
    S.APPLICATION: E.SUBMITTED,
    S.RECOMMENDATION: E.RECOMMENDED,
    S.QUALIFICATION: E.ACCEPTED,
    S.MATERIAL_REVIEW: E.REVIEWED,
    S.SHORTLIST: E.SHORTLISTED,
    S.SITE_VISIT: E.VISITED,
    S.NOMINATION: E.NOMINATED,
    S.COMMITTEE: E.PROPOSED,
    S.PUBLICITY: E.CONFIRMED,
    S.COMMENDATION: E.AWARDED,
}
#: The status with which an entry ends at a stage.
FAIL: dict[Stage, EntryStatus] = {
    S.RECOMMENDATION: E.NOT_RECOMMENDED,
    S.QUALIFICATION: E.NOT_ACCEPTED,
    S.MATERIAL_REVIEW: E.BELOW_MATERIAL,
    S.SHORTLIST: E.NOT_SHORTLISTED,
    S.NOMINATION: E.NOT_NOMINATED,
    S.COMMITTEE: E.NOT_PROPOSED,
    S.PUBLICITY: E.CANCELLED,
    S.SUPERVISION: E.REVOKED,
}
#: Statuses from which the applicant may still withdraw (Q31: until nomination). Of who failed the material review only while the result is
#: sealed: whoever does not know yet must be able to do what those who passed can, or the attempt would tell.
WITHDRAWABLE = (E.DRAFT, E.SUBMITTED, E.RECOMMENDED, E.ACCEPTED, E.REVIEWED, E.BELOW_MATERIAL, E.SHORTLISTED, E.VISITED)
#: Statuses that were decided and are made public only by a later list: until then no reason given to an outsider may name them (T2).
SEALED = frozenset({E.REVIEWED, E.BELOW_MATERIAL, E.NOMINATED, E.NOT_NOMINATED, E.PROPOSED, E.NOT_PROPOSED})
#: Who learns the outcome from the lists alone.
OUTSIDE = frozenset({
    Role.APPLICANT, Role.RECOMMENDER, Role.DEPARTMENT, Role.EXPERT, Role.PUBLIC, Role.CITY_DEPARTMENT, Role.CITY_COORDINATION,
})  # fmt: skip
ENDED = frozenset({*FAIL.values(), E.WITHDRAWN})

STATUS_TITLES: dict[EntryStatus, str] = {
    E.DRAFT: "填报中",
    E.SUBMITTED: "已提交",
    E.RECOMMENDED: "已推荐",
    E.NOT_RECOMMENDED: "未予推荐",
    E.ACCEPTED: "已受理",
    E.NOT_ACCEPTED: "不予受理",
    E.REVIEWED: "材料评审达标",
    E.BELOW_MATERIAL: "材料评审未达标",
    E.SHORTLISTED: "进入现场评审",
    E.NOT_SHORTLISTED: "未进入现场评审",
    E.VISITED: "完成现场评审",
    E.NOMINATED: "列入授奖候选名单",
    E.NOT_NOMINATED: "未列入授奖候选名单",
    E.PROPOSED: "列入授奖建议名单",
    E.NOT_PROPOSED: "未列入授奖建议名单",
    E.CONFIRMED: "公示无异议",
    E.CANCELLED: "取消授奖建议资格",
    E.AWARDED: "获奖",
    E.REVOKED: "奖励已取消",
    E.WITHDRAWN: "已撤回申报",
}
STAGE_TITLES: dict[Stage, str] = {
    S.CALL: "通知公告",
    S.APPLICATION: "申报",
    S.RECOMMENDATION: "审核推荐",
    S.QUALIFICATION: "资格审查",
    S.MATERIAL_REVIEW: "材料评审",
    S.SHORTLIST: "入围公示",
    S.SITE_VISIT: "现场评审",
    S.NOMINATION: "综合提名",
    S.COMMITTEE: "省质评委审议",
    S.PUBLICITY: "授奖公示",
    S.COMMENDATION: "表彰奖励",
    S.SUPERVISION: "监督管理",
}


def next_stage(stages: Sequence[Stage], stage: Stage) -> Stage | None:
    """The stage after `stage` in the pack's own line, or None at its end."""
    index = list(stages).index(stage)
    return stages[index + 1] if index + 1 < len(stages) else None


def entering_status(stages: Sequence[Stage], stage: Stage) -> EntryStatus:
    """The status that an entry has when it enters `stage`: the pass status of the last earlier stage in the pack's line.

    Raises ValueError when no earlier stage of the line passes entries on.
    """
    for earlier in reversed(list(stages)[: list(stages).index(stage)]):
        if earlier in PASS:
            return PASS[earlier]
    raise ValueError(f"no stage before {stage} passes entries on")


def transition(stages: Sequence[Stage], was: EntryStatus, to: EntryStatus) -> Decision[EntryStatus]:
    """Whether an entry may go from `was` to `to` under the pack's line of stages (L1).

    An entry moves only from the entering status of a stage to that stage's pass or fail status; a draft is submitted or withdrawn;
    a submission may be returned to draft by its recommender; a confirmed winner may be cancelled before the award; an award may be
    revoked.
    """
    allowed = {(E.DRAFT, E.SUBMITTED), (E.SUBMITTED, E.DRAFT), (E.CONFIRMED, E.CANCELLED), (E.AWARDED, E.REVOKED)}
    allowed |= {(status, E.WITHDRAWN) for status in WITHDRAWABLE}
    for stage in stages:
        if stage in (S.CALL, S.APPLICATION, S.SUPERVISION):
            continue
        entering = entering_status(stages, stage)
        allowed |= {(entering, target[stage]) for target in (PASS, FAIL) if stage in target}
    if (was, to) in allowed:
        return yes(value=to)
    text = f"当前状态为“{STATUS_TITLES[was]}”，不能直接转为“{STATUS_TITLES[to]}”，请按评审程序逐步办理"
    return no(text, article="四", duty="L1", code="transition")


def may_leave(stage: Stage, unfinished: Sequence[Reason]) -> Decision[None]:
    """Whether a cycle may leave `stage`: nothing that the stage requires may be unfinished (L1).

    unfinished: what the stage still waits for, each with its article; empty when complete.
    """
    if not unfinished:
        return yes(f"“{STAGE_TITLES[stage]}”各项程序均已完成", duty="L1")
    return decide(unfinished)
