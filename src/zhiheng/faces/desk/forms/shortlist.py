"""Forms of shortlist and survey (F4–F6; Q24)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import SHORT
from zhiheng.faces.desk.forms.letters import LETTER, LetterForm
from zhiheng.faces.desk.forms.qualification import concern_fields, noted
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.shortlist.selectors import incoming


@form_for("shortlist.authority_opinion")
class AuthorityOpinion(LetterForm):
    """The commendation authority's opinion on the list."""

    lead = _("登记省表彰奖励主管部门对入围建议名单的意见。没有不同意见的，各项留空。")
    speakers = frozenset({Role.COMMENDATION_AUTHORITY})

    def build(self) -> None:
        """One note an entry, the letter last."""
        letter = {name: self.fields.pop(name) for name in LETTER}
        concern_fields(self, list(incoming(self.subject)), "对 %(entry)s 的不同意见", "against_")
        if not self.speaks_itself:
            self.fields.update(letter)

    def details(self) -> dict[str, Any]:
        """Objections by entry, and the letter."""
        return {"against": noted(self, "against_"), "letter": self.letter()}


@form_for("shortlist.approve")
class Approve(LetterForm):
    """The chair's approval."""

    lead = _("呈报省质评委主任审批入围名单。主任本人办理的，无须来文。")
    speakers = frozenset({Role.CHAIR})


@form_for("shortlist.publish")
class Publish(Plain):
    """The shortlist goes public."""

    lead = _("经主任审批的入围名单及主要业绩（事迹）向社会公示不少于 5 个工作日。")
    effects = (_("公众网站发布入围公示"), _("公示期间受理异议"))


@form_for("shortlist.settle")
class Settle(Plain):
    """Who is visited."""

    lead = _("公示期满且异议办结后，根据公示情况确定进入现场评审的名单。")
    effects = (_("异议属实、不再符合条件的不进入现场评审，并告知申报人"),)


@form_for("shortlist.notify")
class Notify(Plain):
    """Notification."""

    lead = _("书面通知进入现场评审的申报组织和个人，同时告知推荐单位。")


@form_for("survey.open")
class OpenSurvey(Plain):
    """The survey begins."""

    lead = _("对公示的申报个人启动公众满意度测评，与入围公示同时截止。")
    effects = (_("公众网站开放测评，每个身份对每名申报人限评一次"),)


@form_for("survey.close")
class CloseSurvey(Plain):
    """The survey ends."""

    lead = _("测评截止后统计结果。有效样本不足的，另行研究处理。")


@form_for("survey.decide_few")
class DecideFew(ActForm):
    """Too few answers."""

    lead = _("有效样本不足的，由省质评办研究确定得分并写明理由。")
    points = forms.CharField(label=_("确定的得分"), max_length=8, help_text=_("0 至满分之间，可带小数"))
    reason = forms.CharField(label=_("处理理由"), widget=SHORT, max_length=2000)
