"""The form of an objection: what was typed, what is wrong with it, and its proof, which no other mistake may cost (J2, Q15, T5, T6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.public.published import Group
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.files.limits import MEGABYTE, Limits
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.files.services import forget, store
from zhiheng.foundation.publicity.models import Notice
from zhiheng.foundation.publicity.services import DRAFT

KINDS = frozenset({"pdf", "jpg", "png", "docx"})
PROOF = Limits(max_bytes=10 * MEGABYTE, max_unpacked=60 * MEGABYTE, max_entries=500, max_pixels=40_000_000, kinds=KINDS)
TRAP = "website"  # a field that only programs fill in
KEPT_FOR = timedelta(days=1)  # a file uploaded with a form that is not sent yet
_SALT = "objection.proof"


class ObjectionForm(forms.Form):
    """The words of an objection. `entry` names one of the notice's list, or nobody; name and contact may be left out (Q15)."""

    entry = forms.ChoiceField(required=False, error_messages={"invalid_choice": _("所选申报对象不在本公示名单中，请重新选择")})
    content = forms.CharField(
        max_length=5000,
        error_messages={"required": _("请写明异议内容"), "max_length": _("异议内容请控制在 5000 字以内，详细材料可作为附件提交")},
    )
    name = forms.CharField(required=False, max_length=60, error_messages={"max_length": _("姓名（名称）请控制在 60 字以内")})
    contact = forms.CharField(required=False, max_length=120, error_messages={"max_length": _("联系方式请控制在 120 字以内")})
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, data: Any, groups: Sequence[Group]) -> None:
        super().__init__(data)
        codes = [one.code for group in groups for one in group.listed if one.code]
        self.fields["entry"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        """Left empty by people, who do not see it."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("未能通过自动提交检查，请清空“网址”一栏后再提交"))
        return ""


class Proof:
    """The proof of one form: just uploaded, or kept from an earlier step under a signature. error: why an upload was refused."""

    def __init__(self, request: HttpRequest, notice: Notice, token: str) -> None:
        self.error = ""
        self.file: StoredFile | None = None
        self._bound = [notice.code, token]
        upload = request.FILES.get("proof")
        if (kept := request.POST.get("kept", "")) and not request.POST.get("drop"):
            self._keep(kept)
        if isinstance(upload, UploadedFile):
            self._take(upload, token)

    @property
    def kept(self) -> str:
        """The hidden field's value, which brings the file to the next step of this form and of no other."""
        return signing.dumps([str(self.file.pk), *self._bound], salt=_SALT) if self.file else ""

    def _take(self, upload: UploadedFile, token: str) -> None:
        forget(DRAFT, clock.now() - 2 * KEPT_FOR)
        stored = store(upload.name or "", upload.file, f"{DRAFT}{token}", PROOF, apart=True)  # type: ignore[arg-type]
        if stored.ok:
            self.file, self.error = stored.value, ""
        else:
            self.error = stored.refusals[0].text

    def _keep(self, value: str) -> None:
        try:
            pk, *bound = signing.loads(value, salt=_SALT)
        except (signing.BadSignature, ValueError):
            pk, bound = None, []
        alive = StoredFile.objects.filter(pk=pk, stored_at__gte=clock.now() - KEPT_FOR)
        self.file = alive.first() if bound == self._bound else None
        if self.file is None:
            self.error = str(_("此前上传的材料已失效，请重新上传"))


def new_token() -> str:
    """A fresh form's token."""
    return entropy.token(16)


def token_of(request: HttpRequest) -> str:
    """The form's token as it came back; a fresh one in place of what is none of ours."""
    given = request.POST.get("token", "")
    return given if len(given) == 32 and all(sign in "0123456789abcdef" for sign in given) else new_token()


def request_id(token: str, details: dict[str, Any]) -> str:
    """What makes a form sent twice one objection (X6). Other words under the same token are another one, lest they be lost in silence."""
    proof = details["proof"]
    return digest_of([token, *(details[key] for key in ("entry", "content", "name", "contact")), str(proof.pk) if proof else ""])
