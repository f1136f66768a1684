"""Which role reads which part of an entry (T1, T2): one table, asked by the parts and shown on the entry's page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role


class Part(StrEnum):
    """A part of an entry's file."""

    FORM = "form"
    DOCUMENTS = "documents"
    RECOMMENDATION = "recommendation"
    OPINIONS = "opinions"
    QUALIFICATION = "qualification"
    NOTICES = "notices"
    OBJECTIONS = "objections"
    SHEETS = "sheets"
    RESULTS = "results"
    FEEDBACK = "feedback"
    VISIT = "visit"
    BALLOTS = "ballots"
    HONOURS = "honours"
    SUPERVISION = "supervision"
    CONFLICTS = "conflicts"
    HISTORY = "history"


R = Role
OVERSIGHT = frozenset({R.OFFICE, R.INSPECTOR})
STAFF = OVERSIGHT | {R.AGENCY}
CITY = frozenset({R.RECOMMENDER, R.CITY_DEPARTMENT, R.CITY_COORDINATION})
COMMITTEE = frozenset({R.CHAIR, R.MEMBER})
EVERYBODY = STAFF | CITY | COMMITTEE | {R.APPLICANT, R.EXPERT}

#: Part → who reads it, and what narrows it further (Chinese; what `reach` and the part itself do besides).
AUDIENCE: dict[Part, tuple[frozenset[Role], str]] = {
    Part.FORM: (EVERYBODY, "提交前仅申报人本人"),
    Part.DOCUMENTS: (STAFF | {R.APPLICANT, R.RECOMMENDER, R.EXPERT}, "评审专家限本轮评审期间；查阅逐次登记"),
    Part.RECOMMENDATION: (EVERYBODY, "申报人在办结后查阅"),
    Part.OPINIONS: (STAFF | CITY, ""),
    Part.QUALIFICATION: (STAFF | {R.APPLICANT, R.RECOMMENDER}, "申报人、推荐单位在反馈后查阅"),
    Part.NOTICES: (EVERYBODY, "已向社会公布"),
    Part.OBJECTIONS: (OVERSIGHT | {R.RECOMMENDER}, "推荐单位限本单位发布的公示"),
    Part.SHEETS: (STAFF | {R.EXPERT}, "评审专家提交本人评分表后方可查阅同组评分表"),
    Part.RESULTS: (STAFF | COMMITTEE, "委员仅查阅候选名单的最终得分"),
    Part.FEEDBACK: (frozenset({R.APPLICANT}), "表彰决定作出并公布反馈报告之后"),
    Part.VISIT: (STAFF | {R.EXPERT, R.APPLICANT, R.RECOMMENDER}, "申报人、推荐单位仅查阅日期"),
    Part.BALLOTS: (OVERSIGHT | COMMITTEE, "表决结束后的计票结果；任何人不能查阅他人投票"),
    Part.HONOURS: (EVERYBODY, "奖金收支仅申报人、省质评办、纪检监督"),
    Part.SUPERVISION: (OVERSIGHT | {R.APPLICANT, R.RECOMMENDER}, "反映人信息仅省质评办、纪检监督"),
    Part.CONFLICTS: (STAFF | COMMITTEE | {R.EXPERT}, "评审专家、委员限本人"),
    Part.HISTORY: (EVERYBODY, "省质评办、纪检监督可查阅全部记录，其他人限本人办理和依规告知的事项"),
}
#: In what order the roles are named.
ORDER = (
    R.APPLICANT, R.RECOMMENDER, R.CITY_DEPARTMENT, R.CITY_COORDINATION, R.OFFICE, R.AGENCY, R.EXPERT, R.CHAIR, R.MEMBER, R.INSPECTOR,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readers:
    """One line of the table: a part, the roles that read it, whether the one who asks is among them, and what narrows it."""

    part: Part
    roles: tuple[str, ...]
    mine: bool
    limit: str


def admits(part: Part, role: Role) -> bool:
    """Whether a role reads a part at all."""
    return role in AUDIENCE[part][0]


def table(role: Role) -> list[Readers]:
    """Who reads which part, for a page that tells `role`."""
    return [
        Readers(part, tuple(ROLES[one] for one in ORDER if one in roles), role in roles, limit) for part, (roles, limit) in AUDIENCE.items()
    ]
