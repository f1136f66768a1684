"""Made-up content for the page of the design system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace as Made
from typing import Any

from django import forms
from django.core.paginator import Paginator

from zhiheng.faces.desk.acting import Desk, Hat
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import EntryStatus, Role

LONG = "河北滹沱河畔国家级经济技术开发区高端装备制造与新型显示材料产业技术研究院（石家庄）有限责任公司"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of a due list, as process.agenda gives it."""

    title: str
    what: str
    until: date | None
    overdue: bool
    article: str
    blocked: str = ""
    url: str = "#"


_PERSON = Person(code="P-0001", name="王敏")
_OFFICE = Unit(code="OFFICE", name="河北省政府质量奖评审委员会办公室")
_CITY = Unit(code="130100", name="石家庄市市场监督管理局")
_HATS = (Hat(1, Role.OFFICE, _OFFICE, ""), Hat(2, Role.RECOMMENDER, _CITY, ""), Hat(3, Role.MEMBER, None, "2026"))
DESK = Desk(Acting(Role.OFFICE, _PERSON, _OFFICE), _HATS[0], _HATS)


class Sample(forms.Form):
    """Every widget that the acts use."""

    name = forms.CharField(label="单位名称", help_text="与营业执照登记的名称一致", max_length=120)
    code = forms.CharField(label="统一社会信用代码", max_length=18)
    kind = forms.ChoiceField(label="申报类别", choices=[("", "请选择"), ("a", "制造业"), ("b", "服务业"), ("c", "工程建设")])
    opinion = forms.ChoiceField(label="审核意见", choices=[("yes", "同意推荐"), ("no", "不同意推荐")], widget=forms.RadioSelect)
    materials = forms.MultipleChoiceField(
        label="已核对的材料",
        choices=[("a", "营业执照"), ("b", "法定代表人身份证明"), ("c", "近三年财务报表")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(
        label="审核说明", widget=forms.Textarea(attrs={"rows": 4}), help_text="不少于 50 字，逐条说明依据", required=False
    )
    scan = forms.FileField(label="来文扫描件", help_text="PDF 或图片，不超过 20 MB", required=False)
    promise = forms.BooleanField(label="本单位承诺所填内容完整、真实、准确，并承担相应责任")


def _waiting(today: date) -> list[Waiting]:
    return [
        Waiting("审核申报材料并签署推荐意见", LONG, today - timedelta(days=4), True, "四(二)"),
        Waiting("答复异议", "异议 2026-Y-0003（关于受理名单）", today, False, "四(八)2"),
        Waiting("征求同级部门意见", "河北弘麓纺织股份有限公司", today + timedelta(days=2), False, "四(二)"),
        Waiting("公示拟推荐名单", "2026年度 · 石家庄市", today + timedelta(days=21), False, "四(二)"),
        Waiting("提交材料评审报告", "第二评审组（制造业）", None, False, "四(四)2", "还有 3 名专家没有提交评分表"),
    ]


def context() -> dict[str, Any]:
    """What the page shows."""
    today = clock.today()
    statuses = [
        Made(code=f"2026-O-{n:04d}", name=LONG if n == 3 else f"河北{a}集团有限公司", status=s, score="5" + f"{n:02d}.5")
        for n, (s, a) in enumerate(zip(EntryStatus, "弘麓朔墨承德澜岭钧舟禾岭昀序程同傅承韩清郝立", strict=False))
    ]
    return {
        "waiting": _waiting(today),
        "why": [Reason(False, "还有 2 家单位没有反馈意见，收齐后方可办理", "四(二)", "D4")],
        "empty_form": Sample(),
        "wrong_form": Sample({"name": "", "code": "91130100", "kind": "", "text": "情况属实"}),
        "rows": statuses,
        "page": Paginator(range(342), 50).page(3),
        "long": LONG,
    }
