"""Options whose value is a quantity: `--target 400 Wh/kg` without quotes around it."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand

__all__ = ["QuantityCommand", "join_units"]

_NUMBERS = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?")
"""A number, or a range of two such as `0..2`."""
_UNIT = re.compile(r"[A-Za-z°%µΩ][A-Za-z0-9°%µΩ^*/.\- ]{0,30}")


class QuantityCommand(TyperCommand):
    """A command that takes the unit after the number of an option as part of its value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Join numbers and units, then read the arguments as always."""
        return super().parse_args(ctx, join_units(args))


def join_units(arguments: list[str]) -> list[str]:
    """Join the number that an option is given with the unit that follows it.

    Parameters
    ----------
    arguments : list of str
        What the shell split at spaces.

    Returns
    -------
    list of str
        The same, with `--target`, `400`, `Wh/kg` as `--target`, `400 Wh/kg`.
    """
    joined: list[str] = []
    for argument in arguments:
        if len(joined) > 1 and _ends_with_bare_number(joined) and _is_unit(argument):
            joined[-1] = f"{joined[-1]} {argument}"
        else:
            joined.append(argument)
    return joined


def _ends_with_bare_number(arguments: list[str]) -> bool:
    return arguments[-2].startswith("--") and _NUMBERS.fullmatch(arguments[-1]) is not None


def _is_unit(text: str) -> bool:
    from interlith.units import is_unit

    return _UNIT.fullmatch(text) is not None and is_unit(text)
