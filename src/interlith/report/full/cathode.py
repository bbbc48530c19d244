"""Inside the cathode at the ends of chosen steps, from the separator to the collector."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from interlith.report.full.curves import cycle_label
from interlith.report.full.view import FullView
from interlith.report.pictures.picture import Picture
from interlith.report.style import DOUBLE_COLUMN_MM, Margins, canvas, letter, sequence
from interlith.report.view import FRACTION, MA_CM2, MA_CM3, NM, UM, FieldUnit, V

__all__ = ["CATHODE", "chosen_profiles"]

MOST_CYCLES = 3
QUANTITIES: tuple[tuple[str, str, FieldUnit], ...] = (
    ("mean_stoichiometry", "Lithium content x\nof the particles", FRACTION),
    ("surface_stoichiometry", "Lithium content x\nat their surface", FRACTION),
    ("potential_difference", "Electronic minus\nionic potential", V),
    ("insertion_rate", "Insertion rate", MA_CM3),
    ("ionic_current_density", "Ionic current\ndensity", MA_CM2),
    ("interphase_thickness", "Cathode interphase", NM),
)


def chosen_profiles(view: FullView) -> dict[int, str]:
    """Return profiles at the ends of charge and discharge of up to three cycles, with labels."""
    cycles = view.chosen
    if len(cycles) > MOST_CYCLES:
        speed = {c: b.current_mA_cm2 for b in view.blocks for c in cycles if b.first <= c <= b.last}
        fastest = max(cycles[1:-1], key=lambda cycle: speed.get(cycle, 0.0))
        cycles = [cycles[0], fastest, cycles[-1]]
    hours = view.series("profile_time", FieldUnit("h", 3600.0))
    found = {}
    for cycle in cycles:
        for discharge in (False, True):
            rows = view.leg(cycle, discharge=discharge).rows
            if len(rows):
                end = float(view.hours[rows[-1]])
                state = "discharged" if discharge else "charged"
                found[int(abs(hours - end).argmin())] = f"{cycle_label(view, cycle)}, {state}"
    return found


def _draw(view: FullView) -> Figure:
    chosen = chosen_profiles(view)
    looks = sequence(list(chosen.values()))
    margins = Margins(left=17, right=4, top=16, bottom=11, across=19, down=15)
    figure, panels = canvas(DOUBLE_COLUMN_MM, 118.0, 2, 3, margins)
    depth = view.series("cathode_position", UM)
    flat = [axes for row in panels for axes in row]
    for axes, (name, label, unit), mark in zip(flat, QUANTITIES, "abcdef", strict=True):
        values = view.series(f"profile_{name}", unit)
        for index, look in zip(chosen, looks, strict=True):
            axes.plot(depth, values[index], **look.line())
        axes.set_ylabel(unit.label(label))
        axes.set_xlabel(f"← separator   {UM.label('Depth')}   collector →", fontsize=6.5)
        axes.ticklabel_format(axis="y", useOffset=False)
        axes.set_xlim(left=0.0)
        letter(axes, mark)
    flat[-1].set_ylim(bottom=0.0)  # growth of a thousandth shall not look like growth
    handles = [Line2D([], [], label=look.label, **look.line()) for look in looks]
    figure.legend(handles=handles, loc="upper center", ncols=3, bbox_to_anchor=(0.5, 1.0))
    return figure


def _caption(view: FullView) -> str:
    return (
        "Through the cathode at the ends of a charge and a discharge of the first, the fastest and "
        "the last of the chosen cycles. x is the lithium content of LixMO2; where the surface runs "
        "ahead of the mean, diffusion in the particles limits. Insertion that sits at the "
        "separator means that ions are slow, at the collector that electrons are. Insertion and "
        "currents are positive on discharge."
    )


def _absent(view: FullView) -> str | None:
    if not view.kept or not view.data.sizes.get("profile", 0) or not chosen_profiles(view):
        return "Left out: no step ran to its end."
    return None


CATHODE = Picture("cathode-profiles", "Inside the cathode", (), _draw, _caption, _absent)
