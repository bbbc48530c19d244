"""Measured speed and robustness. Run with ``python -m benchmarks``; see docs/benchmarks.md."""

from interlith.simulation.freshness import drop_stale_code

# The modules here import the compiled loop by its own name, past the check of the public one.
drop_stale_code()
