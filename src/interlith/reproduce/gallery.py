"""The figure gallery, in the order of the paper: what each picture shows, and what runs for it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlith.reproduce import pictures
from interlith.reproduce.full_studies import UPPER, fluoride_cell
from interlith.reproduce.studies import all_studies, row_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from interlith.reproduce.outcome import Outcome, Reproduction
    from interlith.simulation.full_result import FullResult
    from interlith.simulation.interlayer import Evolution
    from interlith.simulation.result import Result

__all__ = ["GALLERY", "Entry", "Runs", "drawn"]

PARTICLES = ("Mg", "Bi", "Zn", "LiF")


@dataclass
class Runs:
    """Runs with the library as it is, made when a picture first asks for them."""

    found: Reproduction
    folder: Path | None = None
    """Where each is saved, or None."""
    _symmetric: dict[str, Result] = field(default_factory=dict)
    _full: dict[str, FullResult] = field(default_factory=dict)

    @cached_property
    def ids(self) -> set[str]:
        """Ids of the rows that were asked for."""
        return {outcome.id for outcome in self.found.outcomes}

    def outcome(self, name: str) -> Outcome:
        """Return a row."""
        return next(outcome for outcome in self.found.outcomes if outcome.id == name)

    def symmetric(self, name: str) -> Result:
        """Return the run of a symmetric cell by the name of its example."""
        if name not in self._symmetric:
            from interlith.simulation import simulate_symmetric

            self._symmetric[name] = simulate_symmetric(_cell(name))
            self._save(name, self._symmetric[name])
        return self._symmetric[name]

    def full(self, name: str) -> FullResult:
        """Return the run of a full cell by the name of its example."""
        if name not in self._full:
            from interlith.simulation.full_run import simulate_full

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # counted in the result
                self._full[name] = simulate_full(_cell(name))
            self._save(name, self._full[name])
        return self._full[name]

    @cached_property
    def evolution(self) -> Evolution:
        """The life of the layer of the reference."""
        from interlith.reproduce.layer_studies import forming_cell
        from interlith.simulation import interlayer

        return interlayer.evolve(forming_cell())

    def _save(self, name: str, result: Result | FullResult) -> None:
        if self.folder is not None:
            result.save(self.folder / name)


def _cell(name: str) -> Any:
    for study in all_studies():
        cells = study.cells()
        if name in cells:
            return cells[name]
    raise KeyError(name)


@dataclass(frozen=True)
class Entry:
    """A picture of the gallery."""

    name: str
    place: str
    """Where the paper shows its like."""
    title: str
    rows: tuple[str, ...]
    """Drawn when all of these were asked for."""
    draw: Callable[[Runs], Figure]
    caption: str


def _barriers(runs: Runs) -> Figure:
    from interlith.atomistic.shipped import shipped_barriers
    from interlith.report.adatom_paths import draw_barriers
    from interlith.reproduce.looked_up import FACE, HOST, METALS

    records: dict[str, dict[str, Any]] = {metal: {} for metal in METALS.values()}
    for record in shipped_barriers():
        if record.metal in records and (record.host, record.surface.miller) == (HOST, FACE):
            records[record.metal][record.potential] = record
    return draw_barriers(records)


def _particles(runs: Runs) -> Figure:
    from interlith.particle import lithiate
    from interlith.report.particle_maps import particle_maps

    return particle_maps([lithiate(metal=metal) for metal in PARTICLES])


def _ladders(runs: Runs) -> Figure:
    from interlith.report.thermo import draw_ladders
    from interlith.thermo import Phases

    phases = Phases("default")
    return draw_ladders({metal: phases.voltage_profile(metal) for metal in ("Bi", "Zn")})


def _life(name: str) -> Callable[[Runs], Figure]:
    def draw(runs: Runs) -> Figure:
        from interlith.report import life

        made: Figure = getattr(life, name)(runs.evolution)
        return made

    return draw


def _cycled(runs: Runs) -> Figure:
    headings = {
        "cyc-mgbi-25": "Mg16Bi84, 25 °C, 1.2 mA/cm²",
        "cyc-mgbi-80": "Mg16Bi84, 80 °C, 6.0 mA/cm²",
        "short-bare": "bare Li, 80 °C, rising current",
    }
    words = {
        "cyc-mgbi-25": "no short in 2,700 h",
        "cyc-mgbi-80": "no short in 1,798 h",
        "short-bare": "short at 1.1 mA/cm²",
    }
    return pictures.cycling(
        {heading: runs.symmetric(name) for name, heading in headings.items()},
        {headings[name]: text for name, text in words.items()},
    )


def _ramps(runs: Runs) -> Figure:
    names = [outcome.id for outcome in runs.found.outcomes if outcome.group == "ccd"]
    return pictures.ramps(
        {name: runs.symmetric(name) for name in names},
        {name: row_of(name).value for name in names},
    )


def _point(name: str, cycle: float) -> tuple[float, float, str]:
    row = row_of(name)
    return cycle, row.value, f"{row.value:g}"


def _rates(runs: Runs) -> Figure:
    return pictures.capacities(
        [
            pictures.Curve(
                "0.5C, 1C, 2C, 0.5C at 80 °C",
                runs.full("full-cl-0.5C"),
                points=(
                    _point("full-cl-0.5C", 2),
                    _point("full-cl-2C", 12),
                    _point("full-cl-return", 17),
                ),
            ),
            pictures.Curve(
                "3C at 80 °C", runs.full("full-cl-3C"), points=(_point("full-cl-3C", 304),)
            ),
        ]
    )


def _long(runs: Runs) -> Figure:
    thick = row_of("full-f-7.64-initial").value
    kept = row_of("full-f-7.64-fade").value / 100.0 * thick
    return pictures.capacities(
        [
            pictures.Curve(
                "0.51 mAh/cm², 5C, 80 °C", runs.full("full-f-0.51-80"), per_mass=True,
                points=(_point("full-f-0.51-80", 444),),
            ),
            pictures.Curve(
                "7.64 mAh/cm², C/3, 80 °C", runs.full("full-f-7.64-initial"),
                points=((2, thick, f"{thick:g}"), (42, kept, f"{kept:.2g} (80 %)")),
            ),
        ]
    )  # fmt: skip


def _supplement(runs: Runs) -> Figure:
    return pictures.capacities(
        [
            pictures.Curve(
                "0.51 mAh/cm², 5C, 60 °C", runs.full("full-f-0.51-60"), per_mass=True,
                points=(_point("full-f-0.51-60", 681),),
            ),
            pictures.Curve(
                "1.27 mAh/cm², 3C, 60 °C", runs.full("full-f-1.27-60"), per_mass=True,
                points=(_point("full-f-1.27-60", 300),),
            ),
            pictures.Curve("Bi-only layer, 80 °C", runs.full("bi-only")),
            pictures.Curve("NCA, Li3YCl6, 25 °C", runs.full("nca-lyc")),
        ]
    )  # fmt: skip


def _fluoride(runs: Runs) -> Figure:
    from interlith.simulation.full_run import simulate_full

    return pictures.fluoride(
        {f"charged to {upper}": simulate_full(fluoride_cell(upper)) for upper in UPPER}
    )


CCD_ROWS = ("ccd-bare-25", "ccd-mgbi-1h")
GALLERY = (
    Entry(
        "fig1-depth", "Fig. 1d, e", "Magnesium over depth after ten cycles", ("profile-mg",),
        _life("depth_profiles"),
        "Magnesium in lithium, layer and interphase of both sides. Measured: high in the "
        "interphase, near zero inside the layer, high at the lithium.",
    ),
    Entry(
        "fig1-lithium", "Fig. 1d", "Where lithium plates", ("plating-site",),
        _life("lithium_ledger"),
        "Lithium by store over the cycles. Measured: at the lithium first, then into the pores, "
        "not at the electrolyte. In the model pores at the electrolyte fill as well.",
    ),
    Entry(
        "fig1-particles", "Fig. 1f, g", "Lithium in particles of four materials",
        ("mobility-order",), _particles,
        "Cross-sections after an hour with the middle of published diffusivities; "
        "the thin shells of Zn and Bi of the reference do not come out.",
    ),
    Entry(
        "fig1-potential", "Fig. 1h", "Potential at the electrolyte side", ("potential-interface",),
        _life("potential_profiles"),
        "Measured: about 0.7 V while plating. In the model the plateau of the host shows while it "
        "fills on contact; afterwards the layer sits near the potential of lithium.",
    ),
    Entry(
        "fig1-barriers", "Fig. 1i, j", "Barriers of Mg and Zn on Li3Bi(110)", ("neb-mg", "neb-zn"),
        _barriers,
        "Energy along the easiest crossing by two potentials. Density functional theory of the "
        "reference: 0.03 eV (Mg) and 0.12 eV (Zn).",
    ),
    Entry(
        "fig2-cycling", "Fig. 2a to c, SI Fig. 33", "Symmetric cycling",
        ("cyc-mgbi-25", "cyc-mgbi-80", "short-bare"), _cycled,
        "Voltage of the model. The measured outcome stands above each panel.",
    ),
    Entry(
        "fig3-rates", "Fig. 3a, b", "Rate tests of LiCl-coated NMC811",
        ("full-cl-0.5C", "full-cl-3C"), _rates,
        "Discharge capacities of the model, measured ones as points at the cycle assumed for them.",
    ),
    Entry(
        "fig4-fluoride", "Fig. 4b to f", "Fluoride in the particle", ("f-migration",), _fluoride,
        "After ten cycles. Measured: at the surface up to 4.1 V, in the bulk after 4.3 V.",
    ),
    Entry(
        "fig4-cycling", "Fig. 4g, h", "Cycling of fluorinated NMC811",
        ("full-f-0.51-80", "full-f-7.64-initial"), _long,
        "Discharge capacities of the model, measured ones as points.",
    ),
    Entry(
        "si-ramps", "SI Figs 2, 19, 20, 28 to 31, 44a", "Critical-current tests", CCD_ROWS, _ramps,
        "Voltage until the first failure of the model, and where the ramp reaches the measured "
        "critical current.",
    ),
    Entry(
        "si-ladders", "SI Fig. 13", "Lithiation of Bi and Zn at equilibrium",
        ("li3bi-voltage", "zn-uptake"), _ladders,
        "Over all sets of energies. Measured: 3 Li per Bi at 0.7 V, about 0.3 Li per Zn near it.",
    ),
    Entry(
        "si-cells", "SI Figs 37, 38, 41, 44b", "Other full cells",
        ("full-f-0.51-60", "bi-only", "nca-lyc"), _supplement,
        "Discharge capacities of the model, measured ones as points. Measured outcomes without a "
        "number: the Bi-only cell shorts fast, the NCA cell is stable for 150 cycles.",
    ),
)  # fmt: skip
"""Pictures in the order of the paper, those of the supplement last."""


def drawn(runs: Runs) -> Iterator[tuple[Entry, Figure]]:
    """Yield the pictures for which all rows were asked for."""
    computed = {o.id for o in runs.found.outcomes if o.verdict != "not computed"}
    for entry in GALLERY:
        if set(entry.rows) <= computed:
            yield entry, entry.draw(runs)
