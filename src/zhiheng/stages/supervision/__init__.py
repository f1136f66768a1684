"""Bans, revocations, change reports, follow-up visits, abuse of office (K1–K7)."""
