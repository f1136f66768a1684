"""Drawing a piece of template as a page's own would be drawn, components included."""

from __future__ import annotations

import re
from typing import Any

from django.template import engines
from django_cotton.compiler_regex import CottonCompiler

EVIL = "<script>alert('x')</script>\"'&"
ESCAPED = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&#x27;&amp;"


def drawn(source: str, **context: Any) -> str:
    """The HTML of a piece of template, white space folded."""
    html = engines["django"].from_string(CottonCompiler().process(source)).render(context)
    return re.sub(r">\s+<", "><", " ".join(html.split()))
