"""Looks up values for a cell and remembers every one of them with its provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlith.errors import InputError, Problem
from interlith.materials.used import UsedValue, doubtful_first
from interlith.units import format_si

if TYPE_CHECKING:
    from interlith.materials.library import Library
    from interlith.materials.material import Material


class Gatherer:
    """Takes each value from the cell file if it stands there, else from the library.

    Parameters
    ----------
    library : Library
        Where values come from that the cell does not give.
    temperature : float
        Temperature of the cell [K].
    """

    def __init__(self, library: Library, temperature: float) -> None:
        self.library = library
        self.temperature = temperature
        self._used: dict[tuple[str, str], UsedValue] = {}

    def given(self, where: str, name: str, value: float, dimension: str, unit: str) -> float:
        """Take a value of the cell file and remember it.

        Parameters
        ----------
        where, name : str
            Part of the cell, and property.
        value : float
            SI value.
        dimension, unit : str
            Named dimension for showing it, and SI unit.

        Returns
        -------
        float
            The value.
        """
        shown = format_si(value, dimension)
        self._note(UsedValue(where, name, value, unit, shown, "given", "cell file"))
        return value

    def property(
        self,
        where: str,
        material: Material,
        name: str,
        layer: Any = None,
        composition: float | None = None,
    ) -> float:
        """Take a property at the temperature of the cell and remember it.

        Parameters
        ----------
        where : str
            Part of the cell, for reports.
        material : Material
            Library material.
        name : str
            Property.
        layer : Layer or Sei, optional
            Part of the cell whose own ``properties`` come first.
        composition : float, optional
            Composition for properties that depend on it.

        Returns
        -------
        float
            SI value. A value given in the cell file holds at the temperature of the cell.
        """
        prop = material[name]
        own = None if layer is None else layer.override(name, prop.unit)
        if own is not None:
            written = str(layer.properties[name])
            self._note(UsedValue(where, name, own, prop.unit, written, "given", "cell file"))
            return float(own)
        value = float(prop.at(self.temperature, composition))
        source = "" if prop.source is None else str(prop.source)
        self._note(
            UsedValue(
                where,
                f"{name}" if composition is None else f"{name} (x = {composition:.3g})",
                value,
                prop.unit,
                prop.given,
                prop.kind,
                source or prop.note,
                prop.low,
                prop.high,
            )
        )
        return value

    def material(self, name: str | None, field: str, expected: str) -> Material:
        """Find a material that another one refers to.

        Parameters
        ----------
        name : str or None
            Its name.
        field, expected : str
            For the message if there is none.

        Returns
        -------
        Material
            The material.

        Raises
        ------
        InputError
            If no name is given.
        """
        if name is None:
            raise InputError([Problem("", field, "nothing", expected)])
        return self.library[name]

    def used_values(self) -> list[UsedValue]:
        """All values taken so far, the doubtful ones first.

        Returns
        -------
        list of UsedValue
            Assumed, fitted, computed, measured, given.
        """
        return doubtful_first(list(self._used.values()))

    def _note(self, used: UsedValue) -> None:
        self._used.setdefault((used.where, used.property), used)
