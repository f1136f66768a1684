"""The forms of acts, one module a stage."""

from __future__ import annotations

import importlib
import pkgutil


def register_all() -> None:
    """Import every module of forms, so that each act finds its own."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
