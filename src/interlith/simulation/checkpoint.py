"""Checkpoints of long runs: numbers and text only, nothing that executes when it is read."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from interlith.simulation.full_record import FullRecorder

if TYPE_CHECKING:
    from interlith.simulation.full_run import FullRun

LARGEST_CHECKPOINT = 500_000_000
"""Bytes above which a file is not taken for a checkpoint of ours."""


def write_checkpoint(path: Path, run: FullRun) -> None:
    """Write where a run is, whole or not at all.

    Parameters
    ----------
    path : Path
        File to write.
    run : FullRun
        The run, between two protocol steps.
    """
    kept = run.recorder.snapshot()
    texts: dict[str, Any] = {
        "fingerprint": run.fingerprint(),
        "clock": run.clock,
        "next": run.next,
        "fallbacks": run.fallbacks,
        "outside": run.outside,
        "start_lithium": run.start_lithium,
        "imbalance": run.imbalance,
        "brought": run.brought,
        "isolated": run.ageing.isolated,
        "steps": kept["steps"],
        "stride": kept["stride"],
        "profiles": [
            (cycle, moment, label, current)
            for cycle, (moment, label, _values, current) in kept["profiles"]
        ],
    }
    arrays = {
        "state": run.state,
        "share": run.ageing.share,
        "fluoride": np.array(run.ageing.fluoride),
        "counters": run.counters,
        "times": kept["times"],
        "rows": kept["rows"],
        "cycles": kept["cycles"],
        "row_steps": kept["row_steps"],
        "profile_values": np.array([values for _cycle, (_m, _l, values, _c) in kept["profiles"]]),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        with partial.open("wb") as file:
            text = np.frombuffer(json.dumps(texts).encode(), np.uint8)
            np.savez(file, text=text, **arrays)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_checkpoint(path: Path, run: FullRun) -> bool:
    """Put a run where a checkpoint of the same cell was written.

    Parameters
    ----------
    path : Path
        Where it may be.
    run : FullRun
        A fresh run; changed if the checkpoint belongs to it.

    Returns
    -------
    bool
        False without a checkpoint, or with one of another cell, package or form.
    """
    if not path.is_file() or path.stat().st_size > LARGEST_CHECKPOINT:
        return False
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        texts = json.loads(arrays.pop("text").tobytes().decode())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return False
    if texts.get("fingerprint") != run.fingerprint():
        return False
    run.state, run.counters = arrays["state"], arrays["counters"]
    run.ageing.share = arrays["share"]
    run.ageing.fluoride = list(arrays["fluoride"])
    run.ageing.isolated = texts["isolated"]
    run.clock, run.next = texts["clock"], texts["next"]
    run.fallbacks, run.outside = texts["fallbacks"], texts["outside"]
    run.start_lithium, run.imbalance = texts["start_lithium"], texts["imbalance"]
    run.brought = texts["brought"]
    profiles = [
        (cycle, (moment, label, values, current))
        for (cycle, moment, label, current), values in zip(
            texts["profiles"], arrays["profile_values"], strict=True
        )
    ]
    run.recorder = FullRecorder.restore(
        {
            "steps": texts["steps"],
            "stride": texts["stride"],
            "times": arrays["times"],
            "rows": arrays["rows"],
            "cycles": arrays["cycles"],
            "row_steps": arrays["row_steps"],
            "profiles": profiles,
        }
    )
    return True
