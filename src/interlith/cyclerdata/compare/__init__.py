"""A recording beside the simulation of the same cell under the current that was really applied.

`applied` turns the record into a protocol, `beside` runs it and takes the difference, `estimate`
fits named parameters with their uncertainty.
"""

from __future__ import annotations

from interlith.cyclerdata.compare.beside import Comparison, compare
from interlith.cyclerdata.compare.estimate import Estimate, Unknown, estimate

__all__ = ["Comparison", "Estimate", "Unknown", "compare", "estimate"]
