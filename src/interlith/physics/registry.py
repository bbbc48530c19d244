"""The laws that a cell file can choose under ``models:``, by slot and name.

The first name of a slot is the default. To add a law: write it in the file of its phenomenon with
the signature of its slot (``laws.py``), and add one line here. Nothing else changes; nothing else
is compiled again.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from interlith.physics import conduction, filament, interphase, pores, voids

Law = Callable[..., Any]

KERNEL_SLOTS: Final = (
    "contact_law",
    "void_model",
    "replenishment_law",
    "sei_growth_law",
    "filament_law",
)
"""Slots whose laws run inside the compiled electrode, in the order of its tuple of laws."""

FUNCTIONS: Final[dict[str, dict[str, Law]]] = {
    "contact_law": {
        "exponential": voids.exponential_contact,
        "linear": voids.linear_contact,
    },
    "void_model": {
        "net_stripping": voids.net_stripping,
        "reversible": voids.reversible_stripping,
    },
    "replenishment_law": {
        "creep_and_diffusion": voids.creep_and_diffusion,
        "diffusion_only": voids.diffusion_only,
    },
    "sei_growth_law": {
        "parabolic": interphase.parabolic_growth,
        "none": interphase.no_growth,
    },
    "filament_law": {
        "tip_kinetics": filament.tip_kinetics,
        "transport_limited": filament.transport_limited,
    },
    "ciop_law": {
        "fracture_and_interface_energy": interphase.critical_interphase_overpotential,
        "fracture_only": interphase.fracture_only,
    },
    "capillary_law": {
        "young_laplace": pores.capillary_overpotential,
        "none": pores.no_capillarity,
    },
    "conduction_law": {
        "bruggeman": conduction.bruggeman,
        "parallel_slabs": conduction.parallel_slabs,
    },
}

LAWS: Final[dict[str, dict[str, str]]] = {
    slot: {name: (law.__doc__ or "").strip().splitlines()[0] for name, law in laws.items()}
    for slot, laws in FUNCTIONS.items()
}
"""Slot -> name -> one line on the law, for messages and reports."""


def default_laws() -> dict[str, str]:
    """Names of the default laws.

    Returns
    -------
    dict
        Slot -> name.
    """
    return {slot: next(iter(laws)) for slot, laws in FUNCTIONS.items()}


def chosen_laws(models: Mapping[str, str]) -> dict[str, str]:
    """Complete a user's choice of laws by the defaults.

    Parameters
    ----------
    models : mapping
        Slot -> name, from the cell file.

    Returns
    -------
    dict
        Slot -> name, one for every slot.
    """
    return {**default_laws(), **models}


def unknown_laws(models: Mapping[str, str]) -> list[tuple[str, str, list[str]]]:
    """List the choices that name no law.

    Parameters
    ----------
    models : mapping
        Slot -> name, from the cell file.

    Returns
    -------
    list of tuple
        (field, value, allowed values) for every wrong slot or name.
    """
    wrong = []
    for slot, name in models.items():
        if slot not in FUNCTIONS:
            wrong.append((f"models.{slot}", name, sorted(FUNCTIONS)))
        elif name not in FUNCTIONS[slot]:
            wrong.append((f"models.{slot}", name, sorted(FUNCTIONS[slot])))
    return wrong


def register_law(slot: str, name: str, law: Law) -> None:
    """Offer a law of your own under a name, from a script or a notebook.

    Parameters
    ----------
    slot : str
        One of :data:`FUNCTIONS`.
    name : str
        How cell files call it.
    law : function
        Compiled with the slot's signature of :mod:`interlith.physics.laws`, for example
        ``numba.njit(interlith.physics.laws.CONTACT)``; plain Python for the last three slots.

    Raises
    ------
    ValueError
        If the slot does not exist or the name is taken.
    """
    if slot not in FUNCTIONS:
        message = f"no slot '{slot}'; there are {', '.join(FUNCTIONS)}"
        raise ValueError(message)
    if name in FUNCTIONS[slot]:
        message = f"slot '{slot}' has a law '{name}' already"
        raise ValueError(message)
    FUNCTIONS[slot][name] = law
    LAWS[slot][name] = (law.__doc__ or "").strip().partition("\n")[0]
