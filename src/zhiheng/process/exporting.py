"""Taking documents and the dossier of a cycle out of the platform: who may, and that it is on record (L3, L4, K7)."""

from __future__ import annotations

from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process import reach
from zhiheng.process.papers.catalogue import EVERYONE, STAFF, paper, papers_for
from zhiheng.process.reach.applying import barred, seats_now
from zhiheng.rules.decision import no, yes

DOSSIER = "dossier"
ALL = "all"
#: Who may have the whole of a cycle: everything that led to its awards.
DOSSIER_ROLES = STAFF
TITLES = {DOSSIER: "评审档案", ALL: "全部文书"}


def judges(acting: Acting, cycle: Cycle) -> bool:
    """Whether the person has a seat on a panel of the cycle or a standing conflict in it: scores are not theirs to take (K7)."""
    return seats_now(acting).filter(panel__cycle=cycle).exists() or barred(acting).filter(entry__cycle=cycle).exists()


def within_reach(acting: Acting, cycle: Cycle) -> bool:
    """Whether the actor reads of the cycle at all."""
    return reach.cycles(acting).filter(pk=cycle.pk).exists()


def takes(acting: Acting, cycle: Cycle, what: str) -> tuple[str, ...]:
    """The codes of the papers that `what` stands for, for this actor; empty where they may not have it. The dossier stands for itself."""
    role, free = acting.role, not judges(acting, cycle)
    if what == DOSSIER:
        return (DOSSIER,) if role in DOSSIER_ROLES and free else ()
    mine = tuple(one.code for one in papers_for(role) if free or not one.sealed)
    return mine if what == ALL else tuple(code for code in mine if code == what)


@act("cycle.export", "导出评审文书和档案", duty=["L3", "L4"], article="四", roles=EVERYONE, scope=within_reach, kind="look")
def export(acting: Acting, cycle: Cycle, *, what: str) -> Outcome:
    """Take out a kind of document, all of them ("all"), or the dossier. The record says who took what; the value says which papers."""
    known = paper(what)
    if known is None and what not in TITLES:
        return Outcome(no("没有这种文书，请从清单中选择", article="四", duty="L4"))
    codes = takes(acting, cycle, what)
    if not codes and judges(acting, cycle):
        return Outcome(no("您在本周期担任评审专家或者存在应当回避的情形，不能导出含有评审得分的文书", article="七(七)", duty="K7"))
    if not codes:
        return Outcome(no("您当前的身份不能导出这种文书", article="四", duty="L4"))
    title = TITLES[what] if known is None else known.title
    return Outcome(yes(f"已导出{title}", duty="L4"), {"what": what, "papers": list(codes)}, value=codes)
