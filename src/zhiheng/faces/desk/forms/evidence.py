"""Forms of evidence, trade secrets and grounds for the bonus (D1, D2, H1, H2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.application import EvidenceField
from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import DayField, UploadField
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files.models import StoredFile
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.selectors import live_evidence


def provable(entry: Entry) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a piece of evidence may prove: conditions, clauses of the criteria, grounds for the bonus, the internal publicity."""
    pack = rules_of(entry.cycle)
    award, scheme = pack.award(entry.award), pack.scheme(entry.award, entry.category)
    fitting = [c for c in award.conditions if not c.applies_to or entry.category in c.applies_to]
    return [
        (str(_("内部公示")), [("internal:", str(_("内部公示情况")))]),
        (str(_("申报条件")), [(f"condition:{c.code}", _short(c.text)) for c in fitting]),
        (str(_("评价标准")), [(f"clause:{i.code}", f"{i.code} {i.title}") for i in scheme.items]),
        (str(_("加分事由")), [(f"bonus:{k.code}", k.title) for k in award.bonus.kinds]),
    ]


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


@form_for("application.attach")
class Attach(ActForm):
    """A piece of evidence."""

    lead = _("上传证实性材料，注明证明事项。涉及商业秘密的逐件标注，仅供评审人员查阅，查阅留痕。")
    confirm = False
    again = _("继续上传")
    file = UploadField(label=_("文件"), help_text=_("PDF、Word、Excel、图片，单个文件不超过 100 MB"))
    title = forms.CharField(label=_("材料名称"), max_length=120)
    proves = forms.ChoiceField(label=_("证明事项"))
    secret = forms.BooleanField(label=_("涉及商业秘密"), required=False)

    def build(self) -> None:
        """What the entry has to prove."""
        self.fields["proves"].choices = provable(self.subject)  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """The file as the act takes it: by its stream, examined once more."""
        data: dict[str, Any] = dict(self.cleaned_data)
        stored: StoredFile = data.pop("file")
        return {**data, "name": stored.name, "stream": stored.content.open("rb")}


@form_for("application.detach")
class Detach(Plain):
    """Evidence taken out."""

    lead = _("撤下后，以该材料为依据的加分申请一并撤销，责任承诺须重新签署。")


@form_for("application.mark_secret")
class MarkSecret(ActForm):
    """The mark of a trade secret."""

    lead = _("标注或取消标注商业秘密。")
    confirm = False
    secret = forms.BooleanField(label=_("涉及商业秘密"), required=False)

    @classmethod
    def start(cls, acting: Any, subject: Any) -> dict[str, Any]:
        """As marked."""
        return {"secret": subject.secret}


@form_for("application.claim_bonus")
class ClaimBonus(ActForm):
    """A ground for the bonus."""

    lead = _("符合规定情形之一的，可申请加分，由工作人员依据证明材料核实。")
    confirm = False
    kind = forms.ChoiceField(label=_("加分事由"))
    granted_on = DayField(label=_("获得日期"), required=False)
    valid_until = DayField(label=_("有效期至"), required=False)
    evidence = EvidenceField(label=_("证明材料"), queryset=None, help_text=_("请先上传“加分事由”的证明材料，再在此选择"))

    def build(self) -> None:
        """The award's grounds, the entry's evidence."""
        award = rules_of(self.subject.cycle).award(self.subject.award)
        self.fields["kind"].choices = [(k.code, k.title) for k in award.bonus.kinds]  # type: ignore[attr-defined]
        self.fields["evidence"].queryset = live_evidence(self.subject)  # type: ignore[attr-defined]
