"""Laws by name: each documented and sourced, unknown ones refused, a new one just works."""

from __future__ import annotations

import inspect
import re

import pytest
from numba import njit

from interlith.errors import InputError
from interlith.physics import laws as signatures
from interlith.physics import registry

SOURCE = re.compile(r"doi:10\.|arXiv:\d|ISBN \d|no DOI|assum|limit|Ohm's law", re.IGNORECASE)
NEUTRAL = {"none"}
"""Laws that switch a phenomenon off need no source."""

ALL = [(slot, name) for slot, found in registry.FUNCTIONS.items() for name in found]


@pytest.mark.parametrize(("slot", "name"), ALL)
def test_every_law_is_documented_and_sourced(slot, name):
    text = inspect.getdoc(registry.FUNCTIONS[slot][name]) or ""
    assert text, "no docstring"
    assert "Parameters" in text
    assert "Returns" in text
    assert name in NEUTRAL or SOURCE.search(text), "neither a source nor 'assumed' nor 'limit'"
    assert registry.LAWS[slot][name] == text.splitlines()[0]


def test_every_slot_has_an_alternative_and_kernel_slots_exist():
    assert all(len(found) >= 2 for found in registry.FUNCTIONS.values())
    assert set(registry.KERNEL_SLOTS) < set(registry.FUNCTIONS)


@pytest.mark.parametrize("slot", registry.KERNEL_SLOTS)
def test_laws_of_a_kernel_slot_share_one_signature(slot):
    found = {law.signatures[0] for law in registry.FUNCTIONS[slot].values()}
    assert len(found) == 1


def test_defaults_are_completed():
    chosen = registry.chosen_laws({"contact_law": "linear"})
    assert chosen["contact_law"] == "linear"
    assert chosen["void_model"] == "net_stripping"
    assert set(chosen) == set(registry.FUNCTIONS)


@pytest.mark.parametrize(
    ("slot", "name"), [("contact_law", "quadratic"), ("no_such_slot", "linear")]
)
def test_unknown_law_is_refused_by_its_field(equations, slot, name):
    with pytest.raises(InputError) as caught:
        equations("bare", **{slot: name})
    assert [problem.field for problem in caught.value.problems] == [f"models.{slot}"]
    assert caught.value.problems[0].value == name


def test_a_registered_law_is_used_without_compiling_the_loop_again(equations, monkeypatch):
    import numpy as np

    from interlith.simulation import kernel

    @njit(signatures.CONTACT)
    def stubborn(void_capacity, void_scale):
        """Contact that never goes. A test."""
        return 1.0

    @njit(signatures.CONTACT)
    def poor(void_capacity, void_scale):
        """A quarter of the contact from the start. A test."""
        return 0.25

    monkeypatch.setitem(registry.FUNCTIONS, "contact_law", dict(registry.FUNCTIONS["contact_law"]))
    monkeypatch.setitem(registry.LAWS, "contact_law", dict(registry.LAWS["contact_law"]))
    registry.register_law("contact_law", "stubborn", stubborn)
    registry.register_law("contact_law", "poor", poor)
    assert registry.LAWS["contact_law"]["poor"].startswith("A quarter")
    before = len(kernel.rates.signatures), len(kernel.SYMMETRIC.program.signatures)
    rates = {}
    for name in ("stubborn", "poor"):
        bare = equations("bare", contact_law=name)
        y = bare.start.copy()
        y[3] = 0.01
        rates[name] = np.empty_like(y)
        kernel.rates(bare.system(0.0, 0.0), y, rates[name])
    assert rates["poor"][3] == pytest.approx(0.25 * rates["stubborn"][3], rel=1e-12)
    assert (len(kernel.rates.signatures), len(kernel.SYMMETRIC.program.signatures)) == before


def test_register_law_refuses_wrong_slots_and_taken_names():
    with pytest.raises(ValueError, match="no slot"):
        registry.register_law("colour", "red", lambda: None)
    with pytest.raises(ValueError, match="already"):
        registry.register_law("contact_law", "linear", lambda: None)
