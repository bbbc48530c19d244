"""Signatures of the laws that a cell file can choose by name.

A law is a compiled function of floats. All laws of one slot share one signature, so that the
compiled electrode calls whichever was chosen without being compiled again.
"""

import warnings

from numba import NumbaExperimentalFeatureWarning, types

# numba calls functions as arguments experimental and says so at every line that has one. The
# versions in requirements.lock are tested with it, and a user can do nothing about it.
warnings.filterwarnings(
    "ignore", message="First-class function type", category=NumbaExperimentalFeatureWarning
)

_f = types.float64

CONTACT = _f(_f, _f)
"""contact_law(void_capacity, void_scale) -> contact fraction."""

VOID = _f(_f, _f, _f, _f, _f)
"""void_model(face_current, replenishment, void_capacity, smallest_capacity, refill) -> rate."""

REPLENISHMENT = _f(_f, _f, _f, _f, _f)
"""replenishment_law(pressure, diffusive, creep, reference_pressure, exponent) -> current."""

SEI_GROWTH = _f(_f, _f, _f)
"""sei_growth_law(thickness, initial_thickness, rate_constant) -> velocity."""

FILAMENT = _f(_f, _f, _f, _f)
"""filament_law(overpotential, critical, tip_exchange_current, thermal_voltage) -> tip current."""

KERNEL_LAWS = types.Tuple(
    [types.FunctionType(s) for s in (CONTACT, VOID, REPLENISHMENT, SEI_GROWTH, FILAMENT)]
)
"""The chosen laws as one argument of the compiled electrode, in this order."""
