"""Opening cycles (A1)."""

from __future__ import annotations

import re

from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.services import PackChanged, store
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.pack import Pack

#: A code stands in journal chains, published heads and the numbers of notices and entries.
CODE = re.compile(r"[0-9A-Za-z-]{1,20}")


@act("cycle.create", "建立评审周期", duty=["A1", "C1"], article="一", roles=[Role.OFFICE])
def create_cycle(acting: Acting, subject: None, *, code: str, year: int, pack: Pack) -> Outcome:
    """A new cycle under a pack; the pack is pinned only when the call is issued."""
    if not CODE.fullmatch(code):
        return Outcome(no("评审周期代码须为 1 至 20 个字母、数字或连字符，例如 2026", article="一", duty="A1"))
    if not 2000 <= year <= 2100:
        return Outcome(no(f"年度 {year} 不在可选范围内，请核对", article="一", duty="A1"))
    if Cycle.objects.filter(code=code).exists():
        return Outcome(no(f"评审周期 {code} 已存在，请勿重复建立", article="一", duty="A1"))
    if pack.effective.year > year:
        return Outcome(no(f"规则包自 {pack.effective} 起施行，不能用于 {year} 年度", article="一", duty="A1"))
    try:
        stored = store(pack)
    except PackChanged as changed:
        return Outcome(no(str(changed), article="一", duty="A1", code="pack_changed"))
    cycle = Cycle.objects.create(code=code, year=year, title=f"{year}年度{pack.award_name}", pack=stored)
    payload = {"pack": pack.id, "version": pack.version, "digest": pack.digest}
    return Outcome(yes("评审周期已建立", duty="A1"), payload, subject=f"cycle:{code}", value=cycle)
