"""Everything that pages say has its English, and the compiled catalogue is that of its source."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_english_is_complete_and_compiled() -> None:
    assert _tool().faults() == []


def test_a_text_without_english_is_seen() -> None:
    tool = _tool()
    catalog = tool.build()
    catalog.add("此句尚无译文")
    assert tool.missing(catalog) == ["此句尚无译文"]
