"""Names of the columns of a table of measured data: those of the Battery Data Format (BDF).

The quantity and its unit stand in the name, joined by " / ". Current is positive where the cell is
charged; in a symmetric cell where lithium goes from the counter to the working electrode or as the
instrument has it.

Source: Battery Data Alliance, Battery Data Format, https://battery-data-alliance.org.
"""

from __future__ import annotations

__all__ = [
    "AMBIENT_TEMPERATURE",
    "CHARGING_CAPACITY",
    "CURRENT",
    "CYCLE",
    "DISCHARGING_CAPACITY",
    "REQUIRED",
    "STEP",
    "STEP_INDEX",
    "TEST_TIME",
    "UNIX_TIME",
    "VOLTAGE",
]

TEST_TIME = "Test Time / s"
VOLTAGE = "Voltage / V"
CURRENT = "Current / A"
UNIX_TIME = "Unix Time / s"
CYCLE = "Cycle Count / 1"
STEP = "Step Count / 1"  # rises with every step that was run
STEP_INDEX = "Step Index / 1"  # the line of the programme, which loops repeat
AMBIENT_TEMPERATURE = "Ambient Temperature / degC"
CHARGING_CAPACITY = "Charging Capacity / Ah"
DISCHARGING_CAPACITY = "Discharging Capacity / Ah"

REQUIRED = (TEST_TIME, VOLTAGE, CURRENT)
