"""How the forms of the site draw themselves: one field template, and the classes that the stylesheet knows."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, Widget
from django.forms.renderers import TemplatesSetting


def class_of(widget: Widget) -> str:
    """The stylesheet's class for a widget; a group of choices has none, since Django would give it to the group as well."""
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return ""
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control"


class HouseField(BoundField):
    """A field whose widget carries the house's class beside its own; help and errors are tied to it by Django."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Django's attributes and the class."""
        found = super().build_widget_attrs(attrs, widget)
        drawn = widget or self.field.widget
        if not drawn.is_hidden:
            own = attrs.get("class") or drawn.attrs.get("class", "")
            if classes := f"{class_of(drawn)} {own}".strip():
                found["class"] = classes
        return found

    @property
    def checks(self) -> bool:
        """Whether the widget is one box to tick: its label stands behind it."""
        return isinstance(self.field.widget, CheckboxInput)

    @property
    def takes_file(self) -> bool:
        """Whether a file is chosen here."""
        return isinstance(self.field.widget, FileInput)


class HouseRenderer(TemplatesSetting):
    """Django's FORM_RENDERER: `{{ form }}`, `{{ form.x.as_field_group }}` and error lists in the house style."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = HouseField
