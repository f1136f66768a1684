"""Forms of panels and draws: groups, freeze, tickets, numbers, draw, answers, replacement, leader (F1, G1, K7; Q16–Q18, Q37)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, form_for
from zhiheng.faces.desk.forms.fields import SHORT, LinesField
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.papers.frame import industry_title
from zhiheng.process.roles import ROLES
from zhiheng.rules.compose import MOST_EXPERTS, panel_title, regrouped
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel import facts, selectors
from zhiheng.stages.panel.composing import groups
from zhiheng.stages.panel.models import Draw, Expert, Panel
from zhiheng.stages.panel.seeds import LEAST_DIGITS, MOST_DIGITS, by_fours, is_number, plain_number

UNSEEN = {"autocomplete": "off", "inputmode": "numeric"}


def last_draw(cycle: Cycle) -> Draw | None:
    """The draw of the round that runs."""
    return selectors.last_draw(cycle, selectors.round_of(cycle)[0])


@form_for("panel.regroup")
class Regroup(ActForm):
    """Entries moved to other panels, panels made larger or smaller."""

    lead = _("系统按奖项、类别和行业提出分组建议。可将申报调至同类别的其他专家组，或者调整专家人数，并写明理由；冻结后不得再调整。")
    drawn_by = "forms/regroup.html"
    reason = forms.CharField(label=_("调整理由"), widget=SHORT, max_length=2000)

    def build(self) -> None:
        """Each panel with its size, each entry with the panels of its kind."""
        name = selectors.round_of(self.subject)[0]
        rows = selectors.round_entries(self.subject, name)
        known = facts.entries(rows)
        self.names, self.known = {row.code: row.name for row in rows}, {one.code: one for one in known}
        self.groups = groups(self.subject, name, known)
        pack = rules_of(self.subject)
        self.titles = {group.code: panel_title(group, pack) for group in self.groups}
        params = pack.parameters
        self.load = params.site_panel_load.value if name == "site" else params.material_panel_load.value
        for number, group in enumerate(self.groups):
            same = [one.code for one in self.groups if (one.award, one.category) == (group.award, group.category)]
            others = [(code, self.titles[code]) for code in same if code != group.code]
            choices = [(group.code, _now("本组（不变）")), *others, ("new", _now("新设一组"))]
            label = _now("%(panel)s专家人数") % {"panel": self.titles[group.code]}
            self.fields[f"size-{number}"] = forms.IntegerField(label=label, min_value=1, max_value=MOST_EXPERTS, initial=group.size)
            for code in group.entries:
                label = f"{code} {self.names[code]}"
                self.fields[f"to-{code}"] = forms.ChoiceField(label=label, choices=choices, initial=group.code)
        self.order_fields([name for name in self.fields if name != "reason"])

    def tables(self) -> list[dict[str, Any]]:
        """Each panel with its field of size and its entries, each with the field that says where it goes."""
        return [
            {
                "title": self.titles[group.code],
                "size": self[f"size-{number}"],
                "load": self.load,
                "over": len(group.entries) > self.load,
                "rows": [self._row(code) for code in group.entries],
            }
            for number, group in enumerate(self.groups)
        ]

    def _row(self, code: str) -> dict[str, Any]:
        one = self.known[code]
        return {
            "code": code,
            "name": self.names[code],
            "industry": industry_title(one.industry),
            "city": one.city,
            "field": self[f"to-{code}"],
        }

    def details(self) -> dict[str, Any]:
        """What differs from how it is."""
        data = self.cleaned_data
        home = {code: group.code for group in self.groups for code in group.entries}
        moves = {code: data[f"to-{code}"] for code, panel in home.items() if data[f"to-{code}"] != panel}
        sizes = {g.code: data[f"size-{n}"] for n, g in enumerate(self.groups) if data[f"size-{n}"] != g.size}
        return {"moves": moves, "sizes": sizes, "reason": data["reason"]}

    def recap(self) -> list[tuple[str, str]]:
        """The changes alone, and how many entries and experts each panel then has."""
        details = self.details()
        titles = self.titles | {"new": _now("新设的组")}
        moved = [(f"{code} {self.names[code]}", _now("调至%(panel)s") % {"panel": titles[to]}) for code, to in details["moves"].items()]
        sized = [
            (self.titles[code], _now("专家由%(old)s名改为%(n)s名") % {"old": self._size(code), "n": n})
            for code, n in details["sizes"].items()
        ]
        return [
            *moved,
            *sized,
            (_now("调整后各组"), "\n".join(self._after(details))),
            (str(self.fields["reason"].label), details["reason"]),
        ]

    def _size(self, code: str) -> int:
        return next(group.size for group in self.groups if group.code == code)

    def _after(self, details: dict[str, Any]) -> Iterator[str]:
        found = regrouped(self.groups, details["moves"], details["sizes"], "", "").value
        for group in found[0] if found else ():
            counts = {"panel": panel_title(group, rules_of(self.subject)), "n": len(group.entries), "size": group.size}
            yield _now("%(panel)s：%(n)s项，专家%(size)s名") % counts


@form_for("panel.freeze")
class Freeze(ActForm):
    """The freeze."""

    lead = _("将本轮分组连同专家池、回避等排除及其理由一并冻结并公布摘要。系统随即形成抽签方案；公布方案后，各方提交承诺，再当场抽取。")
    cause = forms.CharField(label=_("重新冻结的事由"), widget=SHORT, max_length=2000)
    method = forms.ChoiceField(
        label=_("抽取方式"),
        choices=[("numbers", _("各方事先承诺、当场揭示随机数")), ("balls", _("当场摇取号码球"))],
        widget=forms.RadioSelect,
        initial="numbers",
    )
    public_source = forms.CharField(
        label=_("公开数来源"),
        max_length=200,
        required=False,
        help_text=_("选填。各方揭示后再加入一个事后公布、任何人可查的数，如某日福利彩票开奖号码；须在此预告名称和日期"),
    )
    representative = forms.ModelChoiceField(
        label=_("申报方代表"),
        queryset=Entry.objects.none(),
        required=False,
        empty_label=_("（不设）"),
        help_text=_("选填。该申报的经办人可作为一方提交承诺，并可查看大屏幕"),
    )
    max_load = forms.IntegerField(
        label=_("每名专家本轮至多参加的组数"), required=False, min_value=1, max_value=20, help_text=_("不填的，由系统按专家人数确定")
    )

    def build(self) -> None:
        """A cause is asked only where the round was frozen before."""
        rows = selectors.round_entries(self.subject, selectors.round_of(self.subject)[0])
        self.fields["representative"].queryset = Entry.objects.filter(pk__in=[row.pk for row in rows]).order_by("code")  # type: ignore[attr-defined]
        if last_draw(self.subject) is None:
            del self.fields["cause"]


@form_for("panel.publish_lottery")
class PublishLottery(ActForm):
    """The tickets made binding."""

    lead = _("公布后，各张签和每名专家的入选机会即固定，不得更改；各方据此提交承诺。")


@form_for("panel.commit_seed")
class CommitSeed(ActForm):
    """A party's commitment to a number."""

    lead = _(
        "请使用系统随机生成的数，或者改为自行选定的数（可掷骰子得出）。提交的只是它的摘要；揭示时须填写同一个数，请立即抄存或打印，并妥善保密。"
    )
    effects = (_("承诺提交后不得更改"), _("系统只保存摘要，不保存所选的数；遗失后无法揭示"))
    draft = False
    slip = "forms/slip.html"
    number = forms.CharField(label=_("所选的数"), max_length=100, widget=forms.TextInput(attrs={**UNSEEN, "class": "digits"}))

    def build(self) -> None:
        """A number to take or to change."""
        self.fields["number"].help_text = _("%(least)s至%(most)s位数字，首位不为0，可用空格分隔") % {
            "least": LEAST_DIGITS,
            "most": MOST_DIGITS,
        }
        self.fields["number"].initial = by_fours(str(10**23 + int(entropy.token(16), 16) % (9 * 10**23)))

    def clean_number(self) -> str:
        """Digits alone, enough of them."""
        number = plain_number(self.cleaned_data["number"])
        if not is_number(number):
            raise forms.ValidationError(_("请填写%(least)s至%(most)s位数字，首位不为0") % {"least": LEAST_DIGITS, "most": MOST_DIGITS})
        return number

    def details(self) -> dict[str, Any]:
        """The digest alone."""
        return {"commitment": digest(self.cleaned_data["number"].encode())}

    def recap(self) -> list[tuple[str, str]]:
        """All of it stands on the slip."""
        return []

    @property
    def number_shown(self) -> str:
        """The number as it is copied."""
        return by_fours(self.cleaned_data["number"])

    @property
    def round_title(self) -> str:
        """The round that is drawn for, and which draw of it."""
        draft = last_draw(self.subject)
        return f"{_now(draft.get_round_display())}（{_now('第%(n)s次冻结') % {'n': draft.version}}）" if draft else ""

    @property
    def role_title(self) -> str:
        """Who commits."""
        return _now(ROLES[self.acting.role])

    @property
    def now(self) -> Any:
        """When the slip was made."""
        return clock.now()


@form_for("panel.reveal_seed")
class RevealSeed(ActForm):
    """The number committed to, or what the balls show."""

    lead = _("请填写承诺时抄存的数。系统核对其摘要，与承诺一致的予以公开，不得更改。")
    draft = False
    number = forms.CharField(label=_("所选的数"), max_length=100, widget=forms.TextInput(attrs={**UNSEEN, "class": "digits"}))

    def build(self) -> None:
        """With balls, their digits."""
        draft = last_draw(self.subject)
        if draft and draft.method == "balls":
            self.lead = _("请由各方分别按摇出次序录入号码球的号码，两方一致方可抽取。")
            self.fields["number"].label = _("号码")

    def reasons_at(self) -> dict[str, str]:
        """A number that does not fit, at its field."""
        return {"number": "number"}


@form_for("panel.record_public_number")
class RecordPublicNumber(ActForm):
    """The public number announced with the freeze."""

    draft = False
    number = forms.CharField(label=_("公开数"), max_length=200, help_text=_("若干整数以空格隔开，次序不限；或者一个小数、一串字母和数字"))
    where = forms.CharField(label=_("出处"), max_length=300, help_text=_("任何人可以查到该数的地方"))

    def build(self) -> None:
        """Which number it is to be."""
        draft = last_draw(self.subject)
        self.lead = _now("冻结时预告的公开数：%(source)s。") % {"source": draft.public_source if draft else ""}

    def reasons_at(self) -> dict[str, str]:
        """Faults at their fields."""
        return {"number": "number", "where": "where"}


@form_for("panel.consent_again")
class ConsentAgain(ActForm):
    """The inspector's consent to another attempt."""

    lead = _("种子已经揭示或者专家已经抽取的，重新冻结、作废承诺须经监督人员同意。同意一次有效，原记录全部保留并写入抽取记录。")
    reason = forms.CharField(label=_("同意的理由"), widget=SHORT, max_length=2000)


@form_for("panel.discard_seeds")
class DiscardSeeds(ActForm):
    """The commitments given up because one party withholds its number."""

    lead = _("承诺方不揭示的，作废本次各方承诺：冻结名单和各张签不变，其他各方重新承诺，未揭示的一方不得再作承诺。")
    cause = forms.CharField(label=_("事由"), widget=SHORT, max_length=2000)


@form_for("panel.draw")
class DrawForm(ActForm):
    """The draw."""

    lead = _("各方的数均已揭示。抽取后，签号由这些数算出，各组专家和组长随即产生，任何人可以复算。")
    effects = (_("当场产生各评审专家组，并通知受聘专家"), _("抽取记录存入卷宗，任何人可以重演"))
    draft = False
    present = LinesField(label=_("在场人员"), widget=SHORT, help_text=_("每行一人：姓名，单位和职务。写入抽取记录"))

    def build(self) -> None:
        """The parties are there."""
        draft = last_draw(self.subject)
        self.fields["present"].initial = "\n".join(f"{ROLES[Role(role)]}：" for role in sorted(draft.seeds)) if draft else ""


class PanelEntry(forms.ModelChoiceField):
    """An entry before the panel, by number and name."""

    def label_from_instance(self, obj: Entry) -> str:
        """As everybody knows it."""
        return f"{obj.code} {obj.name}"


@form_for("panel.answer")
class Answer(ActForm):
    """An expert's answer to the invitation."""

    lead = _(
        "请查看本组评审的申报。与其中任何一个有利害关系的，请选择回避并指明该申报；不能参加的，请谢绝。谢绝或回避的，随即抽取递补的专家。"
    )
    draft = False
    answer = forms.ChoiceField(
        label=_("答复"),
        choices=[("accepted", _("接受邀请，承诺公正评审并保守秘密")), ("declined", _("谢绝")), ("recused", _("申请回避"))],
        widget=forms.RadioSelect,
    )
    entry = PanelEntry(
        label=_("需要回避的申报"), queryset=Entry.objects.none(), required=False, empty_label=_("（无）"), help_text=_("选择回避的必填")
    )
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000, required=False, help_text=_("谢绝或者回避的必填"))

    def build(self) -> None:
        """The panel's entries."""
        self.fields["entry"].queryset = self.subject.panel.entries.order_by("code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whoever does not come says why, whoever stands aside for which entry: asked before the answer counts, which is not foretold."""
        data = super().clean() or self.cleaned_data
        if data.get("answer") in ("declined", "recused") and not data.get("reason", "").strip():
            self.add_error("reason", _("谢绝或者回避的，请写明理由"))
        if data.get("answer") == "recused" and not data.get("entry"):
            self.add_error("entry", _("请选择需要回避的申报"))
        return data

    def reasons_at(self) -> dict[str, str]:
        """Faults at their fields."""
        return {"answer": "answer", "reason": "reason", "entry": "entry"}


class SeatedExpert(forms.ModelChoiceField):
    """An expert of the panel, by code."""

    def label_from_instance(self, obj: Expert) -> str:
        """Code, and whether qualified to lead."""
        return f"{obj.code}{_now('（可任组长）') if obj.leader else ''}"


def seated_experts(panel: Panel) -> Any:
    """The experts who sit on the panel now."""
    return Expert.objects.filter(seats__panel=panel, seats__vacated_at=None).order_by("code")


@form_for("panel.replace")
class Replace(ActForm):
    """A seat vacated."""

    lead = _("退出的席位在可以递补的专家中抽取，所用种子出自冻结时公布的种子链，递补人选不由人指定。")
    effects = (_("退出专家已提交的评分表在作废前有效"),)
    out = SeatedExpert(label=_("退出专家"), queryset=Expert.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("事由"), widget=SHORT, max_length=2000)

    def build(self) -> None:
        """Who sits on the panel."""
        self.fields["out"].queryset = seated_experts(self.subject)  # type: ignore[attr-defined]


@form_for("panel.name_leader")
class NameLeader(ActForm):
    """The leader named."""

    lead = _("在本组具备组长资格的专家中确定组长。")
    expert = SeatedExpert(label=_("组长"), queryset=Expert.objects.none(), empty_label=None)

    def build(self) -> None:
        """Those qualified."""
        self.fields["expert"].queryset = seated_experts(self.subject).filter(leader=True)  # type: ignore[attr-defined]
