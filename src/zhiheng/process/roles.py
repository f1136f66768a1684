"""Roles by their Chinese titles."""

from __future__ import annotations

from zhiheng.rules.lifecycle import Role

ROLES: dict[Role, str] = {
    Role.OFFICE: "省质评办",
    Role.RECOMMENDER: "推荐单位",
    Role.DEPARTMENT: "省有关部门",
    Role.AGENCY: "相关机构",
    Role.APPLICANT: "申报人",
    Role.EXPERT: "评审专家",
    Role.CHAIR: "省质评委主任",
    Role.MEMBER: "省质评委委员",
    Role.INSPECTOR: "纪检监督",
    Role.ADMIN: "系统管理员",
    Role.PUBLIC: "社会公众",
    Role.COORDINATION: "省协调小组办公室",
    Role.COMMENDATION_AUTHORITY: "省表彰奖励主管部门",
    Role.GOVERNMENT: "省政府",
    Role.CITY_DEPARTMENT: "市级有关部门",
    Role.CITY_COORDINATION: "市级协调机构",
}
