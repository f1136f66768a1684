"""Made-up content for the page of the design system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace as Made
from typing import Any

from django import forms
from django.core.paginator import Paginator

from zhiheng.faces.desk.acting import Desk, Hat
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import STAGE_TITLES, EntryStatus, Role, Stage

LONG = "河北滹沱河畔国家级经济技术开发区高端装备制造与新型显示材料产业技术研究院（石家庄）有限责任公司"
NAMES = ["弘麓", "朔墨", "承德澜岭", "钧舟", "禾岭", "昀序", "程同", "傅承", "韩清", "郝立"]


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
    code = forms.CharField(label="统一社会信用代码", max_length=18, min_length=18)
    kind = forms.ChoiceField(label="申报类别", choices=[("", "请选择"), ("a", "制造业"), ("b", "服务业"), ("c", "工程建设")])
    opinion = forms.ChoiceField(label="审核意见", choices=[("yes", "同意推荐"), ("no", "不同意推荐")], widget=forms.RadioSelect)
    materials = forms.MultipleChoiceField(
        label="已核对的材料",
        choices=[("a", "营业执照"), ("b", "法定代表人身份证明"), ("c", "近三年财务报表")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    on = forms.DateField(label="成文日期", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    text = forms.CharField(
        label="审核说明", widget=forms.Textarea(attrs={"rows": 4}), help_text="逐条说明依据，不少于 50 字", required=False
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


def _rows() -> list[Any]:
    return [
        Made(
            code=f"2026-O-{n + 1:04d}",
            name=LONG if n == 3 else f"河北{NAMES[n % len(NAMES)]}集团有限公司",
            city="石家庄市",
            status=status,
            score=f"{500 + n}.50",
        )
        for n, status in enumerate(EntryStatus)
    ]


def _steps(here: int, ended: int | None = None) -> list[Any]:
    words = {"done": "已完成", "current": "进行中", "ahead": "尚未开始", "ended": "未进入下一环节"}
    dates = ["1月8日起", "3月2日起", "4月29日起", "5月6日起", "5月13日起"]
    found = []
    for n, stage in enumerate(Stage):
        progress = "ended" if n == ended else "done" if n < here else "current" if n == here and ended is None else "ahead"
        found.append(
            Made(
                number=n + 1,
                title=STAGE_TITLES[stage],
                progress=progress,
                state=words[progress],
                dates=dates[n] if n < min(here + 1, 5) else "",
            )
        )
    return found


def _periods(now: datetime) -> list[Any]:
    day = timedelta(days=1)
    made: list[dict[str, Any]] = [
        {
            "title": "公示中",
            "days": 5,
            "left": 3,
            "left_text": "还剩 3 个工作日",
            "posted_at": now - 2 * day,
            "ends_on": (now + 4 * day).date(),
        },
        {"title": "公示中", "days": 5, "left": 1, "left_text": "今日24时截止", "posted_at": now - 6 * day, "ends_on": now.date()},
        {"title": "公示期满，待办结", "days": 5, "left": 0, "left_text": "", "posted_at": now - 9 * day, "ends_on": (now - day).date()},
        {
            "title": "公示已结束",
            "days": 10,
            "left": 0,
            "left_text": "",
            "posted_at": now - 40 * day,
            "ends_on": (now - 26 * day).date(),
            "closed_at": now - 25 * day,
        },
        {"title": "公告", "days": 0, "left": None, "left_text": "", "posted_at": now - 60 * day, "ends_on": None},
    ]
    return [Made(**({"closed_at": None} | one)) for one in made]


_ORGANIZATION = [
    {"value": 500, "label": "进入下一环节", "article": "四(四)3"},
    {"value": 550, "label": "列入授奖候选名单", "article": "四(六)3"},
]
_INDIVIDUAL = [
    {"value": 70, "label": "进入下一环节", "article": "四(四)3"},
    {"value": 85, "label": "列入授奖候选名单", "article": "四(六)3"},
]
_SCORES = [
    Made(label="最终得分", value=Fraction(61234, 100), top=1000, marks=_ORGANIZATION),
    Made(label="最终得分", value=Fraction(549998, 1000), top=1000, marks=_ORGANIZATION),
    Made(label="最终得分", value=Fraction(41275, 100), top=1000, marks=_ORGANIZATION),
    Made(label="个人最终得分", value=Fraction(256, 3), top=100, marks=_INDIVIDUAL),
]
_FILES = [
    Made(
        title="营业执照",
        name="营业执照副本.pdf",
        kind="pdf",
        size=824_331,
        sha256="3fa91c07" * 8,
        secret=False,
        url="#",
        note="2026年3月12日上传",
        removed="",
    ),
    Made(
        title="关键工艺参数控制规程",
        name=f"{LONG}关键工艺参数控制规程（2025年修订版）.docx",
        kind="docx",
        size=18_224_331,
        sha256="b01c55ee" * 8,
        secret=True,
        url="#",
        note="",
        removed="",
    ),
    Made(
        title="",
        name="车间现场照片.jpg",
        kind="jpg",
        size=3_224_331,
        sha256="77aa0c1d" * 8,
        secret=False,
        url="",
        note="",
        removed="已撤下",
    ),
]


def _history(now: datetime) -> list[Any]:
    day = timedelta(days=1)
    return [
        Made(at=now - 70 * day, what="提交申报", who=f"申报组织 · {LONG}", note="", article="四(二)", url="#", now=False),
        Made(
            at=now - 52 * day,
            what="签署推荐意见",
            who="推荐单位 · 石家庄市市场监督管理局",
            note="同意推荐",
            article="四(二)",
            url="#",
            now=False,
        ),
        Made(
            at=(now - 30 * day).date(),
            what="列入受理名单",
            who="省质评办",
            note="公示 5 个工作日，无异议",
            article="四(三)2",
            url="",
            now=False,
        ),
        Made(at=now, what="材料评审进行中", who="", note="", article="", url="", now=True),
    ]


def context() -> dict[str, Any]:
    """What the page shows."""
    now = clock.now()
    return {
        "desk_unread": 7,
        "long": LONG,
        "waiting": _waiting(now.date()),
        "why": [Reason(False, "还有 2 家单位没有反馈意见，收齐后方可办理", "四(二)", "D4")],
        "empty_form": Sample(auto_id="empty_%s"),
        "wrong_form": Sample({"name": "", "code": "91130100", "kind": "", "text": "情况属实"}, auto_id="wrong_%s"),
        "rows": _rows(),
        "page": Paginator(range(342), 50).page(3),
        "steps": _steps(4),
        "ended": _steps(4, ended=4),
        "periods": _periods(now),
        "scores": _SCORES,
        "files": _FILES,
        "history": _history(now),
        "consequences": [
            "评审周期进入“资格审查”阶段，推荐单位不再受理申报",
            Reason(True, "有 2 个申报项目逾期未推荐，将按未予推荐处理", "四(二)", warning=True),
            "记入评审日志，不可更改或删除",
        ],
        "tells": ["石家庄市市场监督管理局", "唐山市市场监督管理局", "申报组织 27 家"],
        "tabs": [
            {"title": "全部", "url": "#", "current": True, "count": 342},
            {"title": "组织奖", "url": "#", "current": False, "count": 241},
            {"title": "个人奖", "url": "#", "current": False, "count": 101},
        ],
        "tones": ["good", "busy", "warn", "stop", "award", "over"],
        "colours": ["ink", "quiet", "red", "blue", "green", "amber", "ochre", "edge", "rule", "line", "sunk", "ground"],
    }
