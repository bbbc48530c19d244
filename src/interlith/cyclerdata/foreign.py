"""What runs in a process of its own: libraries that take binary files apart.

They were not written for hostile files. Here they may fail, hang or grow: the process has limits,
and it hands back a table and a few words through files. Started by `sandbox`, never imported by
a reader.
"""

from __future__ import annotations

import json
import logging
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MEMORY", "PARSERS", "main", "parse_into"]

MEMORY = 2 << 30
LARGEST_OUTPUT = 2 << 30
# Uncompressed, all members together; the measured data of a cell are far below.
LARGEST_ARCHIVE = 512 << 20
MOST_MEMBERS = 10_000
MOST_ROWS = 10_000_000
Parsed = tuple["pl.DataFrame", dict[str, Any]]


class DefectError(Exception):
    """A file is not what its format says; the text names the defect."""


def main() -> None:
    """Parse one file: kind, path, folder for the answer."""
    kind, path, folder = sys.argv[1:4]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    parse_into(kind, Path(path), Path(folder))


def parse_into(kind: str, path: Path, folder: Path) -> None:
    """Write `table.arrow` and `said.json` to a folder; a failure goes to `said.json` alone."""
    try:
        table, said = PARSERS[kind](path)
        if len(table) > MOST_ROWS:
            raise DefectError(f"{len(table)} rows, which is too much")
        table.write_ipc(folder / "table.arrow")
    except Exception as error:  # noqa: BLE001  (whatever a library raises, the answer is a sentence)
        said = {"defect": _sentence(error)}
    (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")


def _sentence(error: Exception) -> str:
    if isinstance(error, DefectError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"it asks for more than {MEMORY >> 30} GiB of memory"
    text = " ".join(str(error).split())[:160]
    reason = f"({type(error).__name__}{': ' if text else ''}{text})"
    # Parsers that were found out rather than specified stop so at what they have not met.
    if isinstance(error, NotImplementedError | AssertionError):
        return f"damaged, or of a version that its parser does not know {reason}"
    return f"damaged or cut short {reason}"


class _Listener(logging.Handler):
    """Keeps what a library logs, for the user to see."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        kept = self.errors if record.levelno >= logging.ERROR else self.warnings
        text = " ".join(record.getMessage().split())[:200]
        if len(kept) < 20 and text not in kept:
            kept.append(text)


def _listen(name: str) -> _Listener:
    listener = _Listener()
    logger = logging.getLogger(name)
    logger.addHandler(listener)
    logger.propagate = False
    return listener


# ------------------------------------------------------------------------------------------- Neware
def _nda(path: Path) -> Parsed:
    import fastnda

    listener = _listen("fastnda")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = fastnda.read(path, cycle_mode="auto")
    facts = _attempt(lambda: _flat(fastnda.read_metadata(path)))
    said = [" ".join(str(warning.message).split())[:200] for warning in caught[:20]]
    said = [*listener.warnings, *dict.fromkeys(said)]
    return table, {"facts": facts, "warnings": said, "damage": listener.errors}


def _ndax(path: Path) -> Parsed:
    broken, garbled = _inspect(path)
    if broken:
        raise DefectError("; ".join(broken[:5]))
    table, said = _nda(path)
    # Garbled words are a loss where the parser needed them to tell auxiliary channels apart.
    key = "damage" if said["damage"] else "warnings"
    return table, {**said, key: [*garbled, *said[key]]}


def _inspect(path: Path) -> tuple[list[str], list[str]]:
    """Return what of an archive cannot be unpacked, and which of its texts are garbled.

    Every member is unpacked once in pieces, so a size that is declared too small is found too.

    Raises
    ------
    DefectError
        The archive is too large to unpack, or holds no records.
    """
    broken, garbled = [], []
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        total = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS or total > LARGEST_ARCHIVE:
            raise DefectError(
                f"an archive of {len(members)} members that unpacks to {total >> 20} MiB, more "
                f"than the {LARGEST_ARCHIVE >> 20} MiB that are read"
            )
        if "data.ndc" not in {member.filename for member in members}:
            raise DefectError("an archive without the member data.ndc")
        for member in members:
            try:
                data = _unpacked(archive, member)
            except Exception as error:  # noqa: BLE001  (each way to pack has errors of its own)
                broken.append(f"{member.filename} cannot be unpacked ({error})")
                continue
            if member.filename.endswith(".xml"):
                garbled += _text_faults(member.filename, data)
    return broken, garbled


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    data = bytearray()
    with archive.open(member) as stream:
        while piece := stream.read(1 << 20):
            data += piece
            if len(data) > LARGEST_ARCHIVE:
                raise DefectError("larger than it declares")
    return bytes(data)


def _text_faults(name: str, data: bytes) -> list[str]:
    """Return where a part of XML is not in the encoding that it declares."""
    declared = re.match(rb"<\?xml[^>]*encoding=[\"']([\w-]{1,20})", data)
    encoding = declared[1].decode() if declared else "utf-8"
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        place = error.start
        return [f"{name} is damaged: byte {place} (0x{data[place]:02x}) is not {encoding}"]
    except LookupError:
        return [f"{name} declares the unknown encoding {encoding}"]
    return []


def _flat(facts: object, name: str = "") -> dict[str, str]:
    """Return nested facts as one mapping of short texts."""
    if isinstance(facts, dict):
        flat: dict[str, str] = {}
        for key, value in list(facts.items())[:200]:
            flat |= _flat(value, f"{name}.{key}" if name else str(key))
        return flat
    return {name: str(facts)[:200]}


def _attempt(make: Callable[[], dict[str, str]]) -> dict[str, str]:
    try:
        return make()
    except Exception:  # noqa: BLE001  (facts beside the data; the data stand without them)
        return {}


# ----------------------------------------------------------------------------------------- BioLogic
def _mpr(path: Path) -> Parsed:
    import polars as pl
    from galvani.BioLogic import MPRfile

    found = MPRfile.__new__(MPRfile)
    try:
        found.__init__(str(path))
    except ValueError:
        # It reads the dates last, and a file with odd dates has its data all the same.
        if not hasattr(found, "npts"):
            raise
    names = [name for name in found.data.dtype.names if name != "flags"]
    series = [pl.Series(name, found.data[name].copy()) for name in names]
    series += [pl.Series(name, found.get_flag(name).astype(int)) for name in found.flags_dict]
    settings = next(
        module["data"] for module in found.modules if module["shortname"] == b"VMP Set   "
    )
    started = getattr(found, "timestamp", None) or getattr(found, "startdate", "")
    return pl.DataFrame(series), {
        "started": str(started),
        "settings": bytes(settings[:4096]).hex(),
    }


# -------------------------------------------------------------------------------------------- Arbin
_ARBIN_COLUMNS = (
    "Test_ID",
    "Data_Point",
    "Test_Time",
    "Step_Time",
    "DateTime",
    "Step_Index",
    "Cycle_Index",
    "Current",
    "Voltage",
    "Charge_Capacity",
    "Discharge_Capacity",
)


def _res(path: Path) -> Parsed:
    import polars as pl
    from access_parser import AccessParser

    logging.getLogger("access_parser").setLevel(logging.CRITICAL)
    database = AccessParser(str(path))
    if "Channel_Normal_Table" not in database.catalog:
        raise DefectError("a database of Access without Arbin's Channel_Normal_Table")
    table = database.get_table("Channel_Normal_Table")
    # Cells are taken apart one by one in Python; those that are not asked for are left alone.
    table.columns = {
        at: column for at, column in table.columns.items() if column.col_name_str in _ARBIN_COLUMNS
    }
    rows = table.parse()
    lengths = {len(values) for values in rows.values()}
    if len(lengths) > 1:
        raise DefectError("its columns have different lengths: rows are damaged")
    frame = pl.DataFrame({name: list(values) for name, values in rows.items()}, strict=False)
    return frame, {"facts": _attempt(lambda: _arbin_facts(database)), "ids": _arbin_ids(database)}


def _arbin_facts(database: Any) -> dict[str, str]:
    rows = database.parse_table("Global_Table")
    return {str(name): str(values[0])[:200] for name, values in rows.items() if len(values)}


def _arbin_ids(database: Any) -> dict[str, str]:
    try:
        rows = database.parse_table("Global_Table")
        pairs = zip(rows["Test_ID"], rows["Test_Name"], strict=True)
        return {str(number): str(name)[:80] for number, name in pairs}
    except Exception:  # noqa: BLE001  (names of tests; their numbers tell them apart too)
        return {}


# ------------------------------------------------------------------------------------------ Parquet
def _parquet(path: Path) -> Parsed:
    import polars as pl

    schema = pl.read_parquet_schema(path)
    if len(schema) > 1000:
        raise DefectError(f"{len(schema)} columns")
    simple = [
        name
        for name, kind in schema.items()
        if kind.is_numeric()
        or kind in (pl.String, pl.Boolean, pl.Duration, pl.Date)
        or kind.is_temporal()
    ]
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    if rows > MOST_ROWS:
        raise DefectError(f"{rows} rows, more than the {MOST_ROWS} that are read")
    return pl.read_parquet(path, columns=simple), {}


PARSERS: dict[str, Callable[[Path], Parsed]] = {
    "nda": _nda,
    "ndax": _ndax,
    "mpr": _mpr,
    "res": _res,
    "parquet": _parquet,
}
