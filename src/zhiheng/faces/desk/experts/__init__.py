"""The expert library on pages: list, profile, sheet, import (F1, K7)."""
