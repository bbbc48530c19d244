"""The collapse of arcs: found where it is, and seldom where it is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.cyclerdata.circuits import FREQUENCY, noisy

from interlith.cyclerdata.impedance.circuit import read_circuit
from interlith.cyclerdata.impedance.collapse import ArcCollapse, Spans, arc_collapse, collapses
from interlith.cyclerdata.impedance.series import follow
from interlith.cyclerdata.spectrum import Spectrum
from interlith.errors import InputError

SOFT_SHORT = (
    Path(__file__).resolve().parents[3]
    / "shared/data/li_symmetric_softshort_liquid"
    / "jr862_11_08_23_insitu-impedance-LiLi_1MLiTFSI_TEGDME-1mA_02_GEIS_C05.mpr"
)
COUNT, ONSET = 45, 24


def found(logs: np.ndarray, hold: float = 100.0) -> list[ArcCollapse]:
    """Return the collapses of arcs of 50 ohm times an exponential, beside a constant."""
    arcs = 50.0 * np.exp(logs)
    time = 3600.0 * np.arange(len(logs))
    return collapses(Spans(time, np.full(len(logs), hold), hold + arcs, 500.0, 1.0))


def remembering(noise: np.ndarray) -> np.ndarray:
    out = noise.copy()
    for k in range(1, len(noise)):
        out[k] = 0.7 * out[k - 1] + np.sqrt(0.51) * noise[k]
    return out


CLIMB = np.arange(COUNT)
SERIES = {
    "noise": lambda e, rng: e,
    "memory": lambda e, rng: remembering(e),
    "walk": lambda e, rng: np.cumsum(0.3 * e),
    "slow fall": lambda e, rng: e - 0.02 * CLIMB,
    "growth": lambda e, rng: e + 0.5 * np.log1p(CLIMB),
    "settling": lambda e, rng: e + np.exp(-CLIMB / 4),
}


@pytest.mark.parametrize("name", SERIES)
def test_false_alarms_are_rare(name: str) -> None:
    rng = np.random.default_rng(1)
    alarms = [
        bool(found(SERIES[name](spread * rng.normal(size=COUNT), rng)))
        for spread in (0.03, 0.1, 0.3)
        for _ in range(60)
    ]
    # One in a hundred series is meant; seven in 180 happen by chance once in a thousand tests.
    assert np.mean(alarms) <= 0.04, f"{np.mean(alarms):.3f}"


@pytest.mark.parametrize(("depth", "spread"), [(0.3, 0.03), (0.5, 0.08), (0.8, 0.2)])
def test_the_onset_is_found_where_it_is(depth: float, spread: float) -> None:
    rng = np.random.default_rng(2)
    right = 0
    for _ in range(60):
        logs = spread * rng.normal(size=COUNT)
        logs[ONSET:] += np.log(1 - depth)
        events = found(logs)
        if events and events[0].index == ONSET and events[0].between_h is not None:
            low, high = events[0].between_h
            right += low <= ONSET <= high
    assert right >= 54, right


def test_a_collapse_over_several_spectra_is_found() -> None:
    rng = np.random.default_rng(3)
    right = 0
    for _ in range(40):
        logs = 0.1 * rng.normal(size=COUNT)
        logs[ONSET:] += np.log(0.2) * np.minimum(1, (np.arange(COUNT - ONSET) + 1) / 4)
        events = found(logs)
        right += bool(events) and ONSET <= events[0].index <= ONSET + 3
    assert right >= 36, right


def test_kinds() -> None:
    rng = np.random.default_rng(4)
    base = 0.05 * rng.normal(size=COUNT)
    fallen = base.copy()
    fallen[ONSET:] += np.log(0.2)
    assert found(fallen)[0].kind == "irreversible soft short"
    back = base.copy()
    back[ONSET : ONSET + 8] += np.log(0.2)
    assert found(back)[0].kind == "reversible soft short"
    # All of the resistance is gone: electrons carry the current.
    gone = base.copy()
    gone[ONSET:] += np.log(0.02)
    event = found(gone, hold=0.5)[0]
    assert event.kind == "hard short"
    assert event.remains < 0.1
    assert "fell from 49.9 ohm" in event.evidence


def test_one_bad_spectrum_is_no_collapse() -> None:
    rng = np.random.default_rng(5)
    logs = 0.05 * rng.normal(size=COUNT)
    logs[ONSET] -= 2.0
    assert found(logs) == []


def test_a_small_fall_is_no_collapse_however_quiet_the_series() -> None:
    logs = 1e-4 * np.random.default_rng(6).normal(size=COUNT)
    logs[ONSET:] += np.log(0.95)
    assert found(logs) == []


def test_the_soft_short_of_the_shared_cell_is_found_from_impedance_alone() -> None:
    pytest.importorskip("galvani")
    if not SOFT_SHORT.exists():
        pytest.skip(f"no {SOFT_SHORT.name} in ../shared/data")
    from galvani import BioLogic

    data = BioLogic.MPRfile(str(SOFT_SHORT)).data
    z = data["Re(Z)/Ohm"] - 1j * data["-Im(Z)/Ohm"]
    spectra = [
        Spectrum(data["freq/Hz"][k : k + 9], z[k : k + 9], time=float(data["time/s"][k]))
        for k in range(0, len(z), 9)
    ]
    events = arc_collapse(spectra)
    assert [event.index for event in events] == [24]
    assert events[0].time_h == pytest.approx(24.3, abs=0.1)
    assert events[0].between_h == pytest.approx((23.3, 24.3), abs=0.1)
    assert "soft" in events[0].kind
    assert events[0].probability < 1e-3


def test_a_series_is_followed_and_arcs_keep_their_names() -> None:
    rng = np.random.default_rng(7)
    circuit = read_circuit("R0-p(R1,CPE1)-p(R2,CPE2)")
    true = []
    spectra = []
    for k in range(20):
        second = 100.0 * (1.0 if k < 12 else 0.25)
        values = np.array([10.0, 50.0 + k, 1e-6, 0.9, second, 1e-4, 0.9])
        true.append(values)
        z = noisy(circuit.impedance(FREQUENCY, values), 0.003, rng)
        spectra.append(Spectrum(FREQUENCY, z, time=3600.0 * k))
    series = follow(spectra, circuit)
    for name in ("R0", "R1", "R2"):
        values = [p.value for p in series.of(name)]
        expected = [t[circuit.parameters.index(name)] for t in true]
        assert np.allclose(values, expected, rtol=0.1), name
    assert [e.index for e in series.collapses] == [12]


def test_spectra_without_common_frequencies_are_refused() -> None:
    high, low = FREQUENCY[:20], FREQUENCY[40:]
    spectra = [Spectrum(f, np.ones(len(f)) - 1j) for f in (high, low) for _ in range(4)]
    with pytest.raises(InputError, match="a range of frequencies that all share"):
        arc_collapse(spectra)


def test_few_spectra_have_no_collapse() -> None:
    assert arc_collapse([Spectrum(FREQUENCY, np.ones(len(FREQUENCY)) - 1j)] * 3) == []
