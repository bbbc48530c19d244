"""Critical-current tests: half-cycles from the current, events from the voltage, a verdict.

`pulses` finds what the cycler did, `course` breaks each half-cycle into plateaus and jumps,
`healthy` foretells the next one, `events` walks through them, `support` adds what noise, Ohm's law
and impedance say, `analysis` gives the verdict. `trials` makes ramps with a known truth.
"""

from __future__ import annotations

from interlith.cyclerdata.ccd.analysis import CcdAnalysis, analyse_ccd
from interlith.cyclerdata.ccd.criteria import ALL_CRITERIA, Criterion, Evidence, Thresholds
from interlith.cyclerdata.ccd.events import Event, EventKind
from interlith.cyclerdata.ccd.replicates import Spread, spread_of

__all__ = [
    "ALL_CRITERIA",
    "CcdAnalysis",
    "Criterion",
    "Event",
    "EventKind",
    "Evidence",
    "Spread",
    "Thresholds",
    "analyse_ccd",
    "spread_of",
]
