"""One table for all tests of this room."""

from __future__ import annotations

import pytest

pytest.importorskip("pymatgen.core", reason="needs the extra thermo")

from interlith.thermo import Phases


@pytest.fixture(scope="session")
def phases() -> Phases:
    return Phases("default")
