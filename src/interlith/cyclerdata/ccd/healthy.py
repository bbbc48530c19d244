"""What voltage the next half-cycle would show if the cell stayed as it was.

The polarisation of a cell that only conducts and reacts is
``V(j) = R j + sum_c A_c asinh(j / b_c)``: Ohm's law and Butler-Volmer kinetics with equal transfer
coefficients, whose exchange current is not known and therefore spread over a few values ``b_c``.
To it come a drift of R from half-cycle to half-cycle, a difference between the two directions and
an offset of the voltage.
All enter linearly, so what the half-cycles seen so far say of the next one is Bayesian linear
regression in closed form (Bishop, Pattern Recognition and Machine Learning, 2006, chapter 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

__all__ = ["Expected", "HealthyCell"]

OHMIC_SHARE, OHMIC_SPREAD = 0.75, 0.4
"""Prior mean and scale of R as part of what voltage over current was so far (assumed): the part
of kinetics is not known, but it cannot be less than nothing or more than all."""
KINETIC_VOLTAGE = 0.05
"""Prior scale of A_c [V]: two interfaces with 2RT/F each make 0.103 V at 25 degC in all."""
DRIFT = 0.02
"""Prior scale of the relative drift of R from one half-cycle to the next (assumed)."""
ASYMMETRY = 0.05
"""Prior scale of the relative difference of R between the directions (assumed)."""
OFFSET = 0.01
"""Prior scale of a voltage that does not change sign with the current [V] (assumed)."""
MODEL_ERROR = 0.01
"""Smallest relative error of the model itself (assumed; widened by what the record shows)."""
EXCHANGE_CURRENTS = 4
"""Number of values b_c, spread over the currents of the test."""
FORGET = 3.0
"""Residuals by which the record widens the model's own error are counted up to this many sigma."""


@dataclass(frozen=True)
class Expected:
    """What a healthy cell would show [V] and how well that is known [V]."""

    voltage: float
    error: float


@dataclass
class HealthyCell:
    """Learns from half-cycles without an event and predicts the next.

    Parameters
    ----------
    smallest, largest : float
        Currents of the test, between which exchange currents are spread.
    """

    smallest: float
    largest: float
    _rows: list[np.ndarray] = field(default_factory=list)
    _values: list[float] = field(default_factory=list)
    _errors: list[float] = field(default_factory=list)
    _misses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Spread the exchange currents."""
        low, high = 0.3 * self.smallest, 3.0 * self.largest
        self._exchange = np.geomspace(low, high, EXCHANGE_CURRENTS)

    @property
    def seen(self) -> int:
        """Number of half-cycles learnt from."""
        return len(self._values)

    def learn(self, index: int, current: float, voltage: float, error: float) -> None:
        """Take a half-cycle into account.

        Parameters
        ----------
        index : int
            Its number, which carries the drift.
        current : float
            With its sign [A].
        voltage : float
            In the direction of the current [V].
        error : float
            Standard error of that [V].
        """
        before = self.expect(index, current)
        if before is not None:
            spread = np.hypot(before.error, error)
            self._misses.append(
                float(np.clip((voltage - before.voltage) / spread, -FORGET, FORGET))
            )
        self._rows.append(self._row(index, current))
        self._values.append(voltage)
        self._errors.append(error)

    def expect(self, index: int, current: float) -> Expected | None:
        """Predict a half-cycle; None before anything was learnt."""
        if not self._values:
            return None
        rows = np.array(self._rows)
        values = np.array(self._values)
        scale = float(np.median(values / np.abs(rows[:, 0])))
        prior = np.array(
            [
                OHMIC_SPREAD * scale,
                *[KINETIC_VOLTAGE] * EXCHANGE_CURRENTS,
                DRIFT * scale,
                ASYMMETRY * scale,
                OFFSET,
            ]
        )
        error = np.hypot(self._errors, MODEL_ERROR * np.abs(values)) * self._widening()
        design = rows * prior / error[:, None]
        precision = np.eye(len(prior)) + design.T @ design
        factor = np.linalg.inv(precision)
        start = np.zeros(len(prior))
        start[0] = OHMIC_SHARE * scale
        rest = values - rows @ start
        mean = start + prior * (factor @ (design.T @ (rest / error)))
        row = self._row(index, current)
        predicted = float(row @ mean)
        variance = float((row * prior) @ factor @ (row * prior))
        own = MODEL_ERROR * abs(predicted) * self._widening()
        return Expected(predicted, float(np.sqrt(variance + own**2)))

    def _widening(self) -> float:
        """By how much the record shows the model to err more than it claims."""
        if len(self._misses) < 4:
            return 1.0
        return max(1.0, float(np.sqrt(np.mean(np.square(self._misses[-12:])))))

    def _row(self, index: int, current: float) -> np.ndarray:
        j = abs(current)
        kinetics = np.arcsinh(j / self._exchange)
        sign = float(np.sign(current))
        return np.array([j, *kinetics, j * index, j * sign, sign])
