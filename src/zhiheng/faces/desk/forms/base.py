"""The form of an act: what the actor fills in, and how it becomes the act's details."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from zhiheng.faces.desk.forms.fields import UploadField
from zhiheng.faces.shared.official import day, moment
from zhiheng.foundation.acts import Acting, ActSpec
from zhiheng.foundation.files.models import StoredFile
from zhiheng.rules.decision import Reason


@dataclass(frozen=True, slots=True)
class Section:
    """Some of a form's fields under one heading."""

    title: str
    fields: list[BoundField]
    note: str = ""


class ActForm(forms.Form):
    """The form of one act on one subject.

    lead: a sentence above the form; effects: what follows from the act, in plain words; draft: whether what is typed is kept; given: the
    fields that the page's address may fill in (?person=…); submit: the button's word; confirm: whether the act is looked over and confirmed
    first, or done at once (what can be done again and binds nobody); again: a second button's word: it does it and opens the form anew.
    drawn_by: the template that draws the fields, where one below the other would not do; slip: that of what the confirmation gives to keep.
    """

    required_css_class = "required"
    lead: Any = ""
    effects: ClassVar[tuple[Any, ...]] = ()
    draft: ClassVar[bool] = True
    given: ClassVar[tuple[str, ...]] = ()
    submit: ClassVar[Any] = ""
    confirm: ClassVar[bool] = True
    again: ClassVar[Any] = ""
    drawn_by: ClassVar[str] = ""
    slip: ClassVar[str] = ""

    def __init__(self, *args: Any, acting: Acting, subject: Any, **kwargs: Any) -> None:
        self.acting, self.subject = acting, subject
        super().__init__(*args, **kwargs)
        self.build()
        for field in self.fields.values():
            if isinstance(field, UploadField):
                field.owner = f"draft:{acting.code}"

    def named(self, field: str) -> str:
        """What the field holds so far, as sent or as the page's address has it."""
        return str(self.data.get(field) or self.initial.get(field) or "")

    def build(self) -> None:
        """Add or complete the fields that depend on the subject."""

    def facts(self) -> list[tuple[str, str]]:
        """What is known of the matter, label by label, shown above the fields."""
        return []

    def compared(self) -> list[tuple[str, str, str]]:
        """What the act would change: label, old and new, shown side by side above the fields."""
        return []

    @classmethod
    def start(cls, acting: Acting, subject: Any) -> dict[str, Any]:
        """What the fields hold when the form is first opened."""
        return {}

    def details(self) -> dict[str, Any]:
        """The act's keyword arguments, from what was cleaned."""
        return dict(self.cleaned_data)

    def layout(self) -> Mapping[str, tuple[str, ...]]:
        """Heading → the fields below it, in order; empty: all fields without a heading."""
        return {}

    def sections(self) -> list[Section]:
        """The fields as they are drawn; hidden ones are apart."""
        layout = self.layout()
        if not layout:
            return [Section("", self.visible_fields())]
        return [Section(title, [self[name] for name in names if name in self.fields]) for title, names in layout.items()]

    def reasons_at(self) -> Mapping[str, str]:
        """Code of a refusal → the field that it is about."""
        return {}

    def on_refused(self, reason: Reason) -> None:
        """What the form shows of a refusal beside its text."""

    def stored_files(self) -> Iterator[StoredFile]:
        """The files that the form took in."""
        yield from (value for value in self.cleaned_data.values() if isinstance(value, StoredFile))

    def recap(self) -> list[tuple[str, str]]:
        """What was filled in, label by label, for the page that asks for confirmation. Empty fields are left out."""
        rows = ((field, self.cleaned_data.get(field.name)) for field in self.visible_fields())
        return [(str(field.label or ""), text) for field, value in rows if (text := shown(field, value))]


class Plain(ActForm):
    """An act that asks for nothing but the decision to do it."""

    draft = False


def shown(field: BoundField, value: Any) -> str:
    """A cleaned value as a person reads it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or value in ("", [], ()):
        return ""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, StoredFile):
        return value.name
    choices = getattr(field.field, "choices", None)
    if choices is not None and not hasattr(choices, "queryset"):
        titles = {str(key): str(title) for key, title in _flat(choices)}
        values = value if isinstance(value, list | tuple | set) else [value]
        return "、".join(titles.get(str(one), str(one)) for one in values)
    if isinstance(value, list | tuple) or hasattr(value, "iterator"):
        return "\n".join(day(one) if isinstance(one, date) else str(one) for one in value)
    return str(value)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, title in choices:
        if isinstance(title, list | tuple):
            yield from title
        else:
            yield key, title


FormClass = type[ActForm]
#: Act → its form. An act without one that needs no details gets `Plain`.
FORMS: dict[str, FormClass] = {}
#: Act → the address (subject, known details → URL) of the page of its own where it is done: score sheets, the meeting room.
ELSEWHERE: dict[str, Callable[..., str]] = {}


def form_for(*acts: str) -> Callable[[FormClass], FormClass]:
    """Register a form as that of these acts."""

    def register(form: FormClass) -> FormClass:
        for act in acts:
            if act in FORMS:
                raise ValueError(f"act {act} has a form already")
            FORMS[act] = form
        return form

    return register


def form_of(spec: ActSpec) -> FormClass:
    """The form of an act."""
    return FORMS.get(spec.id, Plain)
