"""What an act is called for who does not speak, but records the word of an outside party by its letter (L1)."""

from __future__ import annotations

from zhiheng.rules.lifecycle import Role

R = Role
#: Act → who speaks, and its title for everybody else who may do it.
RECORDED: dict[str, tuple[Role, str]] = {
    "call.approve_plan": (R.COORDINATION, "登记对评选方案的审核意见（来文）"),
    "recommendation.city_opinion": (R.CITY_DEPARTMENT, "登记同级有关部门意见（来文）"),
    "recommendation.consent": (R.CITY_COORDINATION, "登记市级协调机构同意推荐（来文）"),
    "qualification.consult": (R.DEPARTMENT, "登记省有关部门意见（来文）"),
    "shortlist.authority_opinion": (R.COMMENDATION_AUTHORITY, "登记省表彰奖励主管部门意见（来文）"),
    "shortlist.approve": (R.CHAIR, "登记主任审批（批示）"),
    "commendation.cancel": (R.CHAIR, "提请并登记取消授奖建议名单资格（来文）"),
    "commendation.approve": (R.GOVERNMENT, "登记省政府批准（来文）"),
    "supervision.agree_revocation": (R.CHAIR, "登记省质评委同意取消奖励（来文）"),
}


def by_letter(act: str, role: Role) -> str:
    """The act's title for a role that records another's word; empty where the role speaks for itself."""
    speaker, title = RECORDED.get(act, (role, ""))
    return "" if speaker == role else title
