"""Voids: the lithium that is missing at the interface, what refills it, what contact is left."""

import math

from numba import njit

from interlith.physics.laws import CONTACT, REPLENISHMENT, VOID

CONTACT_FLOOR = 1e-6
"""Smallest contact fraction. A regularisation: at the floor the voltage limit has long tripped."""


@njit(
    REPLENISHMENT,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def creep_and_diffusion(
    stack_pressure: float,
    diffusive: float,
    creep_at_reference: float,
    reference_pressure: float,
    exponent: float,
) -> float:
    r"""Stripping current density that creep and solid diffusion can feed.

    .. math:: j_{rep} = j_D + j_C \left(\frac{P}{P_{ref}}\right)^{n}

    Parameters
    ----------
    stack_pressure : float
        P [Pa].
    diffusive : float
        Part carried by diffusion in the metal or alloy, j_D [A m-2], at the cell's temperature.
    creep_at_reference : float
        Part carried by creep at the reference pressure, j_C [A m-2], at the cell's temperature.
    reference_pressure : float
        P_ref [Pa].
    exponent : float
        n.

    Returns
    -------
    float
        Replenishment current density [A m-2].

    Notes
    -----
    Creep against diffusion: Kasemchainan et al., Nat. Mater. 18, 1105 (2019),
    doi:10.1038/s41563-019-0438-9; power law and activation energy of lithium creep: LePage et al.,
    J. Electrochem. Soc. 166, A89 (2019), doi:10.1149/2.0221902jes.
    """
    pressure = max(stack_pressure, 0.0)
    return diffusive + creep_at_reference * (pressure / reference_pressure) ** exponent


@njit(
    REPLENISHMENT,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def diffusion_only(
    stack_pressure: float,
    diffusive: float,
    creep_at_reference: float,
    reference_pressure: float,
    exponent: float,
) -> float:
    """Replenishment without creep: the limit of a stiff anode or of zero stack pressure.

    Parameters
    ----------
    stack_pressure, creep_at_reference, reference_pressure, exponent : float
        As in :func:`creep_and_diffusion`; not used.
    diffusive : float
        Part carried by diffusion [A m-2].

    Returns
    -------
    float
        Replenishment current density [A m-2].

    Notes
    -----
    Krauskopf et al., Adv. Energy Mater. 9, 1902568 (2019), doi:10.1002/aenm.201902568.
    """
    return diffusive


@njit(
    VOID,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def net_stripping(
    face_current: float,
    replenishment: float,
    void_capacity: float,
    smallest_capacity: float,
    refill_fraction: float,
) -> float:
    r"""Growth rate of the void capacity.

    .. math:: \dot q_v = -i - j_{rep} \;(i < 0), \qquad \dot q_v = -\phi\,i - j_{rep} \;(i > 0)

    as long as there are voids; nothing is refilled where none are.

    Parameters
    ----------
    face_current : float
        Plating current density at the face, i [A m-2]; negative strips.
    replenishment : float
        j_rep [A m-2].
    void_capacity : float
        q_v, lithium missing at the face [C m-2].
    smallest_capacity : float
        Capacity below which refilling fades out [C m-2]; keeps q_v >= 0.
    refill_fraction : float
        phi, share of the plated lithium that goes into voids.

    Returns
    -------
    float
        d q_v / dt [A m-2].

    Notes
    -----
    Balance of stripping, creep and plating at the interface: Kasemchainan et al., Nat. Mater. 18,
    1105 (2019), doi:10.1038/s41563-019-0438-9. Incomplete refilling (occluded voids) is the same
    paper's observation; its share is an assumption.
    """
    presence = void_capacity / math.sqrt(void_capacity**2 + smallest_capacity**2)
    if face_current < 0.0:
        return -face_current - replenishment * presence
    return -(refill_fraction * face_current + replenishment) * presence


@njit(
    VOID,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def reversible_stripping(
    face_current: float,
    replenishment: float,
    void_capacity: float,
    smallest_capacity: float,
    refill_fraction: float,
) -> float:
    """Voids that plating refills completely, as if no void were ever occluded.

    Parameters
    ----------
    face_current, replenishment, void_capacity, smallest_capacity : float
        As in :func:`net_stripping`.
    refill_fraction : float
        Not used: it is 1 here.

    Returns
    -------
    float
        d q_v / dt [A m-2].

    Notes
    -----
    The limit phi = 1 of :func:`net_stripping`; an alternative law for comparison.
    """
    presence = void_capacity / math.sqrt(void_capacity**2 + smallest_capacity**2)
    if face_current < 0.0:
        return -face_current - replenishment * presence
    return -(face_current + replenishment) * presence


@njit(
    CONTACT,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def exponential_contact(void_capacity: float, void_scale: float) -> float:
    r"""Contact fraction when voids meet the interface at random depths.

    .. math:: A = \exp(-q_v / q_c)

    Parameters
    ----------
    void_capacity : float
        q_v [C m-2].
    void_scale : float
        q_c, the void depth (with the pore reservoir) expressed as a capacity [C m-2].

    Returns
    -------
    float
        Contact fraction A, 1e-6 to 1.

    Notes
    -----
    Exponential distribution of asperity heights: Greenwood & Williamson, Proc. R. Soc. A 295, 300
    (1966), doi:10.1098/rspa.1966.0242. That voids obey it is an assumption.
    """
    return max(math.exp(-max(void_capacity, 0.0) / void_scale), CONTACT_FLOOR)


@njit(
    CONTACT,
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "arcp", "nsz", "reassoc"},
)
def linear_contact(void_capacity: float, void_scale: float) -> float:
    r"""Contact fraction of voids of one depth: all contact is lost at q_v = q_c.

    .. math:: A = 1 - q_v / q_c

    Parameters
    ----------
    void_capacity : float
        q_v [C m-2].
    void_scale : float
        q_c [C m-2].

    Returns
    -------
    float
        Contact fraction A, 1e-6 to 1.

    Notes
    -----
    The limit in which a half-cycle of areal capacity Q fails at (j - j_rep) Q / j = q_c: voids of
    uniform depth, as drawn by Krauskopf et al., Adv. Energy Mater. 9, 1902568 (2019),
    doi:10.1002/aenm.201902568.
    """
    return max(1.0 - max(void_capacity, 0.0) / void_scale, CONTACT_FLOOR)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def pressure_contact_factor(
    stack_pressure: float, reference_pressure: float, adhesion_pressure: float, exponent: float
) -> float:
    r"""Factor by which an interface resistance changes with stack pressure.

    .. math:: f = \left(\frac{P_{ref} + P_{adh}}{P + P_{adh}}\right)^{m}

    Parameters
    ----------
    stack_pressure, reference_pressure : float
        P and P_ref [Pa].
    adhesion_pressure : float
        Pressure that adhesion is worth [Pa]; keeps the factor finite at P = 0 (assumed).
    exponent : float
        m, 0.5.

    Returns
    -------
    float
        Dimensionless factor, 1 at the reference pressure.

    Notes
    -----
    Exponent -0.5 of the electrode|Li6PS5Cl resistance with pressure, -1 with contact area:
    arXiv:2501.00600.
    """
    pressure = max(stack_pressure, 0.0)
    ratio = (reference_pressure + adhesion_pressure) / (pressure + adhesion_pressure)
    if exponent == 0.5:
        # The usual exponent, many times cheaper than a general power.
        return math.sqrt(ratio)
    return float(ratio**exponent)
