"""From energies to wetting: work of adhesion, interface energy, contact angle.

- work of adhesion, what parting an interface into two faces costs:
  W = (E_film + E_slab - E_both) / A; Dupré, Théorie mécanique de la chaleur (1869), unverified
- interface energy: gamma_int = gamma_host + gamma_film - W, the same written for a cut and a join
- contact angle: cos(theta) = W / gamma_film - 1; Young, Phil. Trans. R. Soc. 95, 65 (1805),
  doi:10.1098/rstl.1805.0005, unverified, with Dupré's work of adhesion

All faces are taken as those of a solid at 0 K; a drop is a liquid, so the angle is a proxy.
"""

from __future__ import annotations

from math import acos, degrees

EV_PER_A2_IN_J_PER_M2 = 16.021766208
LITHIOPHOBIC_DEGREES = 90.0


def work_of_adhesion(film_eV: float, slab_eV: float, both_eV: float, area_A2: float) -> float:
    """Return the work of adhesion [J/m2] from energies of the parted and the joined [eV].

    The film is strained alike in both, so that its strain energy cancels.
    """
    return (film_eV + slab_eV - both_eV) / area_A2 * EV_PER_A2_IN_J_PER_M2


def surface_energy(slab_eV: float, bulk_eV: float, area_A2: float) -> float:
    """Return the energy of a face [J/m2] from a slab with two equal ones and as much bulk [eV]."""
    return (slab_eV - bulk_eV) / (2.0 * area_A2) * EV_PER_A2_IN_J_PER_M2


def interface_energy(host_J_m2: float, film_J_m2: float, work_J_m2: float) -> float:
    """Return the energy of an interface [J/m2] from its two faces and the work of adhesion."""
    return host_J_m2 + film_J_m2 - work_J_m2


def contact_angle(work_J_m2: float, film_J_m2: float) -> float:
    """Return the contact angle of the film's material on the host [degrees].

    0 where the work reaches twice the film's surface energy (it spreads), 180 where there is none.
    """
    cosine = work_J_m2 / film_J_m2 - 1.0
    return degrees(acos(min(1.0, max(-1.0, cosine))))
