"""Every kind of document of a cycle: what it holds, from which stage on it exists, and which roles may have it (L4, T2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.papers import draws, lists, minutes, notices, scores
from zhiheng.process.papers.frame import File, Frame
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.call.models import Plan
from zhiheng.stages.commendation.models import Certificate
from zhiheng.stages.nomination.models import CandidateList, Final
from zhiheng.stages.qualification.models import Qualification
from zhiheng.stages.review.models import Result
from zhiheng.stages.sitevisit.models import Papers

STAFF = frozenset({Role.OFFICE, Role.INSPECTOR})
REVIEWERS = STAFF | {Role.AGENCY}
DECIDERS = STAFF | {Role.CHAIR}
#: Who has the documents of what was published anyway.
EVERYONE = REVIEWERS | DECIDERS | {Role.RECOMMENDER}


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of document. stage: where it comes into being; holds: what is in it; sealed: it has scores or experts, and whoever judges
    or is recused in the cycle does not get it (K7); exists: whether there is one, without making it; maker: makes it, or nothing."""

    code: str
    title: str
    stage: Stage
    holds: str
    roles: frozenset[Role]
    sealed: bool
    exists: Callable[[Cycle], bool]
    maker: Callable[[Frame], list[File]]


def _listed(cycle: Cycle) -> bool:
    return CandidateList.objects.filter(cycle=cycle).exists()


PAPERS: tuple[Paper, ...] = (
    Paper(
        "call", "申报通知", Stage.CALL, "印发给各推荐单位的申报通知（Word）", EVERYONE, False,
        lambda cycle: Plan.objects.filter(cycle=cycle, issued_at__isnull=False).exists(), notices.call_notice,
    ),
    Paper(
        "notices", "公告和公示", Stage.CALL, "已发布的各项公告、公示全文及所附名单（Word，每件一份）", EVERYONE, False,
        lambda cycle: cycle.notices.exists(), notices.notices,
    ),
    Paper(
        "accepted", "受理名单", Stage.QUALIFICATION, "按奖项列出的受理名单（Word、Excel）", EVERYONE, False,
        lambda cycle: Qualification.objects.filter(entry__cycle=cycle).exists(), lists.accepted,
    ),
    Paper(
        "draws", "专家抽取记录", Stage.MATERIAL_REVIEW, "两轮评审专家的抽取过程、各组专家及替补情况（Word）", REVIEWERS, True,
        lambda cycle: cycle.draws.filter(drawn_at__isnull=False).exists(), draws.minutes,
    ),
    Paper(
        "material", "材料评审得分排序表", Stage.MATERIAL_REVIEW, "材料评审得分、精确值和是否达标（Excel，内部材料）", REVIEWERS, True,
        lambda cycle: Result.objects.filter(entry__cycle=cycle, round="material").exists(), scores.material,
    ),
    Paper(
        "records", "现场评审记录", Stage.SITE_VISIT, "评审记录表、得分排序表、专家评价表、现场评审意见（Excel，内部材料）", REVIEWERS, True,
        lambda cycle: Papers.objects.filter(cycle=cycle).exists(), scores.records,
    ),
    Paper(
        "ranking", "评审得分排序表", Stage.NOMINATION, "最终得分的构成、名次和理由（Excel，内部材料）", DECIDERS, True,
        lambda cycle: Final.objects.filter(entry__cycle=cycle).exists() and _listed(cycle), scores.ranking,
    ),
    Paper(
        "candidates", "授奖候选名单", Stage.NOMINATION, "提请省质评委审议的候选名单及最终得分（Word、Excel）", DECIDERS, True,
        _listed, lists.candidates,
    ),
    Paper(
        "minutes", "全体委员会议纪要", Stage.COMMITTEE, "出席情况、逐项表决结果和决议；未达法定人数的会议记录（Word）", DECIDERS, True,
        lambda cycle: cycle.meetings.exclude(status="open").exists(), minutes.minutes,
    ),
    Paper(
        "commended", "获奖名单", Stage.COMMENDATION, "获奖组织和个人、证书编号和奖金标准（Word、Excel）", EVERYONE, False,
        lambda cycle: Certificate.objects.filter(cycle=cycle).exists(), lists.commended,
    ),
    Paper(
        "ledger", "奖金台账", Stage.COMMENDATION, "应发、已发、追缴奖金及收支明细（Excel，内部材料）", STAFF, False,
        lambda cycle: Certificate.objects.filter(cycle=cycle).exists(), lists.ledger,
    ),
)  # fmt: skip


def papers_for(role: Role) -> list[Paper]:
    """The kinds of documents that the role may have."""
    return [paper for paper in PAPERS if role in paper.roles]


def paper(code: str) -> Paper | None:
    """The kind with this code."""
    return next((one for one in PAPERS if one.code == code), None)
