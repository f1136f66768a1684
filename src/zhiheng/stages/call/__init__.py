"""The call: plan, approval, issue (C1)."""
