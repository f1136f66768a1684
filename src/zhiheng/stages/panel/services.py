"""The acts of the expert library, recusal, panels and draws; and the recorded look at evidence (F1, G1, D2, K7)."""

from __future__ import annotations

from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.rules.decision import yes
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Evidence
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.composing import regroup
from zhiheng.stages.panel.drawing import draw
from zhiheng.stages.panel.freezing import changed_since, freeze
from zhiheng.stages.panel.library import (
    approve_expert,
    declare_conflict,
    register_expert,
    rule_on_conflict,
    suspend_expert,
)
from zhiheng.stages.panel.lotteries import publish_lottery
from zhiheng.stages.panel.seeds import WITNESSES, commit_seed, consent_again, discard_seeds, record_public_number, reveal_seed
from zhiheng.stages.panel.succession import answer, name_leader, replace

__all__ = [
    "WITNESSES", "answer", "approve_expert", "changed_since", "commit_seed", "consent_again", "declare_conflict", "discard_seeds", "draw",
    "freeze", "look", "name_leader", "publish_lottery", "record_public_number", "register_expert", "regroup", "replace", "reveal_seed",
    "rule_on_conflict", "suspend_expert",
]  # fmt: skip


@act(
    "evidence.look",
    "查阅证实性材料",
    duty=["D2", "K7"],
    article="四(二)",
    roles=[Role.APPLICANT, Role.RECOMMENDER, Role.OFFICE, Role.AGENCY, Role.EXPERT, Role.INSPECTOR],
    scope=selectors.may_look,
    kind="look",
)
def look(acting: Acting, evidence: Evidence) -> Outcome:
    """Open a piece of evidence. Each look is on record, with whether it was a trade secret (D2)."""
    payload = {"evidence": evidence.pk, "secret": evidence.secret, "sha256": evidence.file.sha256}
    return Outcome(yes(duty="D2"), payload, subject=f"entry:{evidence.entry.code}", value=evidence.file)
