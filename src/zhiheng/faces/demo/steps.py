"""The tour: the twelve stages of a cycle, who acts at each, and where to look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application.models import Entry

Place = Callable[[Cycle], str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its stage, the role to take, what that role does, what to notice, and the page to begin on."""

    stage: Stage
    role: Role
    does: str | Promise
    notice: str | Promise
    place: Place


def _home(_cycle: Cycle) -> str:
    return reverse("desk:home")


def _cycle(cycle: Cycle) -> str:
    return reverse("office:cycle", args=[cycle.code])


def _public(cycle: Cycle) -> str:
    return reverse("public:cycle", args=[cycle.code])


def _entry(*statuses: EntryStatus) -> Place:
    def place(cycle: Cycle) -> str:
        rows = Entry.objects.filter(cycle=cycle)
        found = rows.filter(status__in=[s.value for s in statuses]).order_by("code").first() if statuses else rows.order_by("code").first()
        return reverse("desk:entry", args=[found.code]) if found else reverse("desk:entries")

    return place


STEPS: tuple[Step, ...] = (
    Step(
        Stage.CALL, Role.OFFICE, _("省质评办拟订评选方案，经审核同意后印发申报通知。"),
        _("规则包自印发之日锁定；每个按钮旁都注明所依据的条款，暂不能办理的说明原因。"), _cycle,
    ),
    Step(
        Stage.APPLICATION, Role.APPLICANT, _("申报组织（个人）填报申报表、上传证实性材料、作内部公示、签署承诺并提交。"),
        _("填写内容自动保存；提交前列出尚缺的事项；商业秘密逐件标注。"), _home,
    ),
    Step(
        Stage.RECOMMENDATION, Role.RECOMMENDER, _("各市审核四个方面、征求同级部门意见、公示、签署意见、征得同意后推荐。"),
        _("公示期按工作日计算，不能提前结束；正式异议未办结的，公示不能结束。"), _home,
    ),
    Step(
        Stage.QUALIFICATION, Role.AGENCY, _("受托机构从五个方面审查，省有关部门提出意见，受理名单公示。"),
        _("条件、名录和限制申报情形由系统按规则再次复核，结论逐项说明理由。"), _entry(),
    ),
    Step(
        Stage.MATERIAL_REVIEW, Role.EXPERT, _("专家对照官方评价标准独立评分，分歧较大的合议，形成评审报告。"),
        _("评分页左右对照申报材料与评分指南原文；提交后锁定，互不可见。"), _home,
    ),
    Step(
        Stage.SHORTLIST, Role.CHAIR, _("征求表彰奖励主管部门意见，主任审批，入围名单公示，同步开展公众满意度测评。"),
        _("入围名单按名称排列，不公布得分。"), _cycle,
    ),
    Step(
        Stage.SITE_VISIT, Role.INSPECTOR, _("再次抽取专家组成现场评审组，按规定步骤现场评审并合议评分。"),
        _("抽取先冻结、后承诺、再揭示，任何人可以重演；纪检监督可查看全部抽取记录。"), _cycle,
    ),
    Step(
        Stage.NOMINATION, Role.OFFICE, _("核实加分事由，汇总最终得分，确定授奖候选名单。"),
        _("得分全程精确计算，判定前不作舍入；末位并列须写明裁定理由。"), _cycle,
    ),
    Step(
        Stage.COMMITTEE, Role.MEMBER, _("主任召集全体会议，达到法定人数后逐一无记名投票。"),
        _("委员可用本人手机投票，也可凭一次性代码在共享平板上投票；表决结束前，大屏幕不显示票数。"), _home,
    ),
    Step(
        Stage.PUBLICITY, Role.PUBLIC, _("授奖建议名单公示，社会公众可以实名提出异议，并凭编号查询答复。"),
        _("公告附日志摘要，此前的记录不能再被改动而不被发现。"), _public,
    ),
    Step(
        Stage.COMMENDATION, Role.APPLICANT, _("省政府批准后表彰，颁发证书，发放奖金，公布评审反馈报告。"),
        _("证书可凭编号或二维码查验；申报人只能看到本单位（本人）的反馈报告。"), _entry(EntryStatus.AWARDED),
    ),
    Step(
        Stage.SUPERVISION, Role.RECOMMENDER, _("报告奖金使用和重大变更，回访获奖组织，处理违规使用和取消奖励。"),
        _("最后由纪检监督在浏览器中核验日志，并导出卷宗，交任何人独立复核。"), _home,
    ),
)  # fmt: skip
