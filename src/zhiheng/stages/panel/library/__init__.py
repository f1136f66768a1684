"""Acts of the expert library and of recusal (F1, G4, K7; Q18, Q36)."""

from zhiheng.stages.panel.library.appraisal import appraise
from zhiheng.stages.panel.library.bank import look_bank, set_bank
from zhiheng.stages.panel.library.entering import (
    amend_expert,
    approve_expert,
    export_experts,
    register_expert,
    reinstate_expert,
    suspend_expert,
)
from zhiheng.stages.panel.library.recusal import declare_conflict, rule_on_conflict
from zhiheng.stages.panel.library.upkeep import confirm_profile, rule_on_revision, set_absences, update_profile

__all__ = [
    "amend_expert", "appraise", "approve_expert", "confirm_profile", "declare_conflict", "export_experts", "look_bank", "register_expert",
    "reinstate_expert", "rule_on_conflict", "rule_on_revision", "set_absences", "set_bank", "suspend_expert", "update_profile",
]  # fmt: skip
