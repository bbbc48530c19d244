"""A cell: its layers, the conditions it is held at and what is done to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from interlith.cell.cathode import CompositeCathode
from interlith.cell.layers import (
    AnyLayer,
    Electrode,
    Electrolyte,
    Interlayer,
    layer_order_problems,
    sei_problems,
)
from interlith.cell.part import FrozenModel
from interlith.cell.protocol import Item, c_rates_of, kind_of_cell_problems, whole_number
from interlith.cell.quantity import Bounded
from interlith.cell.yaml_io import dump
from interlith.errors import InputError, Problem

if TYPE_CHECKING:
    from interlith.materials import Library

__all__ = ["Cell", "CellHead", "Conversion", "Solver"]

FEWEST_LAYERS = 3
MOST_LAYERS = 100
MOST_ITEMS = 10_000


class Solver(FrozenModel):
    """How the equations are solved."""

    rtol: float = Field(default=1e-4, ge=1e-12, le=1e-2)
    integrator: Literal["rodas", "cvode"] = "rodas"


FormingCycles = Annotated[int, *whole_number(1, 1000, "cycles of plating and stripping")]


class Conversion(FrozenModel):
    """Forming the interlayers by simulated cycles instead of assuming the state they form."""

    cycles: FormingCycles = 10
    current: Annotated[float, Bounded("current_magnitude")] = 10.0
    """A/m2; 1 mA/cm2, at which the reference work took its depth profiles."""
    areal_capacity: Annotated[float, Bounded("step_capacity")] = 36000.0
    """C/m2 of a half-cycle; 1 mAh/cm2."""
    rest: Annotated[float, Bounded("duration")] = 86400.0
    """s before the first cycle, in which the pressed layers take up lithium on contact."""
    temperature: Annotated[float, Bounded("temperature")] | None = None
    """K, of that time: an annealing; None is the temperature of the cell."""


class CellHead(FrozenModel):
    """Every field of a cell except its layers and its protocol; SI values."""

    name: str = Field(min_length=1, max_length=200)
    temperature: Annotated[float, Bounded("temperature")]
    stack_pressure: Annotated[float, Bounded("stack_pressure")]
    area: Annotated[float, Bounded("area")]
    fixture_stiffness: Annotated[float, Bounded("fixture_stiffness")] = 0.0
    """Pa/m: rise of the stack pressure per growth of the stack; 0 keeps the pressure constant."""
    capacity: Annotated[float, Bounded("cell_capacity")] | None = None
    """C/m2: what 1C moves in one hour."""
    models: dict[str, str] = Field(default_factory=dict)
    """Name of the law for each choice that the physics offers, where not the default."""
    solver: Solver = Solver()
    conversion: Conversion | None = None
    """How the interlayers are formed; None takes the state that their material is said to form."""
    materials: tuple[str, ...] = ()
    """The user's material files or folders."""
    notes: str = Field(default="", max_length=100_000)
    reference: str = Field(default="", max_length=100_000)


class Cell(CellHead):
    """A cell as `load` returns it. Quantities are SI floats; in Python they are given as text.

    Raises
    ------
    pydantic.ValidationError
        When it is put together in Python from values that do not fit. `load` and `Cell.read` say
        what is wrong in the words of the file instead, and check the names of materials as well.
    """

    layers: tuple[AnyLayer, ...] = Field(min_length=FEWEST_LAYERS, max_length=MOST_LAYERS)
    protocol: tuple[Item, ...] = Field(min_length=1, max_length=MOST_ITEMS)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        breaches = [
            f"{field}: got '{value}', expected {expected}"
            for field, value, expected in self.rules()
        ]
        if breaches:
            raise ValueError("; ".join(breaches))
        return self

    def rules(self) -> Iterator[tuple[str, str, str]]:
        """Yield ``(field, value, expected)`` for what is wrong across fields."""
        kinds = [layer.kind for layer in self.layers]
        yield from layer_order_problems(kinds)
        yield from sei_problems(self.layers, kinds)
        if self.is_full and self.conversion is not None:
            yield "conversion", "a full cell", "a symmetric cell; use formed layers in a full cell"
        if self.cathode is not None:
            for field, value, expected in self.cathode.rules():
                yield f"layers.{len(kinds) - 1}.{field}".rstrip("."), value, expected
        yield from protocol_problems(self.protocol, self.capacity, self.is_full)

    @classmethod
    def read(cls, values: Mapping[str, Any], library: Library | None = None) -> Cell:
        """Return the cell that a mapping in the form of a cell file describes.

        Raises
        ------
        InputError
            Every problem found.
        """
        from interlith.cell.reader import read_cell

        return read_cell(dict(values), library=library)

    def changed(self, overrides: Mapping[str, Any], library: Library | None = None) -> Cell:
        """Return the cell with some fields set, for example ``{"layers.1.thickness": "30 um"}``.

        Raises
        ------
        InputError
            A path does not exist or a value does not fit.
        """
        from interlith.cell.reader import read_cell

        return read_cell(self.to_dict(), overrides=overrides, library=library)

    def to_dict(self) -> dict[str, Any]:
        """Return the cell as a mapping in the form of a cell file; `read` gives the same cell."""
        values: dict[str, Any] = self.model_dump(
            by_alias=True, exclude_none=True, exclude_defaults=True
        )
        kinds = [layer.kind for layer in self.layers]
        layers = [
            {"kind": kind, **layer} for kind, layer in zip(kinds, values.pop("layers"), strict=True)
        ]
        protocol = values.pop("protocol")
        whole = {**values, "layers": layers, "protocol": protocol}
        return {key: _plain(value) for key, value in whole.items()}

    def to_yaml(self) -> str:
        """Return the cell as the text of a cell file; `loads` gives the same cell."""
        return dump(self.to_dict())

    @property
    def is_full(self) -> bool:
        """Whether the cell has a cathode; else it is a symmetric one of two lithium electrodes."""
        return self.cathode is not None

    @property
    def cathode(self) -> CompositeCathode | None:
        """The composite cathode on the right, None in a symmetric cell."""
        last = self.layers[-1]
        return last if isinstance(last, CompositeCathode) else None

    @property
    def left_electrode(self) -> Electrode:
        """The lithium electrode on the left, which every cell has."""
        left = self.layers[0]
        assert isinstance(left, Electrode)
        return left

    def require_symmetric(self) -> None:
        """Refuse a full cell where two lithium electrodes are needed.

        Raises
        ------
        InputError
            The cell has a cathode.
        """
        if self.cathode is not None:
            where = f"layers.{len(self.layers) - 1}"
            expected = "a lithium electrode: this is for symmetric cells only"
            raise InputError(Problem("", where, f"the cathode {self.cathode.material}", expected))

    @property
    def electrodes(self) -> tuple[Electrode, Electrode]:
        """The left and the right lithium electrode of a symmetric cell.

        Raises
        ------
        InputError
            The cell has a cathode, so there is one lithium electrode only, `left_electrode`.
        """
        self.require_symmetric()
        right = self.layers[-1]
        assert isinstance(right, Electrode)
        return self.left_electrode, right

    @property
    def electrolytes(self) -> tuple[Electrolyte, ...]:
        """The electrolyte layers from left to right."""
        return tuple(layer for layer in self.layers if isinstance(layer, Electrolyte))

    @property
    def left_interlayers(self) -> tuple[Interlayer, ...]:
        """The interlayers of the left side, from the metal to the electrolyte."""
        first = next(i for i, layer in enumerate(self.layers) if isinstance(layer, Electrolyte))
        return tuple(layer for layer in self.layers[:first] if isinstance(layer, Interlayer))

    @property
    def right_interlayers(self) -> tuple[Interlayer, ...]:
        """The interlayers of the right side, from the metal to the electrolyte."""
        first = next(i for i, layer in enumerate(self.layers) if isinstance(layer, Electrolyte))
        inside = (layer for layer in self.layers[first:] if isinstance(layer, Interlayer))
        return tuple(reversed(tuple(inside)))


def protocol_problems(
    protocol: tuple[Item, ...], capacity: float | None, full: bool
) -> Iterator[tuple[str, str, str]]:
    """Yield what a protocol asks that a cell of this kind, or without a capacity, cannot do."""
    for index, item in enumerate(protocol):
        where = f"protocol.{index}"
        yield from kind_of_cell_problems(item, where, full)
        for field, rate in c_rates_of(item, where) if capacity is None else ():
            yield field, rate.text(), "a current density, or the field 'capacity' that 1C refers to"


def _plain(value: Any) -> Any:
    """Return the value with lists for tuples, as YAML and JSON have them."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
