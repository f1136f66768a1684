"""Applications with their evidence and declarations (D1–D3, D5)."""
