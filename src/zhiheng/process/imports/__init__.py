"""Experts and applications from workbooks: every fault with its row, all or nothing, through the same acts as by hand (F1, D1)."""
