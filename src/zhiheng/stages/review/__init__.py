"""Sheets, consensus, reports and scores of material review (F2, F3)."""
