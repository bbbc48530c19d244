"""Names of the columns of a table of measured data: those of the Battery Data Format (BDF).

The quantity and its unit stand in the name, joined by " / ". Current is positive where the cell is
charged; in a symmetric cell where lithium goes from the counter to the working electrode or as the
instrument has it.

Source: Battery Data Alliance, Battery Data Format, terms of its ontology 1.3.0 as listed in the
README of github.com/battery-data-alliance/battery-data-format (read there). Labels are its
"preferred labels", which are written; its machine-readable names are understood on input.
"""

from __future__ import annotations

__all__ = [
    "AMBIENT_TEMPERATURE",
    "CHARGING_CAPACITY",
    "CURRENT",
    "CYCLE",
    "DISCHARGING_CAPACITY",
    "FREQUENCY",
    "IMAGINARY",
    "LABELS",
    "LEGACY",
    "MODULUS",
    "NET_CAPACITY",
    "PHASE",
    "POWER",
    "REAL",
    "RECORD",
    "REQUIRED",
    "STEP",
    "STEP_INDEX",
    "STEP_TIME",
    "STEP_TYPE",
    "SURFACE_TEMPERATURE",
    "TEMPERATURE_1",
    "TEST_TIME",
    "TEXT",
    "UNIX_TIME",
    "VOLTAGE",
    "label_of",
    "unit_of",
]

TEST_TIME = "Test Time / s"
VOLTAGE = "Voltage / V"
CURRENT = "Current / A"
UNIX_TIME = "Unix Time / s"
CYCLE = "Cycle Count / 1"
STEP = "Step Count / 1"  # rises with every step that was run
# The line of the programme, which loops repeat. Many files call it "Step Index / 1", which BDF
# meant for the number of the record within its step, and has given up with 1.3.
STEP_INDEX = "Step ID"
STEP_TIME = "Step Time / s"
STEP_TYPE = "Step Type"
RECORD = "Record Index / 1"
AMBIENT_TEMPERATURE = "Ambient Temperature / degC"
SURFACE_TEMPERATURE = "Surface Temperature / degC"
TEMPERATURE_1 = "Temperature T1 / degC"
CHARGING_CAPACITY = "Charging Capacity / Ah"  # since the start of the test, never set back
DISCHARGING_CAPACITY = "Discharging Capacity / Ah"
NET_CAPACITY = "Net Capacity / Ah"
POWER = "Power / W"
FREQUENCY = "Frequency / Hz"
REAL = "Real Impedance / ohm"
IMAGINARY = "Imaginary Impedance / ohm"
MODULUS = "Absolute Impedance / ohm"
PHASE = "Phase / deg"

REQUIRED = (TEST_TIME, VOLTAGE, CURRENT)
TEXT = (STEP_TYPE,)
"""Columns that hold words; all others hold numbers."""

# Unit in a label -> how it ends a machine-readable name.
_ENDINGS = {
    "s": "_second",
    "V": "_volt",
    "A": "_ampere",
    "degC": "_celsius",
    "Ah": "_ah",
    "Wh": "_wh",
    "W": "_watt",
    "ohm": "_ohm",
    "Hz": "_hertz",
    "deg": "_degree",
    "Pa": "_pa",
    "1": "",
}
_OF_CHARGE = tuple(
    f"{scope}{what} {amount}"
    for scope in ("", "Step ", "Cycle ", "Schedule ")
    for what in ("Charging", "Discharging", "Net", "Cumulative")
    for amount in ("Capacity / Ah", "Energy / Wh")
    if not (scope == "Schedule " and what in ("Net", "Cumulative"))
)
LABELS: tuple[str, ...] = (
    *REQUIRED,
    UNIX_TIME,
    CYCLE,
    STEP,
    AMBIENT_TEMPERATURE,
    RECORD,
    STEP_INDEX,
    STEP_TYPE,
    STEP_TIME,
    "Step Record Index / 1",
    *_OF_CHARGE,
    POWER,
    "Internal Resistance / ohm",
    "AC Internal Resistance / ohm",
    "DC Internal Resistance / ohm",
    "Ambient Pressure / Pa",
    "Applied Pressure / Pa",
    "Surface Pressure / Pa",
    SURFACE_TEMPERATURE,
    *(f"Temperature T{number} / degC" for number in range(1, 6)),
    FREQUENCY,
    REAL,
    IMAGINARY,
    MODULUS,
    PHASE,
)
"""Every preferred label, the required ones first."""

LEGACY = {
    "Step Index / 1": STEP_INDEX,
    "step_index": STEP_INDEX,
    "Step Capacity / Ah": "Step Cumulative Capacity / Ah",
    "step_capacity_ah": "Step Cumulative Capacity / Ah",
    "Step Energy / Wh": "Step Cumulative Energy / Wh",
    "step_energy_wh": "Step Cumulative Energy / Wh",
}
"""Names that BDF has given up -> what stands for them."""


def _machine_name(label: str) -> str:
    quantity, _, unit = label.partition(" / ")
    return quantity.lower().replace(" ", "_") + _ENDINGS.get(unit, "")


_BY_NAME = {_machine_name(label): label for label in LABELS} | {
    label.lower(): label for label in LABELS
}


def label_of(name: str) -> str | None:
    """Return the preferred label of a column called `name`, None where BDF has no such column."""
    known = _BY_NAME.get(" ".join(name.split()).lower())
    return known or LEGACY.get(name.strip())


def unit_of(label: str) -> str:
    """Return the unit in a label; nothing for words and numbers of a programme."""
    return label.partition(" / ")[2]
