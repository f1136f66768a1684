"""Fields that acts need beside Django's own: days, files that survive a refused form, lists typed line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhiheng.foundation.files.limits import Limits
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.files.services import store

LONG = forms.Textarea(attrs={"rows": 6})
SHORT = forms.Textarea(attrs={"rows": 3})


class DayInput(forms.DateInput):
    """A date as browsers pick it; typed by hand it is 2026-03-02."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day: 2026-03-02, also 2026/3/2 and 2026年3月2日, as people write it."""

    widget = DayInput
    default_error_messages = {"invalid": _("不是有效日期，请按“2026-03-02”的格式填写")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"], **kwargs)


class MomentInput(forms.DateTimeInput):
    """A day with hour and minute as browsers pick it."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment in Beijing time."""

    widget = MomentInput
    default_error_messages = {"invalid": _("不是有效时间，请按“2026-03-02 18:00”的格式填写")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"], **kwargs)


class LinesField(forms.CharField):
    """Several short texts, one a line; empty lines count for nothing. Cleans to what `line` makes of each."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[Any]:
        """What stands on the lines."""
        return self.lines([line.strip() for line in str(super().clean(value)).splitlines() if line.strip()])

    def lines(self, typed: list[str]) -> list[Any]:
        """The lines as values; here as they were typed."""
        return typed


class DaysField(LinesField):
    """Several days, one a line."""

    def lines(self, typed: list[str]) -> list[Any]:
        """The days in the order typed; a line that is no day is named."""
        one, found, wrong = DayField(), [], []
        for line in typed:
            try:
                found.append(one.clean(line))
            except ValidationError:
                wrong.append(line[:40])
        if wrong:
            raise ValidationError(_("下列各行不是有效日期：%(lines)s") % {"lines": "、".join(wrong[:10])})
        return found


class StagedInput(forms.FileInput):
    """A file input that shows the file that was taken in already, and sends its token along."""

    template_name = "desk/staged_input.html"
    stored: StoredFile | None = None
    token = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["widget"] |= {"stored": self.stored, "token": self.token, "token_name": f"{name}-token"}
        if self.stored:
            context["widget"]["attrs"].pop("required", None)
            context["widget"]["required"] = False
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The upload, and the token of one taken in before."""
        return files.get(name) if files else None, data.get(f"{name}-token", "")

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether neither a file nor a token was sent."""
        return not (files and name in files) and f"{name}-token" not in data


class UploadField(forms.Field):
    """A file, examined and taken in at once, so that a form refused for another field does not lose it (X9).

    Cleans to a StoredFile (or None). Until the act is done the file belongs to `draft:<person>`.
    """

    widget = StagedInput
    default_error_messages = {"required": _("请选择文件"), "gone": _("此前上传的文件已失效，请重新选择")}

    def __init__(self, *, limits: Limits | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limits = limits
        self.owner = ""  # set by the form: whose draft it is

    def clean(self, value: Any) -> StoredFile | None:
        """The stored file. The reasons of the examination become the field's errors."""
        upload, token = value or (None, "")
        row = self._taken_in(upload) if upload else self._known(token) if token else None
        if row is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if row is not None:
            shown: Any = self.widget
            shown.stored, shown.token = row, signing.dumps(str(row.pk), salt=self.owner)
        return row

    def _taken_in(self, upload: Any) -> StoredFile:
        found = store(upload.name, upload, self.owner, self.limits)
        if found.value is None:
            raise ValidationError([reason.text for reason in found.refusals])
        return found.value

    def _known(self, token: str) -> StoredFile:
        try:
            row = StoredFile.objects.filter(pk=signing.loads(token, salt=self.owner)).first()
        except signing.BadSignature:
            row = None
        if row is None:
            raise ValidationError(self.error_messages["gone"], code="gone")
        return row
