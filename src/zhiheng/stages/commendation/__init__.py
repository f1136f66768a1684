"""Publicity of winners, approval, certificates, prize money, promotion (J1–J6, K6)."""
