"""Pictures and one-file HTML reports of results.

Start reading in `view.py` (a result in the units the field uses), then `pictures/` (one file a
family of pictures), then `write.py`. matplotlib and jinja2 are loaded by the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interlith.report.drawing import draw, figures
    from interlith.report.life_report import write_life_report
    from interlith.report.wording import verdict
    from interlith.report.write import comparison_report, write_comparison, write_report

__all__ = [
    "comparison_report",
    "draw",
    "figures",
    "verdict",
    "write_comparison",
    "write_life_report",
    "write_report",
]

_HOMES = {
    "comparison_report": "interlith.report.write",
    "draw": "interlith.report.drawing",
    "figures": "interlith.report.drawing",
    "verdict": "interlith.report.wording",
    "write_comparison": "interlith.report.write",
    "write_life_report": "interlith.report.life_report",
    "write_report": "interlith.report.write",
}


def __getattr__(name: str) -> object:
    """Return a public function, importing its module when it is first asked for."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
