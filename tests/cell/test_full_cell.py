"""Full cells: the cathode, what it is made of, the protocol and every kind of fault."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import interlith as il
from interlith.cell import Cell, CompositeCathode, Electrode, Electrolyte, Step, expand, loads
from interlith.cell.check import check, warnings_of
from interlith.cell.composition import composition_of, composition_values
from interlith.cell.protocol import Charge
from interlith.cell.strategies import full_cells
from interlith.cell.templates import template_text
from interlith.errors import InputError, Problem
from interlith.materials import Library

LIBRARY = Library.default()
FARADAY = 96485.33212
TEMPLATE = loads(template_text("full"))
ABSENT = object()
CATHODE = {
    "material": "NMC811",
    "loading": "25.5 mg/cm2",
    "active_mass_fraction": 0.5,
    "electrolyte": "Li6PS5Cl",
}


def good(**head: Any) -> dict[str, Any]:
    """Return a full cell without a fault."""
    values = {
        "name": "test",
        "temperature": "80 degC",
        "stack_pressure": "2.5 MPa",
        "area": "0.785 cm^2",
        "capacity": "5.1 mAh/cm2",
        "layers": [
            {"material": "Li", "thickness": "50 um"},
            {"material": "Mg16Bi84", "thickness": "20 um"},
            {"material": "Li6PS5Cl", "thickness": "600 um"},
            CATHODE,
        ],
        "protocol": [
            "Charge at 0.1C until 4.1 V",
            {"discharge": "2C", "until": "2.7 V", "temperature": "60 degC"},
            {"voltage": "4.1 V", "until": "0.05C"},
            {"repeat": 2, "steps": [{"rest": "10 min"}]},
        ],
    }
    return deepcopy(values | head)


def with_change(path: str, value: Any) -> dict[str, Any]:
    """Return the good cell with the value at a dotted path set, or taken out if it is ABSENT."""
    values = good()
    here: Any = values
    *way, last = path.split(".")
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here[part]
    key: Any = int(last) if isinstance(here, list) else last
    if value is ABSENT:
        del here[key]
    else:
        here[key] = value
    return values


def cathode_of(**changes: Any) -> CompositeCathode:
    """Return the cathode of the good cell with fields changed."""
    layers = good()["layers"]
    layers[-1] = {k: v for k, v in (CATHODE | changes).items() if v is not ABSENT}
    cathode = Cell.read(good(layers=layers)).cathode
    assert cathode is not None
    return cathode


def problems_of(values: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with a cell."""
    with pytest.raises(InputError) as caught:
        Cell.read(values)
    return caught.value.problems


# ----------------------------------------------------------------------------------- the cell
def test_the_reference_cell() -> None:
    cell = TEMPLATE
    assert cell.is_full
    assert cell.cathode is not None
    assert cell.cathode.loading == pytest.approx(0.255)
    assert cell.cathode.electrolyte == (("Li6PS5Cl", 1.0),)
    assert cell.capacity == pytest.approx(5.1 * 36000.0)
    # 1C is 200 mAh per gram of active material
    assert cell.capacity / cell.cathode.loading / 3600.0 == pytest.approx(200.0)
    assert cell.left_electrode.material == "Li"
    assert [layer.material for layer in cell.left_interlayers] == ["Mg16Bi84"]
    assert cell.right_interlayers == ()
    assert [layer.material for layer in cell.electrolytes] == ["Li6PS5Cl"]


def test_a_symmetric_cell_has_no_cathode() -> None:
    cell = loads(template_text("ccd"))
    assert not cell.is_full
    assert cell.cathode is None
    assert cell.left_electrode is cell.electrodes[0]


def test_two_electrodes_are_asked_of_a_symmetric_cell_only() -> None:
    with pytest.raises(InputError, match=r"layers\.3.*NMC811.*symmetric cells only"):
        _ = TEMPLATE.electrodes


def test_python_objects_give_the_cell_of_the_file() -> None:
    cell = il.Cell(
        name="bare",
        temperature="60 degC",
        stack_pressure="5 MPa",
        area="1 cm2",
        capacity="2 mAh/cm2",
        layers=(
            Electrode(material="Li", thickness="50 um"),
            Electrolyte(material="Li6PS5Cl", thickness="0.5 mm"),
            il.CompositeCathode(
                material="NCA",
                thickness="40 um",
                active_mass_fraction=0.7,
                electrolyte={"Li3YCl6": 0.7, "Li6PS5Cl": 0.3},
                interphase="Li3YCl6-NCA",
            ),
        ),
        protocol=(Charge(charge="C/10", until="4.2 V"), {"rest": "1 h"}),
    )
    assert loads(cell.to_yaml()) == cell
    assert cell.cathode is not None
    assert cell.cathode.electrolyte == (("Li3YCl6", 0.7), ("Li6PS5Cl", 0.3))


def test_python_users_get_the_same_rules() -> None:
    layers = (
        Electrode(material="Li", thickness="50 um"),
        Electrolyte(material="Li6PS5Cl", thickness="0.5 mm"),
        CompositeCathode(material="NCA", active_mass_fraction=0.7, electrolyte="Li6PS5Cl"),
    )
    head = {"name": "a", "temperature": "60 degC", "stack_pressure": "5 MPa", "area": "1 cm2"}
    with pytest.raises(ValueError, match=r"layers\.2: .*exactly one of loading and thickness"):
        Cell(**head, layers=layers, protocol=({"rest": "1 h"},))
    with pytest.raises(ValueError, match="charge' or 'discharge"):
        Cell(**head, layers=layers, protocol=({"plate": "1 mA/cm2", "for": "1 h"},))


@given(full_cells())
@settings(max_examples=30)
def test_cell_to_yaml_to_cell(cell: Cell) -> None:
    assert loads(cell.to_yaml()) == cell
    assert Cell.read(cell.to_dict()) == cell


@given(full_cells(extreme=True))
@settings(max_examples=25)
def test_any_full_cell_can_be_written_out_and_checked(cell: Cell) -> None:
    assert loads(cell.to_yaml()) == cell
    assert all(isinstance(warning, str) for warning in check(cell).warnings)
    for step in expand(cell):
        assert math.isfinite(step.value)
        assert step.voltage_upper is None or step.voltage_lower is None
        assert step.label


def test_a_cathode_can_be_set_from_outside() -> None:
    changes = {"layers.cathode.loading": "10 mg/cm2", "layers.3.properties.particle_radius": "1 um"}
    cell = TEMPLATE.changed(changes)
    assert cell.cathode is not None
    assert cell.cathode.loading == pytest.approx(0.1)
    assert composition_of(cell.cathode, LIBRARY).particle_sizes == ((1e-6, 1.0),)


# ----------------------------------------------------------------------------- what it is made of
def test_volumes_by_hand() -> None:
    made = composition_of(cathode_of(porosity=0.1), LIBRARY)
    active, electrolyte = 0.5 / 4800.0, 0.5 / 1860.0
    assert made.active.volume_fraction == pytest.approx(0.9 * active / (active + electrolyte))
    assert made.thickness == pytest.approx(0.51 * (active + electrolyte) / 0.9)
    assert made.active.areal_mass == pytest.approx(0.255)
    assert made.areal_mass == pytest.approx(0.51)
    assert made.additive is None
    held = 0.255 / 4800.0 * 49340.0 * FARADAY
    assert made.lithium_capacity == pytest.approx(held)
    assert made.active_surface == pytest.approx(3.0 * made.active.volume_fraction / 2e-6)


@given(full_cells(extreme=True))
@settings(max_examples=50)
def test_volumes_and_masses_add_up(cell: Cell) -> None:
    cathode = cell.cathode
    assert cathode is not None
    made = composition_of(cathode, LIBRARY)
    volumes = math.fsum(part.volume_fraction for part in made.components)
    assert volumes + made.porosity == pytest.approx(1.0, rel=1e-12)
    assert math.fsum(share for _, share in made.particle_sizes) == pytest.approx(1.0, rel=1e-12)
    for part in made.components:
        density = LIBRARY[part.material]["density"]
        own = cathode.override("density", "kg/m3") if part is made.active else None
        held = part.volume_fraction * made.thickness * (own or density.value)
        assert part.areal_mass == pytest.approx(held, rel=1e-9)
    assert made.active.areal_mass / made.areal_mass == pytest.approx(cathode.active_mass_fraction)
    if cathode.loading is not None:
        assert made.active.areal_mass == pytest.approx(cathode.loading, rel=1e-12)
    else:
        assert made.thickness == cathode.thickness


@given(st.floats(0.05, 0.9), st.floats(0.01, 0.6))
def test_loading_and_thickness_are_two_ways_of_saying_the_same(share: float, pores: float) -> None:
    by_loading = composition_of(cathode_of(active_mass_fraction=share, porosity=pores), LIBRARY)
    thickness = f"{by_loading.thickness!r} m"
    again = cathode_of(
        loading=ABSENT, thickness=thickness, active_mass_fraction=share, porosity=pores
    )
    by_thickness = composition_of(again, LIBRARY)
    assert by_thickness.active.areal_mass == pytest.approx(0.255, rel=1e-12)
    assert by_thickness.lithium_capacity == pytest.approx(by_loading.lithium_capacity, rel=1e-12)


def test_two_electrolytes_and_an_additive() -> None:
    cathode = cathode_of(
        electrolyte={"Li3YCl6": 0.75, "Li6PS5Cl": 0.25}, additive="C", additive_mass_fraction=0.1
    )
    made = composition_of(cathode, LIBRARY)
    assert [part.material for part in made.electrolytes] == ["Li3YCl6", "Li6PS5Cl"]
    first, second = made.electrolytes
    assert first.areal_mass / second.areal_mass == pytest.approx(3.0)
    assert made.additive is not None
    assert made.additive.areal_mass / made.areal_mass == pytest.approx(0.1)
    assert made.electrolyte_volume_fraction == pytest.approx(
        first.volume_fraction + second.volume_fraction
    )


def test_thirds_may_be_written_with_three_digits() -> None:
    cathode = cathode_of(electrolyte={"Li3YCl6": 0.333, "Li6PS5Cl": "66.6 %"})
    assert math.fsum(share for _, share in cathode.electrolyte) == pytest.approx(1.0, rel=1e-15)


def test_porosity_comes_from_the_layer_its_properties_or_the_library() -> None:
    library = LIBRARY["composite"]["porosity"].value
    assert composition_of(cathode_of(), LIBRARY).porosity == library
    by_property = cathode_of(properties={"porosity": "0.2"})
    assert composition_of(by_property, LIBRARY).porosity == 0.2
    both = cathode_of(properties={"porosity": "0.2"}, porosity=0.3)
    assert composition_of(both, LIBRARY).porosity == 0.3


def test_several_sizes_share_the_active_volume() -> None:
    sizes = [{"radius": "1 um", "share": 0.4}, {"radius": "3 um", "share": 0.6}]
    made = composition_of(cathode_of(particle_sizes=sizes), LIBRARY)
    assert [size for size, _ in made.particle_sizes] == pytest.approx([1e-6, 3e-6])
    surface = 3.0 * made.active.volume_fraction * (0.4 / 1e-6 + 0.6 / 3e-6)
    assert made.active_surface == pytest.approx(surface)


def test_what_follows_from_the_recipe_is_listed() -> None:
    values = composition_values(cathode_of(additive="C", additive_mass_fraction=0.02), LIBRARY, "x")
    by_name = {used.property: used for used in values}
    assert by_name["volume_fraction of C"].unit == "1"
    assert by_name["thickness"].value == pytest.approx(220e-6, rel=0.05)
    assert {used.kind for used in values} == {"computed"}


# -------------------------------------------------------------------------------------- protocol
def steps_of(*items: Any, **head: Any) -> tuple[Step, ...]:
    return expand(Cell.read(good(protocol=list(items), **head)))


def test_a_discharge_is_positive_and_a_charge_negative() -> None:
    charge, discharge, current = steps_of(
        {"charge": "0.1C", "until": "4.1 V"},
        {"discharge": "1 mA/cm2", "until": ["2.7 V", "5 mAh/cm2"]},
        {"current": "-1 mA/cm2", "until": "4.1 V"},
    )
    assert charge.value == pytest.approx(-5.1)
    assert discharge.value == 10.0
    assert discharge.areal_capacity == pytest.approx(1.8e5)
    assert charge.label == "Charge at 0.1C until 4.1 V"
    assert discharge.label.startswith("Discharge at 1 mA/cm2")
    assert (current.voltage_upper, current.voltage_lower) == (4.1, None)


def test_a_limit_is_the_upper_one_of_a_charge_and_the_lower_one_of_a_discharge() -> None:
    charge, discharge, power, back = steps_of(
        "Charge at 0.1C until 4.1 V",
        "Discharge at 0.1C until 2.7 V",
        {"power": "-5 mW/cm2", "until": "4.1 V"},
        "Discharge at 5 mW/cm2 until 2.7 V",
    )
    assert (charge.voltage_upper, charge.voltage_lower) == (4.1, None)
    assert (discharge.voltage_upper, discharge.voltage_lower) == (None, 2.7)
    assert (power.value, power.voltage_upper, power.voltage_lower) == (-50.0, 4.1, None)
    assert (back.value, back.voltage_upper, back.voltage_lower) == (50.0, None, 2.7)


def test_a_hold_may_end_at_a_c_rate() -> None:
    hold, tenth = steps_of("Hold at 4.1 V until 0.05C", {"voltage": "4.1 V", "until": "C/10"})
    assert (hold.control, hold.value) == ("voltage", 4.1)
    assert hold.current_cutoff == pytest.approx(0.05 * 51.0)
    assert (hold.voltage_upper, hold.voltage_lower) == (None, None)
    assert hold.label == "Hold at 4.1 V until 0.05C"
    assert tenth.current_cutoff == pytest.approx(5.1)


def test_a_step_may_have_its_own_temperature() -> None:
    charge, rest, warm = steps_of(
        "Charge at 0.1C until 4.1 V",
        {"rest": "1 h", "temperature": "25 degC"},
        {"discharge": "2C", "until": "2.7 V", "temperature": "60 degC"},
    )
    assert charge.temperature is None
    assert rest.temperature == pytest.approx(298.15)
    assert warm.temperature == pytest.approx(333.15)
    assert warm.label == "Discharge at 2C until 2.7 V at 60 degC"


def test_thousands_of_cycles_share_their_steps() -> None:
    cycle = {"repeat": 3000, "steps": ["Charge at 1C until 4.1 V", "Discharge at 1C until 2.7 V"]}
    steps = steps_of(cycle)
    assert len(steps) == 6000
    assert steps[0] is steps[-2]


# -------------------------------------------------------------------------------------- warnings
def test_the_template_gives_no_warning() -> None:
    assert warnings_of(TEMPLATE) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"capacity": "9 mAh/cm2"}, "capacity is 9 mAh/cm2; layers.3 holds 7.0"),
        ({"capacity": "1 mAh/cm2"}, "capacity is 1 mAh/cm2; layers.3 holds 7.0"),
        ({"protocol.0": "Discharge at 1C until 2.7 V"}, "charge first"),
        ({"protocol.0.steps.0": "Charge at 0.1C until 4.5 V"}, "goes up to 4.5 V; the potential"),
        ({"layers.3.loading": "999 mg/cm2"}, "layers.3 becomes 8.6"),
        ({"layers.3.active_mass_fraction": "0.1"}, "layers.3.active_mass_fraction is 0.1"),
        ({"layers.3.properties": {"cracking_rate": "5"}}, "properties.cracking_rate is 5"),
    ],
)
def test_one_warning(changes: dict[str, Any], expected: str) -> None:
    if "layers.3.properties" in changes:
        values = TEMPLATE.to_dict()
        values["layers"][3]["properties"] = changes["layers.3.properties"]
        cell = Cell.read(values)
    else:
        cell = TEMPLATE.changed(changes)
    assert any(expected in warning for warning in warnings_of(cell)), warnings_of(cell)


def test_fluoride_cells_may_be_charged_to_what_is_known() -> None:
    cell = TEMPLATE.changed({"protocol.0.steps.0": "Charge at 0.1C until 4.3 V"})
    assert warnings_of(cell) == []


# ---------------------------------------------------------------------------------------- faults
LI, SEPARATOR = {"material": "Li", "thickness": "50 um"}, good()["layers"][2]
INTERLAYER = good()["layers"][1]
WHERE = "layers.3"
# what is wrong: (path, value, field of the problem, words in "expected")
BROKEN = {
    "neither loading nor thickness": (f"{WHERE}.loading", ABSENT, WHERE, "exactly one of loading"),
    "loading and thickness": (f"{WHERE}.thickness", "50 um", WHERE, "exactly one of loading"),
    "loading without unit": (f"{WHERE}.loading", 25.5, f"{WHERE}.loading", "an areal density"),
    "loading per mass": (f"{WHERE}.loading", "25 mAh/g", f"{WHERE}.loading", "an areal density"),
    "negative loading": (f"{WHERE}.loading", "-1 mg/cm2", f"{WHERE}.loading", "0.01 mg/cm2 to"),
    "g meant mg": (f"{WHERE}.loading", "25.5 g/cm2", f"{WHERE}.loading", "mean '25.5 mg/cm2'"),
    "no active fraction": (
        f"{WHERE}.active_mass_fraction",
        ABSENT,
        f"{WHERE}.active_mass_fraction",
        "a fraction",
    ),
    "active fraction in percent": (
        f"{WHERE}.active_mass_fraction",
        50,
        f"{WHERE}.active_mass_fraction",
        "less than 1",
    ),
    "nothing but active material": (
        f"{WHERE}.active_mass_fraction",
        1,
        f"{WHERE}.active_mass_fraction",
        "less than 1",
    ),
    "no electrolyte": (
        f"{WHERE}.electrolyte",
        ABSENT,
        f"{WHERE}.electrolyte",
        "the name of an electrolyte",
    ),
    "unknown electrolyte": (
        f"{WHERE}.electrolyte",
        "Li6PS5CI",
        f"{WHERE}.electrolyte",
        "did you mean Li6PS5Cl",
    ),
    "electrolyte of another kind": (
        f"{WHERE}.electrolyte",
        "Li",
        f"{WHERE}.electrolyte",
        "of category electrolyte",
    ),
    "electrolyte is a number": (f"{WHERE}.electrolyte", 5, f"{WHERE}.electrolyte", "the name of"),
    "three electrolytes": (
        f"{WHERE}.electrolyte",
        {"Li6PS5Cl": 0.3, "Li3YCl6": 0.3, "Li6.5La3Zr1.5Ta0.5O12": 0.4},
        f"{WHERE}.electrolyte",
        "two names with their shares",
    ),
    "shares that do not add up": (
        f"{WHERE}.electrolyte",
        {"Li6PS5Cl": 0.3, "Li3YCl6": 0.3},
        f"{WHERE}.electrolyte",
        "add up to 1, not to 0.6",
    ),
    "negative share": (
        f"{WHERE}.electrolyte",
        {"Li6PS5Cl": -0.3, "Li3YCl6": 1.3},
        f"{WHERE}.electrolyte",
        "shares add up to 1",
    ),
    "share of the unknown": (
        f"{WHERE}.electrolyte",
        {"Li6PS5Cl": 0.3, "Li3YC6": 0.7},
        f"{WHERE}.electrolyte",
        "did you mean Li3YCl6",
    ),
    "additive without its share": (
        f"{WHERE}.additive",
        "C",
        f"{WHERE}.additive_mass_fraction",
        "both additive and",
    ),
    "share without additive": (
        f"{WHERE}.additive_mass_fraction",
        0.1,
        f"{WHERE}.additive",
        "both additive and",
    ),
    "additive of another kind": (
        WHERE,
        CATHODE | {"additive": "Li", "additive_mass_fraction": 0.1},
        f"{WHERE}.additive",
        "of category compound",
    ),
    "no room for electrolyte": (
        WHERE,
        CATHODE | {"additive": "C", "additive_mass_fraction": 0.5},
        f"{WHERE}.active_mass_fraction",
        "less than 1",
    ),
    "porosity of one": (f"{WHERE}.porosity", 1, f"{WHERE}.porosity", "less than 1"),
    "radius in mm": (f"{WHERE}.particle_radius", "2 m", f"{WHERE}.particle_radius", "'2 um'"),
    "radius and sizes": (
        WHERE,
        CATHODE | {"particle_radius": "1 um", "particle_sizes": [{"radius": "1 um", "share": 1}]},
        f"{WHERE}.particle_radius",
        "either",
    ),
    "sizes that do not add up": (
        f"{WHERE}.particle_sizes",
        [{"radius": "1 um", "share": 0.4}, {"radius": "2 um", "share": 0.4}],
        f"{WHERE}.particle_sizes",
        "add up to 1",
    ),
    "size without radius": (
        f"{WHERE}.particle_sizes",
        [{"share": 1}],
        f"{WHERE}.particle_sizes.0.radius",
        "a",
    ),
    "size is a text": (
        f"{WHERE}.particle_sizes",
        ["1 um"],
        f"{WHERE}.particle_sizes.0",
        "a",
    ),
    "many sizes": (
        f"{WHERE}.particle_sizes",
        [{"radius": "1 um", "share": 0.01}] * 100,
        f"{WHERE}.particle_sizes",
        "20",
    ),
    "unknown interphase": (
        f"{WHERE}.interphase",
        "LiCl-coatin",
        f"{WHERE}.interphase",
        "did you mean LiCl-coating",
    ),
    "interphase is an SEI": (
        f"{WHERE}.interphase",
        "LiMgSx",
        f"{WHERE}.interphase",
        "of category cathode_interphase",
    ),
    "an SEI on the cathode": (f"{WHERE}.sei", {"material": "LiMgSx"}, f"{WHERE}.sei", "no such"),
    "unknown field": (f"{WHERE}.loadin", "1 mg/cm2", f"{WHERE}.loadin", "did you mean loading"),
    "unknown property": (
        f"{WHERE}.properties",
        {"cracking_rat": 1},
        f"{WHERE}.properties.cracking_rat",
        "mean cracking_rate",
    ),
    "property of the composite out of bounds": (
        f"{WHERE}.properties",
        {"contact_fraction": 1.5},
        f"{WHERE}.properties.contact_fraction",
        "0 to 1",
    ),
    "unknown active material": (
        f"{WHERE}.material",
        "NMC81",
        f"{WHERE}.material",
        "did you mean NMC811",
    ),
    "cathode as electrolyte": (f"{WHERE}.kind", "electrolyte", f"{WHERE}.kind", "'cathode', since"),
    # order
    "cathode first": ("layers", [CATHODE, SEPARATOR, LI], "layers.0", "the cathode as last layer"),
    "cathode inside": ("layers", [LI, SEPARATOR, CATHODE, LI], "layers.2", "cathode as last"),
    "two cathodes": ("layers", [CATHODE, SEPARATOR, CATHODE], "layers.0", "cathode as last layer"),
    "interlayer on the cathode": (
        "layers",
        [LI, SEPARATOR, INTERLAYER, CATHODE],
        "layers.3",
        "the cathode on the electrolyte",
    ),
    # protocol
    "plating": ("protocol.0", "Plate at 1 mA/cm2 for 1 h", "protocol.0.plate", "'charge' or"),
    "stripping": ("protocol.0", "Strip at 1C for 1 h", "protocol.0.strip", "'charge' or"),
    "ccd": (
        "protocol.0",
        {"ccd": {"currents": ["1 mA/cm2"], "half_cycle_time": "1 h"}},
        "protocol.0.ccd",
        "steps of 'charge'",
    ),
    "cycling": (
        "protocol.3.steps.0",
        {"cycling": {"current": "1 mA/cm2", "cycles": 2, "half_cycle_time": "1 h"}},
        "protocol.3.steps.0.cycling",
        "a 'repeat' of 'charge'",
    ),
    "negative voltage": ("protocol.2.voltage", "-4.1 V", "protocol.2.voltage", "above 0 V"),
    "rate without capacity": ("capacity", ABSENT, "protocol.0.charge", "'capacity'"),
    "rate of zero as a limit": ("protocol.2.until", "0C", "protocol.2.until", "above 0C"),
    "rate as limit of a current": (
        "protocol.1.until",
        "0.05C",
        "protocol.1.until",
        "another limit",
    ),
    "cold step": ("protocol.1.temperature", "60 K", "protocol.1.temperature", "to 500 K"),
    "temperature without unit": ("protocol.1.temperature", 60, "protocol.1.temperature", "unit"),
    "no limit": ("protocol.0", {"charge": "1C"}, "protocol.0", "'for' with a time"),
    "negative charge": ("protocol.0", "Charge at -1C for 1 h", "protocol.0.charge", "above 0C"),
}


@pytest.mark.parametrize(("path", "value", "field", "expected"), BROKEN.values(), ids=BROKEN)
def test_one_fault_is_named(path: str, value: Any, field: str, expected: str) -> None:
    found = problems_of(with_change(path, value))
    assert found[0].field == field
    assert any(problem.field == field and expected in problem.expected for problem in found), found
    wanted = {field} if path != "capacity" else {f"protocol.{n}" for n in range(3)}
    assert all(any(p.field.startswith(name) for name in wanted) for p in found), found


def test_every_fault_of_a_cathode_comes_at_once() -> None:
    layer = CATHODE | {"electrolyte": "Li", "porosity": 2, "interphase": "x", "additive": "y"}
    values = with_change(WHERE, layer | {"additive_mass_fraction": "much"})
    fields = {problem.field for problem in problems_of(values)}
    names = ("electrolyte", "porosity", "interphase", "additive", "additive_mass_fraction")
    assert fields == {f"{WHERE}.{name}" for name in names}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["Li6PS5Cl", "1 um", "0.5", "NMC811", "1 mg/cm2"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["Li6PS5Cl", "Li3YCl6", "radius", "share"]), inner),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from([*CompositeCathode.model_fields]), ANYTHING)
@settings(max_examples=200)
def test_anything_anywhere_is_refused_or_read(field: str, value: Any) -> None:
    values = with_change(f"{WHERE}.{field}", value)
    problems = []
    try:
        cell = Cell.read(values)
    except InputError as error:
        problems = [str(problem) for problem in error.problems] or [""]
    else:
        assert loads(cell.to_yaml()) == cell
    assert all(problems)
