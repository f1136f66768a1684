"""The act register: every change is one registered service call (L1)."""

from zhiheng.foundation.acts.context import Acting, Outcome, Receipt, To
from zhiheng.foundation.acts.errors import ActError, NotPermitted, Refused
from zhiheng.foundation.acts.register import REGISTER, ActSpec, act

__all__ = ["REGISTER", "ActError", "ActSpec", "Acting", "NotPermitted", "Outcome", "Receipt", "Refused", "To", "act"]
