from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load(path: Path) -> ModuleType:
    """Import a file beside the tests, which are no package."""
    spec = importlib.util.spec_from_file_location("synthetic_results", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


synthetic = _load(Path(__file__).with_name("synthetic.py"))


@pytest.fixture(scope="session")
def make() -> ModuleType:
    """The maker of synthetic results."""
    return synthetic


RESULTS = {
    "interlayer ramp": synthetic.interlayer_ramp(),
    "ramp with a spike to volts": synthetic.interlayer_ramp(spike=4.9),
    "bare ramp": synthetic.bare_ramp(spike=4.9),
    "cycling": synthetic.cycling(),
}


@pytest.fixture(params=RESULTS.values(), ids=RESULTS.keys(), scope="session")
def result(request: pytest.FixtureRequest) -> object:
    """Each kind of result in turn."""
    return request.param
