"""Ranking from score sheets in a workbook, without a database: useful to an office on its first day (F2, F3, H1–H3)."""
