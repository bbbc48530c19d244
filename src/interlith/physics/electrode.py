r"""One lithium electrode as an ordinary differential equation, from its metal to its electrolyte.

States, in this order (n interlayer nodes; 5 + 3 n states):

====================  =====================================================================
``thickness``         of the interphase [m]
``metal``             lithium in the metal [C m-2]
``void``              lithium missing at the face, q_v [C m-2]
``face``              potential difference eta at the face of the metal [V]
3 n interlayer        for each node: pore filling s, lithiated fraction x, eta [V]
``filament``          filament length over electrolyte thickness
====================  =====================================================================

With eta the electronic minus the ionic potential, charge conservation at a node reads

.. math:: a C_{dl} \frac{d\eta}{dt} = S_{pores} + S_{host} - \frac{d i_{ion}}{dx},

so that no algebraic equation is left. Every store of lithium has a rate of its own; that they add
up to the current through the electrode is a property of the equations, and a test.
"""

import math

import numpy as np
from numba import njit

from interlith.numerics.banded import BELOW
from interlith.physics.conduction import ionic_current_between, resistance_while_lithiating
from interlith.physics.filament import barrier_left, limited_share, smooth_onset
from interlith.physics.host import host_lithiation_rate
from interlith.physics.interphase import sei_area_resistance
from interlith.physics.kinetics import exhaustible_butler_volmer
from interlith.physics.parameters import ElectrodeParameters, FloatArray
from interlith.physics.pores import pore_plating_rate
from interlith.physics.voids import pressure_contact_factor

THICKNESS, METAL, VOID, FACE, FIRST_NODE = 0, 1, 2, 3, 4
FILLING, LITHIATED, ETA, PER_NODE = 0, 1, 2, 3

MOUTH_ONSET = 0.02
"""Share of the current, plating behind pore mouths, over which these begin to focus it."""
HEALING_ONSET = 1e-2
"""Stripping current over which filaments begin to dissolve [A m-2]: 1 uA/cm2."""
RECESSION_LENGTH = 1e-3
"""Filament length, over electrolyte thickness, below which dissolution fades out."""


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def node_count(p: ElectrodeParameters) -> int:
    """Number of interlayer nodes.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.

    Returns
    -------
    int
        n, 0 for a bare electrode.
    """
    return p.nodes.shape[0]


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def state_count(p: ElectrodeParameters) -> int:
    """Number of states of the electrode.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.

    Returns
    -------
    int
        5 + 3 n.
    """
    return FIRST_NODE + PER_NODE * p.nodes.shape[0] + 1


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def node_state(node: int, which: int) -> int:
    """Index of a state of a node; node -1 with ETA is the face.

    Parameters
    ----------
    node : int
        Node, counted from the metal.
    which : int
        FILLING, LITHIATED or ETA.

    Returns
    -------
    int
        Index into the electrode's states.
    """
    return FACE if node < 0 else FIRST_NODE + PER_NODE * node + which


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def half_resistances(
    p: ElectrodeParameters, y: FloatArray, offset: int, node: int
) -> tuple[float, float]:
    """Resistances of half a node for both carriers.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    node : int
        Node; -1 is the face, which has no width.

    Returns
    -------
    ionic, electronic : float
        Resistances [Ohm m2]; their derivative with respect to the lithiated fraction is minus
        themselves times the node's logarithm of the ratio.
    """
    if node < 0:
        return 0.0, 0.0
    fraction = y[offset + node_state(node, LITHIATED)]
    here = p.nodes[node]
    return (
        resistance_while_lithiating(here.ionic_resistance, here.ionic_log_ratio, fraction),
        resistance_while_lithiating(
            here.electronic_resistance, here.electronic_log_ratio, fraction
        ),
    )


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def ionic_current_before(
    p: ElectrodeParameters, y: FloatArray, offset: int, node: int, current: float
) -> float:
    """Ionic current density that enters the previous node (or the face) from a node.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    node : int
        Node on the electrolyte side.
    current : float
        Current density through the layer [A m-2], positive when plating.

    Returns
    -------
    float
        Ionic current density [A m-2], positive towards the metal.
    """
    ionic0, electronic0 = half_resistances(p, y, offset, node - 1)
    ionic1, electronic1 = half_resistances(p, y, offset, node)
    step = y[offset + node_state(node, ETA)] - y[offset + node_state(node - 1, ETA)]
    return ionic_current_between(step, current, ionic0 + ionic1, electronic0 + electronic1)


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def face_exchange_current(
    p: ElectrodeParameters, laws: tuple, y: FloatArray, offset: int, pressure: float
) -> float:
    """Exchange current density of the face at the present contact, pressure and inventory.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    pressure : float
        Stack pressure [Pa].

    Returns
    -------
    float
        A i_0 [A m-2].
    """
    contact = laws[0](y[offset + VOID], p.void_scale)
    return p.face_exchange * contact / pressure_factor(p, pressure)


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def pressure_factor(p: ElectrodeParameters, pressure: float) -> float:
    """Factor of interface resistances at a stack pressure.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    pressure : float
        Stack pressure [Pa].

    Returns
    -------
    float
        1 at the reference pressure.
    """
    return pressure_contact_factor(
        pressure, p.contact_reference_pressure, p.adhesion_pressure, p.contact_exponent
    )


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def inventory_left(p: ElectrodeParameters, metal: float) -> float:
    """Share of the stripping kinetics that the remaining metal allows.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    metal : float
        Lithium in the metal [C m-2].

    Returns
    -------
    float
        0 to 1, and negative for an overdrawn inventory, which then fills up again. A
        regularisation: it keeps the inventory positive.
    """
    return metal / (abs(metal) + p.exhaustion)


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def inventory_slope(p: ElectrodeParameters, metal: float) -> float:
    """Derivative of :func:`inventory_left` with respect to the metal.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    metal : float
        Lithium in the metal [C m-2].

    Returns
    -------
    float
        [m2 C-1].
    """
    return p.exhaustion / (abs(metal) + p.exhaustion) ** 2


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def face_current(
    p: ElectrodeParameters, laws: tuple, y: FloatArray, offset: int, pressure: float
) -> float:
    """Plating current density at the face of the metal.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    pressure : float
        Stack pressure [Pa].

    Returns
    -------
    float
        Current density per geometric area [A m-2], positive when plating.
    """
    eta = y[offset + FACE]
    exchange = face_exchange_current(p, laws, y, offset, pressure)
    left = inventory_left(p, y[offset + METAL])
    current, _per_volt, _per_left = exhaustible_butler_volmer(
        eta, left, exchange, p.thermal_voltage
    )
    return current


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def replenishment(p: ElectrodeParameters, laws: tuple, pressure: float) -> float:
    """Replenishment current density of the metal at a stack pressure.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    pressure : float
        Stack pressure [Pa].

    Returns
    -------
    float
        j_rep [A m-2].
    """
    return laws[2](
        pressure,
        p.diffusive_replenishment,
        p.creep_replenishment,
        p.creep_reference_pressure,
        p.creep_exponent,
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def plating_behind_mouths(p: ElectrodeParameters, y: FloatArray, offset: int) -> float:
    """Current density that plates in the pores of the half next to the electrolyte.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.

    Returns
    -------
    float
        i_mouth [A m-2], positive when plating; 0 for a bare electrode.
    """
    total = 0.0
    for node in range(p.middle, node_count(p)):
        here = p.nodes[node]
        base = offset + node_state(node, FILLING)
        rate, _per_volt, _per_filling, plates, _turn = pore_plating_rate(
            y[base + ETA],
            y[base + FILLING],
            here.pore_exchange,
            here.capillary,
            p.thermal_voltage,
        )
        total += here.width * rate * plates
    return total


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def hottest_overpotential(
    p: ElectrodeParameters,
    laws: tuple,
    y: FloatArray,
    offset: int,
    current: float,
    pressure: float,
    mouths: float,
) -> float:
    r"""Overpotential across the interphase at its hottest spot, eta_hot.

    .. math:: \eta_{hot} = -\eta(L) + R_{SEI}\,f(P)\,H\,
              \left[j + \left(\tfrac{1}{\varepsilon} - 1\right) i_{mouth}\right]

    H is the focusing by voids (1/A at a bare face). The bracket is the focusing by pore mouths:
    what plates in the pores of the half next to the electrolyte, i_mouth, passes through the open
    share of the surface only.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    current : float
        Current density through the interphase [A m-2], positive when plating.
    pressure : float
        Stack pressure [Pa].
    mouths : float
        From :func:`plating_behind_mouths` [A m-2].

    Returns
    -------
    float
        Overpotential [V], positive when plating.

    Notes
    -----
    The applied interphase overpotential of Wan et al., Nat. Energy 8, 473 (2023),
    doi:10.1038/s41560-023-01231-w; the focusing factors are assumptions of this model.
    """
    nodes = node_count(p)
    interphase = sei_area_resistance(y[offset + THICKNESS], p.sei_conductivity)
    interphase *= pressure_factor(p, pressure)
    edge = y[offset + node_state(nodes - 1, ETA)]
    if nodes > 0:
        ionic, _electronic = half_resistances(p, y, offset, nodes - 1)
        edge -= current * ionic
    if current <= 0.0:
        return -edge + interphase * current
    contact = laws[0](y[offset + VOID], p.void_scale)
    focused = current + p.pore_mouth_factor * smooth_onset(mouths, MOUTH_ONSET * current)
    hot = 1.0 + (1.0 / contact - 1.0) * p.hot_spot_smoothing
    return -edge + interphase * hot * focused


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def filament_current(
    p: ElectrodeParameters,
    laws: tuple,
    y: FloatArray,
    offset: int,
    current: float,
    pressure: float,
    mouths: float,
) -> float:
    """Current density that filaments take up (positive) or give back (negative).

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    current : float
        Current density through the interphase [A m-2], positive when plating.
    pressure : float
        Stack pressure [Pa].
    mouths : float
        From :func:`plating_behind_mouths` [A m-2].

    Returns
    -------
    float
        Current density per area of electrode [A m-2].
    """
    hot = hottest_overpotential(p, laws, y, offset, current, pressure, mouths)
    length = y[offset + state_count(p) - 1]
    critical = p.critical_overpotential * barrier_left(length)
    tip = laws[4](hot, critical, p.tip_exchange, p.thermal_voltage)
    if tip > 0.0:
        return limited_share(tip * p.filament_area, current)
    available = smooth_onset(-current, HEALING_ONSET)
    healing = limited_share(-tip * p.filament_area * p.healing_fraction, available)
    return -healing * length / (abs(length) + RECESSION_LENGTH)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def series_terms(
    p: ElectrodeParameters, laws: tuple, y: FloatArray, offset: int, pressure: float
) -> tuple[float, float]:
    """Voltage of the electrode at zero current, and its resistance.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    pressure : float
        Stack pressure [Pa].

    Returns
    -------
    voltage, resistance : float
        Metal potential minus potential of the electrolyte at its edge is
        voltage - resistance * j, with j positive when plating [V, Ohm m2].
    """
    nodes = node_count(p)
    contact = laws[0](y[offset + VOID], p.void_scale) if nodes == 0 else 1.0
    interphase = sei_area_resistance(y[offset + THICKNESS], p.sei_conductivity)
    resistance = interphase * pressure_factor(p, pressure) / contact
    voltage = y[offset + FACE]
    ionic0, electronic0, eta0 = 0.0, 0.0, y[offset + FACE]
    for node in range(nodes):
        ionic1, electronic1 = half_resistances(p, y, offset, node)
        eta1 = y[offset + node_state(node, ETA)]
        ionic, electronic = ionic0 + ionic1, electronic0 + electronic1
        share = ionic / (ionic + electronic)
        resistance += share * electronic
        voltage += share * (eta1 - eta0)
        ionic0, electronic0, eta0 = ionic1, electronic1, eta1
    resistance += ionic0
    return voltage, resistance


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def stack_growth(p: ElectrodeParameters, y: FloatArray, offset: int) -> float:
    """Growth of the height of the electrode since the start of the test.

    Lithium in pores and in filaments takes no height; voids keep the height of what has left.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.

    Returns
    -------
    float
        Height [m].
    """
    metal = y[offset + METAL] + y[offset + VOID] - p.initial_metal
    height = metal / p.charge_per_volume
    for node in range(node_count(p)):
        height += p.nodes[node].height_per_host * y[offset + node_state(node, LITHIATED)]
    return height


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def electrode_rates(
    p: ElectrodeParameters,
    laws: tuple,
    y: FloatArray,
    offset: int,
    current: float,
    pressure: float,
    dy: FloatArray,
) -> None:
    """Write the rates of change of an electrode's states.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    current : float
        Current density through the interphase [A m-2], positive when plating.
    pressure : float
        Stack pressure [Pa].
    dy : ndarray
        Receives the rates.
    """
    nodes = node_count(p)
    face = face_current(p, laws, y, offset, pressure)
    growth = laws[3](y[offset + THICKNESS], p.sei_initial, p.sei_rate)
    growth *= inventory_left(p, y[offset + METAL])
    dy[offset + THICKNESS] = growth
    dy[offset + METAL] = face - p.sei_charge * growth
    dy[offset + VOID] = laws[1](
        face,
        replenishment(p, laws, pressure),
        y[offset + VOID],
        p.smallest_void,
        p.refill_fraction,
    )
    to_the_left, mouths = face, 0.0
    ionic0, electronic0, eta0 = 0.0, 0.0, y[offset + FACE]
    for node in range(nodes):
        ionic1, electronic1 = half_resistances(p, y, offset, node)
        eta1 = y[offset + node_state(node, ETA)]
        from_right = ionic_current_between(
            eta1 - eta0, current, ionic0 + ionic1, electronic0 + electronic1
        )
        pores = _close_balance(p, y, offset, node - 1, from_right - to_the_left, dy)
        mouths += pores if node > p.middle else 0.0
        to_the_left, ionic0, electronic0, eta0 = from_right, ionic1, electronic1, eta1
    mouths += _close_balance(p, y, offset, nodes - 1, current - to_the_left, dy)
    filament = filament_current(p, laws, y, offset, current, pressure, mouths)
    dy[offset + node_state(nodes - 1, ETA)] += filament * _eta_per_charge(p, nodes - 1)
    dy[offset + state_count(p) - 1] = filament / p.filament_charge


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def _close_balance(
    p: ElectrodeParameters, y: FloatArray, offset: int, node: int, surplus: float, dy: FloatArray
) -> float:
    """Turn the ionic current that stays in a node into its rates; return what plates in pores."""
    if node < 0:
        dy[offset + FACE] = -surplus / p.face_capacitance
        return 0.0
    base = offset + FIRST_NODE + PER_NODE * node
    eta = y[base + ETA]
    pore, _a, _b, plates, _c = pore_plating_rate(
        eta,
        y[base + FILLING],
        p.nodes[node].pore_exchange,
        p.nodes[node].capillary,
        p.thermal_voltage,
    )
    host, _d, _e = host_lithiation_rate(
        eta,
        y[base + LITHIATED],
        p.nodes[node].host_potential,
        p.nodes[node].host_exchange,
        p.nodes[node].host_limit,
        p.thermal_voltage,
    )
    dy[base + FILLING] = pore * p.nodes[node].filling_per_charge
    dy[base + LITHIATED] = host * p.nodes[node].lithiation_per_charge
    stays = p.nodes[node].width * (pore + host) - surplus
    dy[base + ETA] = stays * p.nodes[node].eta_per_charge
    return p.nodes[node].width * pore * plates


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def face_slopes(
    p: ElectrodeParameters, laws: tuple, y: FloatArray, offset: int, pressure: float
) -> tuple[float, float, float, float]:
    """Face current and its derivatives with respect to eta, void capacity and metal.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    pressure : float
        Stack pressure [Pa].

    Returns
    -------
    current, per_volt, per_void, per_metal : float
        [A m-2], [A m-2 V-1], [s-1], [s-1]. The void derivative is a difference quotient, since the
        contact law is the user's; it enters every balance alike, so that conservation stays
        exact.
    """
    eta, void, metal = y[offset + FACE], y[offset + VOID], y[offset + METAL]
    exchange = face_exchange_current(p, laws, y, offset, pressure)
    left = inventory_left(p, metal)
    current, per_volt, per_left = exhaustible_butler_volmer(eta, left, exchange, p.thermal_voltage)
    step = 1e-6 * p.void_scale
    higher = laws[0](void + step, p.void_scale)
    lower = laws[0](void - step, p.void_scale)
    now = laws[0](void, p.void_scale)
    per_void = current * (higher - lower) / (2.0 * step * now)
    per_metal = per_left * inventory_slope(p, metal)
    return current, per_volt, per_void, per_metal


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def electrode_jacobian(
    p: ElectrodeParameters,
    laws: tuple,
    y: FloatArray,
    offset: int,
    current: float,
    pressure: float,
    band: FloatArray,
) -> None:
    """Add the derivatives of an electrode's rates to a band, at fixed current and pressure.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    current : float
        Current density through the interphase [A m-2], positive when plating.
    pressure : float
        Stack pressure [Pa].
    band : ndarray
        Rows of :mod:`interlith.numerics.banded`.
    """
    thickness = y[offset + THICKNESS]
    step = 1e-6 * thickness
    growth_slope = (
        laws[3](thickness + step, p.sei_initial, p.sei_rate)
        - laws[3](thickness - step, p.sei_initial, p.sei_rate)
    ) / (2.0 * step)
    metal = y[offset + METAL]
    left = inventory_left(p, metal)
    per_metal = laws[3](thickness, p.sei_initial, p.sei_rate) * inventory_slope(p, metal)
    _put(band, offset, THICKNESS, THICKNESS, left * growth_slope)
    _put(band, offset, THICKNESS, METAL, per_metal)
    _put(band, offset, METAL, THICKNESS, -p.sei_charge * left * growth_slope)
    _put(band, offset, METAL, METAL, -p.sei_charge * per_metal)
    face, per_volt, per_void, per_metal = face_slopes(p, laws, y, offset, pressure)
    _put(band, offset, METAL, FACE, per_volt)
    _put(band, offset, METAL, VOID, per_void)
    _put(band, offset, METAL, METAL, per_metal)
    _put(band, offset, FACE, FACE, per_volt / p.face_capacitance)
    _put(band, offset, FACE, VOID, per_void / p.face_capacitance)
    _put(band, offset, FACE, METAL, per_metal / p.face_capacitance)
    refill = replenishment(p, laws, pressure)
    void_per_face, void_per_void = void_slopes(p, laws, y[offset + VOID], face, refill)
    _put(band, offset, VOID, FACE, void_per_face * per_volt)
    _put(band, offset, VOID, VOID, void_per_void + void_per_face * per_void)
    _put(band, offset, VOID, METAL, void_per_face * per_metal)
    for node in range(node_count(p)):
        _reaction_slopes(p, y, offset, node, band)
        _conduction_slopes(p, y, offset, node, current, band)


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def void_slopes(
    p: ElectrodeParameters, laws: tuple, void: float, face: float, refill: float
) -> tuple[float, float]:
    """Derivatives of the void growth rate with respect to the face current and to itself.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    void : float
        Void capacity [C m-2].
    face, refill : float
        Plating current density at the face, and replenishment [A m-2].

    Returns
    -------
    per_current, per_void : float
        Dimensionless, and [s-1]; difference quotients, since the law is the user's.
    """
    di = 1e-6 * max(abs(face), 1e-3)
    dq = 1e-4 * p.smallest_void
    per_current = (
        laws[1](face + di, refill, void, p.smallest_void, p.refill_fraction)
        - laws[1](face - di, refill, void, p.smallest_void, p.refill_fraction)
    ) / (2.0 * di)
    per_void = (
        laws[1](face, refill, void + dq, p.smallest_void, p.refill_fraction)
        - laws[1](face, refill, void - dq, p.smallest_void, p.refill_fraction)
    ) / (2.0 * dq)
    return per_current, per_void


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def _put(band: FloatArray, offset: int, row: int, column: int, value: float) -> None:
    """Add a value to element (row, column) of the electrode's block."""
    band[offset + row, column - row + BELOW] += value


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def _reaction_slopes(
    p: ElectrodeParameters, y: FloatArray, offset: int, node: int, band: FloatArray
) -> None:
    """Add the derivatives of the two reactions in a node."""
    s, x, e = node_state(node, FILLING), node_state(node, LITHIATED), node_state(node, ETA)
    _r, pore_volt, pore_filling, _plates, _turn = pore_plating_rate(
        y[offset + e],
        y[offset + s],
        p.nodes[node].pore_exchange,
        p.nodes[node].capillary,
        p.thermal_voltage,
    )
    _q, host_volt, host_fraction = host_lithiation_rate(
        y[offset + e],
        y[offset + x],
        p.nodes[node].host_potential,
        p.nodes[node].host_exchange,
        p.nodes[node].host_limit,
        p.thermal_voltage,
    )
    to_filling, to_lithiation = (
        p.nodes[node].filling_per_charge,
        p.nodes[node].lithiation_per_charge,
    )
    to_eta = p.nodes[node].width * p.nodes[node].eta_per_charge
    _put(band, offset, s, s, pore_filling * to_filling)
    _put(band, offset, s, e, pore_volt * to_filling)
    _put(band, offset, x, x, host_fraction * to_lithiation)
    _put(band, offset, x, e, host_volt * to_lithiation)
    _put(band, offset, e, s, pore_filling * to_eta)
    _put(band, offset, e, x, host_fraction * to_eta)
    _put(band, offset, e, e, (pore_volt + host_volt) * to_eta)


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def _conduction_slopes(
    p: ElectrodeParameters,
    y: FloatArray,
    offset: int,
    node: int,
    current: float,
    band: FloatArray,
) -> None:
    """Add the derivatives of the ionic current between a node and the one before it."""
    ionic0, electronic0 = half_resistances(p, y, offset, node - 1)
    ionic1, electronic1 = half_resistances(p, y, offset, node)
    per_volt = 1.0 / (ionic0 + ionic1 + electronic0 + electronic1)
    here, before = node_state(node, ETA), node_state(node - 1, ETA)
    step = y[offset + here] - y[offset + before]
    flow = (current * (electronic0 + electronic1) - step) * per_volt
    # What leaves a node raises its eta, what enters the one before lowers that one's.
    gain_here, gain_before = _eta_per_charge(p, node), -_eta_per_charge(p, node - 1)
    _put(band, offset, here, here, -gain_here * per_volt)
    _put(band, offset, here, before, gain_here * per_volt)
    _put(band, offset, before, here, -gain_before * per_volt)
    _put(band, offset, before, before, gain_before * per_volt)
    for nearby in range(max(node - 1, 0), node + 1):
        ionic, electronic = (ionic1, electronic1) if nearby == node else (ionic0, electronic0)
        ionic_x = -ionic * p.nodes[nearby].ionic_log_ratio
        electronic_x = -electronic * p.nodes[nearby].electronic_log_ratio
        slope = (current * electronic_x - flow * (ionic_x + electronic_x)) * per_volt
        _put(band, offset, here, node_state(nearby, LITHIATED), gain_here * slope)
        _put(band, offset, before, node_state(nearby, LITHIATED), gain_before * slope)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def current_column(p: ElectrodeParameters, y: FloatArray, offset: int, column: FloatArray) -> None:
    """Write the derivatives of the rates with respect to the current through the electrode.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    column : ndarray
        Receives d(rates)/d(current), at fixed filament current.
    """
    nodes = node_count(p)
    before = 0.0
    for node in range(nodes):
        ionic0, electronic0 = half_resistances(p, y, offset, node - 1)
        ionic1, electronic1 = half_resistances(p, y, offset, node)
        electronic = electronic0 + electronic1
        share = electronic / (electronic + ionic0 + ionic1)
        column[offset + node_state(node - 1, ETA)] = -(share - before) * _eta_per_charge(
            p, node - 1
        )
        before = share
    column[offset + node_state(nodes - 1, ETA)] = -(1.0 - before) * _eta_per_charge(p, nodes - 1)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def filament_column(p: ElectrodeParameters, offset: int, column: FloatArray) -> None:
    """Write the derivatives of the rates with respect to the current that filaments take up.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    offset : int
        Where the electrode's states begin.
    column : ndarray
        Receives d(rates)/d(filament current).
    """
    last = node_count(p) - 1
    column[offset + node_state(last, ETA)] = _eta_per_charge(p, last)
    column[offset + state_count(p) - 1] = 1.0 / p.filament_charge


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def mouths_row(
    p: ElectrodeParameters, y: FloatArray, offset: int, slope: float, row: FloatArray
) -> None:
    """Add what a function of :func:`plating_behind_mouths` owes to each state.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    slope : float
        Derivative of the function with respect to i_mouth.
    row : ndarray
        Derivatives with respect to all states; added to.
    """
    for node in range(p.middle, node_count(p)):
        here = p.nodes[node]
        base = offset + node_state(node, FILLING)
        rate, per_volt, per_filling, plates, plates_per_volt = pore_plating_rate(
            y[base + ETA],
            y[base + FILLING],
            here.pore_exchange,
            here.capillary,
            p.thermal_voltage,
        )
        row[base + ETA] += slope * here.width * (per_volt * plates + rate * plates_per_volt)
        row[base + FILLING] += slope * here.width * per_filling * plates


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def filament_relaxation(
    p: ElectrodeParameters, offset: int, slope: float, band: FloatArray
) -> None:
    """Add the derivatives of the rates with respect to the filament's own length to a band.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    offset : int
        Where the electrode's states begin.
    slope : float
        d(filament current)/d(length) [A m-2].
    band : ndarray
        Rows of :mod:`interlith.numerics.banded`.
    """
    last, filament = node_count(p) - 1, state_count(p) - 1
    _put(band, offset, filament, filament, slope / p.filament_charge)
    _put(band, offset, node_state(last, ETA), filament, slope * _eta_per_charge(p, last))


@njit(
    inline="always",
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def _eta_per_charge(p: ElectrodeParameters, node: int) -> float:
    """Change of eta per charge of a node or of the face [V m2 C-1]."""
    if node < 0:
        return 1.0 / p.face_capacitance
    return p.nodes[node].eta_per_charge


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def pressure_column(
    p: ElectrodeParameters,
    laws: tuple,
    y: FloatArray,
    offset: int,
    pressure: float,
    column: FloatArray,
) -> None:
    """Write the derivatives of the rates with respect to the stack pressure.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    laws : tuple
        The chosen laws.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.
    pressure : float
        Stack pressure [Pa].
    column : ndarray
        Receives d(rates)/d(pressure), at fixed filament current.
    """
    step = 1e-6 * max(pressure, 1e3)
    higher = face_current(p, laws, y, offset, pressure + step)
    lower = face_current(p, laws, y, offset, pressure - step)
    face = (higher - lower) / (2.0 * step)
    column[offset + METAL] = face
    column[offset + FACE] = face / p.face_capacitance
    void = y[offset + VOID]
    above = laws[1](
        higher,
        replenishment(p, laws, pressure + step),
        void,
        p.smallest_void,
        p.refill_fraction,
    )
    below = laws[1](
        lower, replenishment(p, laws, pressure - step), void, p.smallest_void, p.refill_fraction
    )
    column[offset + VOID] = (above - below) / (2.0 * step)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def lithium_content(p: ElectrodeParameters, y: FloatArray, offset: int) -> float:
    """All lithium of an electrode, the ions of its double layers included.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    y : ndarray
        States of the cell.
    offset : int
        Where those of the electrode begin.

    Returns
    -------
    float
        Lithium as charge per area [C m-2]; its rate of change is the current, exactly.
    """
    total = y[offset + METAL] + p.sei_charge * y[offset + THICKNESS]
    total += p.filament_charge * y[offset + state_count(p) - 1]
    total -= p.face_capacitance * y[offset + FACE]
    for node in range(node_count(p)):
        base = offset + FIRST_NODE + PER_NODE * node
        stored = p.nodes[node].pore_charge * y[base + FILLING]
        stored += p.nodes[node].host_charge * y[base + LITHIATED]
        stored -= p.nodes[node].capacitance * y[base + ETA]
        total += p.nodes[node].width * stored
    return total


def initial_states(
    p: ElectrodeParameters, pore_filling: float, lithiated: FloatArray
) -> FloatArray:
    """States of a rested electrode.

    Parameters
    ----------
    p : ElectrodeParameters
        The electrode.
    pore_filling : float
        Share of the pores that holds lithium.
    lithiated : ndarray, shape (n,)
        Lithiated fraction of each node.

    Returns
    -------
    ndarray, shape (5 + 3 n,)
        The states.
    """
    states = np.zeros(FIRST_NODE + PER_NODE * len(p.nodes) + 1)
    states[THICKNESS] = p.sei_initial
    states[METAL] = p.initial_metal
    for node, fraction in enumerate(lithiated):
        states[node_state(node, FILLING)] = pore_filling
        states[node_state(node, LITHIATED)] = fraction
    return states


def hot_spot_smoothing(thickness: float, void_spacing: float) -> float:
    r"""Share of a lateral current pattern that survives a layer, exp(-2 pi L / lambda).

    Parameters
    ----------
    thickness : float
        L [m].
    void_spacing : float
        lambda [m].

    Returns
    -------
    float
        1 for no layer; see :func:`interlith.physics.interphase.void_hot_spot_factor`.
    """
    return math.exp(-2.0 * math.pi * thickness / void_spacing)


def cracked_smoothing(smoothing: float, cracked: float) -> float:
    """Share of a lateral current pattern that survives a layer of which a part is cracked open.

    Parameters
    ----------
    smoothing : float
        Of the whole layer, from :func:`hot_spot_smoothing`.
    cracked : float
        Share of the area where cracks reach through the layer.

    Returns
    -------
    float
        Mean over the area: a crack smooths nothing (assumed).
    """
    return smoothing * (1.0 - cracked) + cracked
