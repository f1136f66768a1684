"""Units that act: setting them up, changing what is known of them, closing and opening them again (L1)."""

from __future__ import annotations

import re
from typing import Any

from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.administration.people import OF_A_UNIT
from zhiheng.foundation.people.models import Unit
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role

#: A code stands in the journal and in addresses; it is never changed.
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MOST = {"name": ("单位名称", 120), "city": ("所在市", 40), "contact": ("对外联系方式", 200)}


@act("units.create", "设立单位", duty=["L1"], article="四", roles=[Role.ADMIN])
def create_unit(acting: Acting, subject: None, *, code: str, kind: Role, name: str, city: str = "", contact: str = "") -> Outcome:
    """A new unit of a kind that acts through its people. Its contact stands in its notices, for objections."""
    if not CODE.fullmatch(code):
        return Outcome(no("单位代码须为 1 至 40 个小写字母、数字或连字符，以字母或数字开头", duty="L1", code="form.code"))
    if kind not in OF_A_UNIT:
        return Outcome(no("该类别不设单位，请选择省质评办、推荐单位、省有关部门或相关机构", duty="L1", code="form.kind"))
    if Unit.objects.filter(code=code).exists():
        return Outcome(no(f"单位代码 {code} 已被使用，请另选一个", duty="L1", code="form.code"))
    said = {"name": name.strip(), "city": city.strip(), "contact": contact.strip()}
    if wrong := _wrong(said, Role(kind)):
        return wrong
    unit = Unit.objects.create(code=code, kind=Role(kind).value, **said)
    return Outcome(yes("单位已设立", duty="L1"), {"kind": unit.kind, **said}, subject=f"unit:{code}", value=unit)


@act("units.change", "变更单位信息", duty=["L1"], article="四", roles=[Role.ADMIN])
def change_unit(acting: Acting, unit: Unit, *, name: str, city: str = "", contact: str = "") -> Outcome:
    """Change a unit's name, city or contact. Notices already posted keep what they said; code and kind stay."""
    said = {"name": name.strip(), "city": city.strip(), "contact": contact.strip()}
    if wrong := _wrong(said, Role(unit.kind), unit):
        return wrong
    changed = {key: {"was": getattr(unit, key), "now": value} for key, value in said.items() if getattr(unit, key) != value}
    if not changed:
        return Outcome(no("单位信息没有变化", duty="L1"))
    for key, value in said.items():
        setattr(unit, key, value)
    unit.save(update_fields=["name", "city", "contact"])
    return Outcome(yes("单位信息已变更", duty="L1"), changed, value=unit)


@act("units.close", "停用单位", duty=["L1"], article="四", roles=[Role.ADMIN])
def close_unit(acting: Acting, unit: Unit, *, reason: str) -> Outcome:
    """Take a unit out of use, once nobody acts for it any more. What it has done stays."""
    if not reason.strip():
        return Outcome(no("请填写停用单位的理由", duty="L1", code="form.reason"))
    if not unit.active:
        return Outcome(no("该单位此前已停用", duty="L1"))
    if held := unit.grants.filter(revoked_at=None).count():
        return Outcome(no(f"尚有 {held} 项角色授予该单位人员，请先收回", duty="L1", code="held"))
    return _set(unit, active=False, text="单位已停用", payload={"reason": reason.strip()})


@act("units.reopen", "恢复单位", duty=["L1"], article="四", roles=[Role.ADMIN])
def reopen_unit(acting: Acting, unit: Unit) -> Outcome:
    """Take a closed unit into use again; roles are granted anew."""
    if unit.active:
        return Outcome(no("该单位正在使用，无需恢复", duty="L1"))
    return _set(unit, active=True, text="单位已恢复使用", payload={})


def _set(unit: Unit, *, active: bool, text: str, payload: dict[str, Any]) -> Outcome:
    unit.active = active
    unit.save(update_fields=["active"])
    return Outcome(yes(text, duty="L1"), payload, value=unit)


def _wrong(said: dict[str, str], kind: Role, unit: Unit | None = None) -> Outcome | None:
    """What is wrong with what a unit is to be called, or nothing. Two units of one kind and name could not be told apart."""
    if not said["name"]:
        return Outcome(no("请填写单位名称", duty="L1", code="form.name"))
    for key, (title, most) in MOST.items():
        if len(said[key]) > most:
            return Outcome(no(f"{title}请控制在 {most} 字以内", duty="L1", code=f"form.{key}"))
    same = Unit.objects.filter(kind=kind.value, name=said["name"])
    if (same.exclude(pk=unit.pk) if unit else same).exists():
        return Outcome(no("已有同类别、同名称的单位，请核对", duty="L1", code="form.name"))
    return None
