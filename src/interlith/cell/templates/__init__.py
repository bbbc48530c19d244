"""Commented cell files to start from: ``ccd``, ``ccd-bare``, ``cycling`` and ``full``."""

from __future__ import annotations

from importlib.resources import files

from interlith.errors import InputError, Problem, near_matches

__all__ = ["TEMPLATES", "template_text"]

TEMPLATES: dict[str, str] = {
    "ccd": "critical current density of Li|Mg16Bi84|Li6PS5Cl|Mg16Bi84|Li",
    "ccd-bare": "critical current density of bare Li|Li6PS5Cl|Li",
    "cycling": "symmetric cycling of Li|Mg16Bi84|Li6PS5Cl|Mg16Bi84|Li",
    "full": "formation, rates and cycling of Li|Mg16Bi84|Li6PS5Cl|NMC811",
}
"""What each template is for, by name."""


def template_text(name: str) -> str:
    """Return the text of a template.

    Raises
    ------
    InputError
        There is no template of that name.
    """
    if name not in TEMPLATES:
        near = near_matches(name, TEMPLATES)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InputError(Problem("", "template", name, f"one of {', '.join(TEMPLATES)}{hint}"))
    return files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
