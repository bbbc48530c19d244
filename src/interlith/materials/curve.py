"""One curve of a material: a quantity over the lithium content x of LixMO2, with its provenance.

Values outside the range that the source covers are computed by going on in a straight line from
its end; who asks for them must count them (`Curve.outside`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from interlith.materials.expression import Expression, parse_expression
from interlith.materials.property import Source
from interlith.materials.schema import CURVES, CurveSchema

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from interlith.materials.building import Findings

    FloatArray = NDArray[np.float64]

__all__ = ["Curve", "Formula", "Points", "build_curve"]

CURVE_KEYS = ("expression", "points", "valid", "kind", "source", "range", "note")
MOST_POINTS = 2000
# Step of the complex-step derivative: its error is of second order in this.
_TINY = 1e-30
_CHECKED_AT = 401
_STEEPEST = 1e6
# relative_volume is the volume over that at x = 1, so it must be 1 there.
_ONE_AT_FULL = 0.005


class CurveLaw(Protocol):
    """How a curve follows x inside the range that its source covers."""

    def values(self, x: FloatArray) -> FloatArray:
        """Return the values at x."""
        ...

    def slopes(self, x: FloatArray) -> FloatArray:
        """Return the derivatives by x."""
        ...

    def describe(self) -> str:
        """Return the law in a few words."""
        ...


@dataclass(frozen=True, slots=True)
class Formula:
    """A closed formula in x."""

    expression: Expression

    def values(self, x: FloatArray) -> FloatArray:
        """Return the values at x."""
        import numpy as np

        found: FloatArray = np.broadcast_to(self.expression.at(x), x.shape).astype(np.float64)
        return found

    def slopes(self, x: FloatArray) -> FloatArray:
        """Return the derivatives by x, by the complex step."""
        import numpy as np

        stepped = np.broadcast_to(self.expression.at(x + 1j * _TINY), x.shape)
        with np.errstate(all="ignore"):
            slopes: FloatArray = np.imag(stepped) / _TINY
        return slopes

    def describe(self) -> str:
        """Return the law in a few words."""
        return f"formula {self.expression.text}"


@dataclass(frozen=True, slots=True)
class Points:
    """Points joined by a monotone cubic as scipy has it (PCHIP).

    F. N. Fritsch and J. Butland, SIAM J. Sci. Comput. 5, 300 (1984), doi:10.1137/0905021. It never
    leaves the band between two neighbouring points.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]

    def values(self, x: FloatArray) -> FloatArray:
        """Return the values at x."""
        found: FloatArray = _interpolant(self.x, self.y)(x)
        return found

    def slopes(self, x: FloatArray) -> FloatArray:
        """Return the derivatives by x."""
        found: FloatArray = _interpolant(self.x, self.y)(x, 1)
        return found

    def describe(self) -> str:
        """Return the law in a few words."""
        return f"{len(self.x)} points, monotone cubic between them"


@lru_cache(maxsize=64)
def _interpolant(x: tuple[float, ...], y: tuple[float, ...]) -> Any:
    """Return scipy's interpolator of some points, made once."""
    from scipy.interpolate import PchipInterpolator

    return PchipInterpolator(x, y)


@dataclass(frozen=True, slots=True)
class Curve:
    """A quantity over the lithium content x of LixMO2 (0 to 1).

    Parameters
    ----------
    name, unit
        Name as in the schema, SI unit.
    valid
        Lowest and highest x that the source covers.
    kind
        ``measured``, ``computed``, ``fitted`` or ``assumed``.
    law
        `Formula` or `Points`.
    source
        Where the curve was found; None only if assumed.
    note
        What a reader must know to judge it.
    low, high
        How far below (negative) and above the true curve may lie, in the curve's unit; always
        there when assumed.
    """

    name: str
    unit: str
    valid: tuple[float, float]
    kind: str
    law: CurveLaw
    source: Source | None = None
    note: str = ""
    low: float | None = None
    high: float | None = None

    def values(self, x: ArrayLike) -> FloatArray:
        """Return the values at an array of x, going on straight outside the valid range."""
        import numpy as np

        asked = np.asarray(x, dtype=np.float64)
        inside = np.clip(asked, *self.valid)
        found: FloatArray = self.law.values(inside)
        beyond = asked - inside
        if not beyond.any():
            return found
        continued: FloatArray = found + self.law.slopes(inside) * beyond
        return continued

    def slopes(self, x: ArrayLike) -> FloatArray:
        """Return the derivatives by x at an array of x; outside the valid range, of its end."""
        import numpy as np

        return self.law.slopes(np.clip(np.asarray(x, dtype=np.float64), *self.valid))

    def outside(self, x: ArrayLike) -> int:
        """Return how many of some x lie outside the valid range."""
        import numpy as np

        asked = np.asarray(x, dtype=np.float64)
        return int(np.count_nonzero((asked < self.valid[0]) | (asked > self.valid[1])))

    def sample_points(self, count: int) -> FloatArray:
        """Return evenly spaced x over the valid range, both ends among them."""
        import numpy as np

        return np.linspace(*self.valid, count)

    def source_line(self) -> str:
        """Return the source in one line; an assumed curve says that it has none."""
        return str(self.source) if self.source else f"{self.kind}, no source"


def build_curve(
    name: str, given: object, sources: Mapping[str, Source], findings: Findings
) -> Curve | None:
    """Return the curve that a mapping describes, or None after noting why not."""
    from interlith.materials.building import provenance

    where = f"curves.{name}"
    if name not in CURVES:
        findings.add(where, name, "one of " + ", ".join(CURVES))
        return None
    schema = CURVES[name]
    before = len(findings.problems)
    raw = findings.mapping(where, given, CURVE_KEYS)
    law = _law(where, raw, schema, findings)
    valid = _valid(where, raw, law, findings)
    source, kind, note = provenance(where, raw, sources, findings)
    low, high = _deviation(where, raw, schema, findings)
    if law is None or valid is None or len(findings.problems) > before:
        return None
    curve = Curve(name, schema.unit, valid, kind, law, source, note, low, high)
    _check_values(where, curve, schema, findings)
    return curve if len(findings.problems) == before else None


def _law(
    where: str, raw: Mapping[str, Any], schema: CurveSchema, findings: Findings
) -> CurveLaw | None:
    """Return what follows x; exactly one way of giving it."""
    given = [key for key in ("expression", "points") if key in raw]
    if len(given) != 1:
        findings.add(where, " and ".join(given) or None, "exactly one of expression and points")
        return None
    if given == ["points"]:
        return _points(f"{where}.points", raw["points"], schema, findings)
    try:
        return Formula(parse_expression(raw["expression"]))
    except ValueError as error:
        findings.add(f"{where}.expression", raw["expression"], str(error))
        return None


def _points(where: str, given: object, schema: CurveSchema, findings: Findings) -> Points | None:
    """Return a table whose x rises."""
    rows = given if isinstance(given, list) else []
    whole = all(isinstance(row, list) and len(row) == 2 for row in rows)
    if not 2 <= len(rows) <= MOST_POINTS or not whole:
        shown = f"{len(rows)} entries" if rows else given
        findings.add(where, shown, f"2 to {MOST_POINTS} pairs [x, value]")
        return None
    units = ("1", schema.unit)
    columns = [
        [findings.quantity(f"{where}[{n}][{c}]", row[c], units[c]) for n, row in enumerate(rows)]
        for c in (0, 1)
    ]
    x, y = (tuple(cell for cell in column if cell is not None) for column in columns)
    if len(x) + len(y) < 2 * len(rows):
        return None
    for index, (earlier, later) in enumerate(pairwise(x), start=1):
        if later <= earlier:
            findings.add(
                f"{where}[{index}][0]", f"{later:g}", f"more than {earlier:g}: x must rise"
            )
            return None
    return Points(x, y)


def _valid(
    where: str, raw: Mapping[str, Any], law: CurveLaw | None, findings: Findings
) -> tuple[float, float] | None:
    """Return the range of x that the source covers; points give it themselves if left out."""
    given = raw.get("valid")
    ends = (law.x[0], law.x[-1]) if isinstance(law, Points) else (0.0, 1.0)
    if given is None and isinstance(law, Points):
        given = list(ends)
    if not isinstance(given, list) or len(given) != 2:
        findings.add(f"{where}.valid", given, "the lowest and the highest x: [low, high]")
        return None
    low, high = (findings.quantity(f"{where}.valid[{i}]", end, "1") for i, end in enumerate(given))
    if low is None or high is None:
        return None
    if not 0.0 <= ends[0] <= low < high <= ends[1] <= 1.0:
        inside = "inside its points, " if isinstance(law, Points) else ""
        findings.add(f"{where}.valid", given, f"two rising numbers {inside}from 0 to 1")
        return None
    return low, high


def _deviation(
    where: str, raw: Mapping[str, Any], schema: CurveSchema, findings: Findings
) -> tuple[float | None, float | None]:
    """Return how far the true curve may lie below and above."""
    given = raw.get("range")
    if given is None:
        return None, None
    if not isinstance(given, list) or len(given) != 2:
        findings.add(f"{where}.range", given, "two quantities: how far below and above the curve")
        return None, None
    ends = (
        findings.quantity(f"{where}.range[{i}]", end, schema.unit) for i, end in enumerate(given)
    )
    low, high = ends
    if low is not None and high is not None and not low <= 0.0 <= high:
        findings.add(f"{where}.range", given, "an end below and one above zero, such as [-1, 1]")
    return low, high


def _check_values(where: str, curve: Curve, schema: CurveSchema, findings: Findings) -> None:
    """Note where a curve is not finite or leaves the bounds of the schema."""
    import numpy as np

    key = "expression" if isinstance(curve.law, Formula) else "points"
    low, high = curve.valid
    if isinstance(curve.law, Points):
        # between its points it cannot leave them
        x, y = np.array(curve.law.x), np.array(curve.law.y)
        slopes = np.zeros(len(x))
    else:
        x = np.linspace(low, high, _CHECKED_AT)
        y, slopes = curve.law.values(x), curve.law.slopes(x)
    # comparisons with nan are false
    bad = ~((y >= schema.lowest) & (y <= schema.highest) & (np.abs(slopes) <= _STEEPEST))
    if bad.any():
        at = int(np.argmax(bad))
        expected = f"{schema.lowest:g} to {schema.highest:g} {schema.unit} and a finite slope"
        findings.add(f"{where}.{key}", f"{y[at]:g} at x = {x[at]:g}", expected)
    elif curve.name == "relative_volume" and high == 1.0 and abs(y[-1] - 1.0) > _ONE_AT_FULL:
        findings.add(f"{where}.{key}", f"{y[-1]:g} at x = 1", "1 at x = 1, where it is the unit")
