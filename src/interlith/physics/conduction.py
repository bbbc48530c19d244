"""Ohm's two laws in a mixed conductor, with the ionic current as the one unknown."""

import math

from numba import njit


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def ionic_current_between(
    potential_step: float,
    current_density: float,
    ionic_resistance: float,
    electronic_resistance: float,
) -> float:
    r"""Ionic current density between two points of a mixed conductor.

    With :math:`\eta = \phi_{el} - \phi_{ion}` and :math:`i_{ion} + i_{el} = j`,

    .. math:: i_{ion} = \frac{j / \sigma_{el} - d\eta/dx}{1/\kappa_{ion} + 1/\sigma_{el}},

    integrated over a distance on which both currents are constant. Currents count towards the
    lithium metal, x away from it.

    Parameters
    ----------
    potential_step : float
        Potential difference eta at the far point minus that at the near point [V].
    current_density : float
        Sum of ionic and electronic current density j [A m-2], positive when plating.
    ionic_resistance, electronic_resistance : float
        Resistances between the two points for the two carriers [Ohm m2].

    Returns
    -------
    float
        Ionic current density [A m-2].

    Notes
    -----
    Porous-electrode theory: Newman & Tobias, J. Electrochem. Soc. 109, 1183 (1962),
    doi:10.1149/1.2425269.
    """
    return (current_density * electronic_resistance - potential_step) / (
        ionic_resistance + electronic_resistance
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz", "reassoc"})
def resistance_while_lithiating(
    lithiated: float, logarithm_of_ratio: float, lithiated_fraction: float
) -> float:
    r"""Resistance of a host of which a fraction is lithiated, by the logarithmic mixing rule.

    .. math:: \ln R = x \ln R_{lithiated} + (1 - x) \ln R_{pristine}

    which is the same rule for conductivities.

    Parameters
    ----------
    lithiated : float
        Resistance of the lithiated host [Ohm m2].
    logarithm_of_ratio : float
        ln(pristine / lithiated), of resistances.
    lithiated_fraction : float
        Share x of the host that is lithiated.

    Returns
    -------
    float
        Resistance [Ohm m2].

    Notes
    -----
    Lichtenecker's rule for a random mixture, Phys. Z. 27, 115 (1926), no DOI; that it holds for a
    converting host is assumed. A parallel rule would let a trace of unlithiated metal carry all
    electrons of the layer.
    """
    exponent = (1.0 - lithiated_fraction) * logarithm_of_ratio
    if abs(exponent) < 1e-9:
        # Two terms of the series are exact to round-off, and a formed layer is always here.
        return lithiated * (1.0 + exponent)
    return lithiated * math.exp(exponent)


def bruggeman(dense_conductivity: float, solid_fraction: float, exponent: float) -> float:
    r"""Effective conductivity of the solid skeleton of a porous layer.

    .. math:: \kappa_{eff} = \kappa\,(1 - \varepsilon)^{b}

    Parameters
    ----------
    dense_conductivity : float
        Conductivity of the dense solid [S m-1].
    solid_fraction : float
        Volume fraction of the solid, 1 minus the porosity.
    exponent : float
        Bruggeman exponent b, 1.5 for spheres.

    Returns
    -------
    float
        Effective conductivity [S m-1].

    Notes
    -----
    Bruggeman, Ann. Phys. 416, 636 (1935), doi:10.1002/andp.19354160705.
    """
    return float(dense_conductivity * solid_fraction**exponent)


def parallel_slabs(dense_conductivity: float, solid_fraction: float, exponent: float) -> float:
    """Effective conductivity of straight channels of solid: the upper Wiener bound.

    Parameters
    ----------
    dense_conductivity : float
        Conductivity of the dense solid [S m-1].
    solid_fraction : float
        Volume fraction of the solid.
    exponent : float
        Not used; kept so that every conduction law is called alike.

    Returns
    -------
    float
        Effective conductivity [S m-1].

    Notes
    -----
    Wiener, Abh. Saechs. Akad. Wiss. 32, 507 (1912); the bound has no DOI.
    """
    del exponent
    return dense_conductivity * solid_fraction


def percolating_conductivity(
    dense_conductivity: float, volume_fraction: float, threshold: float, exponent: float
) -> float:
    r"""Effective conductivity of one phase of a random mixture above its percolation threshold.

    .. math:: \kappa_{eff} = \kappa
              \left(\frac{\varphi - \varphi_c}{1 - \varphi_c}\right)^{t}

    Parameters
    ----------
    dense_conductivity : float
        Conductivity of the dense phase [S m-1].
    volume_fraction : float
        Share phi of the volume that the phase takes, 0 to 1.
    threshold : float
        phi_c, below which the phase does not connect.
    exponent : float
        t.

    Returns
    -------
    float
        Effective conductivity [S m-1]; a millionth of the dense one where nothing connects, since
        a cathode without any conduction has no solution.

    Notes
    -----
    Kirkpatrick, Rev. Mod. Phys. 45, 574 (1973), doi:10.1103/RevModPhys.45.574: t is about 2 in
    three dimensions. Scher & Zallen, J. Chem. Phys. 53, 3759 (1970), doi:10.1063/1.1674565: phi_c
    is about 0.16 for particles of like size. Beside measured composites: docs/full-cell.md.
    """
    above = max(volume_fraction - threshold, 0.0) / (1.0 - threshold)
    return float(dense_conductivity * max(above**exponent, 1e-6))
