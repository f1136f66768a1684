"""Template tags of the working place."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext

from zhiheng.faces.desk.links import act_url
from zhiheng.foundation.acts import REGISTER
from zhiheng.foundation.acts.permission import permit
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role

register = template.Library()


@register.simple_tag
def url_of_act(act: str, subject: Any = None) -> str:
    """The address at which an act is done on a subject."""
    return act_url(act, subject)


@register.inclusion_tag("desk/act_button.html", takes_context=True)
def act_button(context: Context, act: str, subject: Any = None, label: str = "", kind: str = "primary") -> dict[str, Any]:
    """The button of an act, with its reason when it may not be pressed; nothing for a role that never does it."""
    spec = REGISTER[act]
    acting = context["request"].desk.acting
    allowed = permit(spec, acting, subject)
    if any(reason.code in ("role", "scope") for reason in allowed.refusals):
        return {"spec": None}
    why = [] if allowed.ok else list(allowed.refusals)
    return {"spec": spec, "label": label or spec.title, "url": act_url(act, subject), "why": why, "kind": kind}


@register.filter
def role_title(role: str) -> str:
    """A role by its title, in the page's language."""
    return gettext(ROLES.get(Role(role), role) if role in Role._value2member_map_ else role)


@register.filter
def act_title(act: str) -> str:
    """An act by its title, in the page's language."""
    return gettext(REGISTER[act].title if act in REGISTER else act)
