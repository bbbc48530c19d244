"""Measured speed and robustness. Run with ``python -m benchmarks``; see docs/benchmarks.md."""
