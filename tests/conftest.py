"""Hypothesis profiles: `ci` is the default, so that a run gives the same answer twice."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Examples that solve a cell are slow by nature; time limits would only measure the machine.
settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# Tests run beside one another. Small matrices gain nothing from threads, and on a busy machine a
# relaxation lost nine tenths of its time to threads that waited for each other.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# No test needs a window.
os.environ.setdefault("MPLBACKEND", "Agg")
