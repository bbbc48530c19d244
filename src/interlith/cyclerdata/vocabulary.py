"""Which headings stand for which column of BDF: what most programs share, and how one differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from interlith.cyclerdata import columns
from interlith.cyclerdata.contents import CELL
from interlith.cyclerdata.headings import Heading
from interlith.cyclerdata.measures import CLOCK, conversion, is_clock, kind_of_label

__all__ = ["COMMON", "Column", "Pick", "column", "pick_columns", "with_own"]


@dataclass(frozen=True)
class Column:
    """How one column of BDF may be called.

    Attributes
    ----------
    label : str
        Its preferred label in BDF.
    keys : tuple of str
        Headings as `headings.key_of` leaves them, the better column first where a file has several;
        one with an exclamation mark counts only with a unit, as `Step (Sec)` beside `Step`.
    unit : str
        Unit where a heading has none; empty where it cannot be known.
    """

    label: str
    keys: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True)
class Pick:
    """A column of a file that was chosen.

    Attributes
    ----------
    label : str
        Of BDF.
    index : int
        Where it stands in the file, from 0.
    heading : Heading
        As the file has it.
    unit : str
        In which it is; `CLOCK` where it is written as hours, minutes and seconds.
    sign : float
        -1 where the file has the negative of it.
    assumed : bool
        Whether the unit is that of its kind because the file states none.
    """

    label: str
    index: int
    heading: Heading
    unit: str
    sign: float = 1.0
    assumed: bool = False


def column(label: str, keys: str, unit: str = "") -> Column:
    """Return a column whose keys are parted by spaces."""
    return Column(label, tuple(keys.split()), unit)


# A heading that names its own unit: the volts of Maccor and of many hands.
_NAMED_UNITS = {
    "volts": "V",
    "volt": "V",
    "mvolts": "mV",
    "amps": "A",
    "amp": "A",
    "mamps": "mA",
    "amphr": "Ah",
    "mamphr": "mAh",
    "watthr": "Wh",
    "mwatthr": "mWh",
}
# Few programs say when a capacity is set back; BDF's word for that is Schedule.
COMMON: tuple[Column, ...] = (
    column(
        columns.TEST_TIME,
        "testtime totaltime runtime elapsedtime time t test! relativetime experimenttime elapsed "
        "programduration progtime programtime timesincestart",
    ),
    column(
        columns.VOLTAGE,
        "voltage cellvoltage ecell eweece ewe potential cellpotential volts volt mvolts "
        "terminalvoltage ucell vcell u e v vf",
    ),
    column(
        columns.CURRENT,
        "current i cellcurrent amps amp mamps appliedcurrent icell im currentdensity j",
    ),
    column(
        columns.UNIX_TIME,
        "unixtime datetime date dateandtime realtime systemtime systime absolutetime timestamp "
        "dpttime datetimeisostring",
    ),
    column(columns.CYCLE, "cyclecount cycleindex cyclenumber cycleid cycle cyc cycleno cyclec"),
    column(columns.STEP, "stepcount"),
    column(columns.STEP_INDEX, "stepid stepindex stepnumber stepno step steps"),
    column(columns.STEP_TIME, "steptime tstep stepduration"),
    column(columns.STEP_TYPE, "steptype stepname state status"),
    column(columns.RECORD, "recordindex datapoint recordid recordnumber record rec index"),
    column(columns.AMBIENT_TEMPERATURE, "ambienttemperature ambienttemp tenv chambertemperature"),
    column(
        columns.TEMPERATURE_1,
        "temperature temp t1 temp1 temperature1 auxtemperature1 celltemperature tempcell",
        "degC",
    ),
    column("Schedule Charging Capacity / Ah", "chargecapacity chargingcapacity chgcap qcharge"),
    column(
        "Schedule Discharging Capacity / Ah",
        "dischargecapacity dischargingcapacity dchgcap qdischarge",
    ),
    # Nobody writes other units of impedance without saying so; that they were taken is noted.
    column(columns.FREQUENCY, "freq frequency f", "Hz"),
    column(columns.REAL, "re(z) z' zreal realz zre realimpedance rez reals", "ohm"),
    column(
        columns.IMAGINARY,
        "-im(z) -z'' -zimag -zim -imz -im -imagz im(z) z'' z\" zimag imagz zim zimg "
        "imaginaryimpedance imz",
        "ohm",
    ),
    column(columns.MODULUS, "|z| zmod absoluteimpedance modulus impedance absz z", "ohm"),
    column(columns.PHASE, "phase(z) zphz phase phaseangle theta", "deg"),
    column(CELL, "channel ch cell cellid cellname channelid testid barcode"),
)


def with_own(own: Iterable[Column]) -> tuple[Column, ...]:
    """Return the common columns with those of one format in their place."""
    by_label = {entry.label: entry for entry in COMMON} | {entry.label: entry for entry in own}
    return tuple(by_label.values())


def pick_columns(
    headings: Sequence[Heading],
    known: Sequence[Column],
    units: Mapping[int, str] | None = None,
) -> dict[str, Pick]:
    """Return the columns of a file that are known, by their label.

    Parameters
    ----------
    headings
        Of all columns, in order.
    known
        What they may be called.
    units
        By column, where they stand in a line of their own.
    """
    at: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        at.setdefault(heading.key, []).append(index)
    picks: dict[str, Pick] = {}
    taken: set[int] = set()
    for entry in known:
        found = _first_pick(entry, headings, at, units or {}, taken)
        if found is not None:
            picks[entry.label] = found
            taken.add(found.index)
    return picks


def _first_pick(
    entry: Column,
    headings: Sequence[Heading],
    at: Mapping[str, Sequence[int]],
    units: Mapping[int, str],
    taken: set[int],
) -> Pick | None:
    for key in entry.keys:
        plain = key.rstrip("!")
        for index in at.get(plain, ()):
            heading = headings[index]
            if index in taken or (plain != key and not heading.unit):
                continue
            stated = heading.unit or units.get(index, "") or _NAMED_UNITS.get(plain, "")
            if fits(entry.label, stated or entry.unit):
                sign = -1.0 if key.startswith("-") else 1.0
                unit = stated or entry.unit
                return Pick(entry.label, index, heading, unit, sign, assumed=not stated)
    return None


def fits(label: str, unit: str) -> bool:
    """Return whether a column of BDF can be had from a unit, or the unit is not stated."""
    if not unit or label in (*columns.TEXT, CELL):
        return True
    kind = kind_of_label(label)
    if is_clock(unit) or unit == CLOCK:
        return kind == "time"
    if kind == "current" and conversion(unit, "density") is not None:
        return True
    return conversion(unit, kind) is not None
