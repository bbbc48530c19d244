"""The signs of a failure, each with a name by which it can be switched off, and its thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ALL_CRITERIA", "Criterion", "Evidence", "Thresholds"]


class Criterion(StrEnum):
    """What can tell that something happened."""

    DROP = "voltage drop"
    LEVEL = "falling resistance"
    OHMIC = "ohmic"
    NOISE = "noise"
    RISE = "voltage rise"
    LIMIT = "voltage limit"
    IMPEDANCE = "impedance"


MEANINGS = {
    Criterion.DROP: "voltage falls abruptly at constant current",
    Criterion.LEVEL: "a half-cycle begins with less resistance than those before foretell",
    Criterion.OHMIC: "afterwards voltage is proportional to current and shows no transient",
    Criterion.NOISE: "voltage fluctuates several times as much as before",
    Criterion.RISE: "voltage rises at constant current by a factor",
    Criterion.LIMIT: "voltage reaches the limit of the test",
    Criterion.IMPEDANCE: "the arc of the impedance collapses",
}

ALL_CRITERIA = frozenset(Criterion)


@dataclass(frozen=True)
class Thresholds:
    """Conventions by which signs become events; none is fitted to a measurement.

    Parameters
    ----------
    significance : float
        Standard errors by which a change must exceed noise: a ramp is some ten thousand looks, and
        the noise itself is only estimated.
    smallest_depth : float
        Part of the voltage below which a drop is no short.
    smallest_shift : float
        Part of the voltage below which a half-cycle that begins lower than foretold is no short:
        the foretelling is less sure than a look at one half-cycle.
    hard_short : float
        Part of the voltage below which what is left is called hard: metal right through, against
        which the cell's own resistance no longer counts.
    recovered : float
        Part of what was lost that must come back for a short to be called reversible.
    contact_loss : float
        Factor by which the voltage rises within a half-cycle when contact is lost: it diverges,
        while voids that the next half-cycle refills raise it by less.
    contact_loss_sudden : float
        The same where most of the rise happens in the last fifth of the half-cycle.
    contact_loss_at_limit : float
        The same where the rise ends at the voltage limit, so that nobody saw how far it would go.
    contact_lost : float
        Factor by which a whole half-cycle exceeds what is foretold when contact is lost for good.
    noise : float
        Factor by which noise rises with a soft short.
    voltage_limit : float or None
        Limit of the test [V]; None if not known.
    """

    significance: float = 6.0
    smallest_depth: float = 0.06
    smallest_shift: float = 0.08
    hard_short: float = 0.08
    recovered: float = 0.5
    contact_loss: float = 8.0
    contact_loss_sudden: float = 3.0
    contact_loss_at_limit: float = 1.5
    contact_lost: float = 3.0
    noise: float = 3.0
    voltage_limit: float | None = None


@dataclass(frozen=True)
class Evidence:
    """One sign: which criterion, when [s], how strong, in words."""

    criterion: Criterion
    time: float
    strength: float
    text: str
