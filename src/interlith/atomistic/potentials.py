"""Interatomic potentials by name: machine-learned with weights in their wheels, EMT, any other.

A name is one of `POTENTIALS`, an entry point of the group ``interlith.potentials``, or
``package.module:callable`` for anything that returns an ASE calculator, a DFT code included.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version
from io import StringIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from interlith.errors import InputError, Problem, near_matches
from interlith.extra import need

if TYPE_CHECKING:
    from ase import Atoms
    from ase.calculators.calculator import Calculator

ENTRY_POINTS = "interlith.potentials"


@dataclass(frozen=True)
class Potential:
    """A way to get energies and forces.

    Parameters
    ----------
    name
        As the user names it.
    packages
        Distributions whose version decides the numbers.
    describes
        What it was fitted to: functional and data.
    source
        DOI of the paper, or what stands for it.
    make
        Returns a new ASE calculator.
    elements
        Chemical symbols that it knows; empty when it does not say.
    settings
        What else decides the numbers, as the parameters of a calculator that the user made: two
        potentials with others are two.
    """

    name: str
    packages: tuple[str, ...]
    describes: str
    source: str
    make: Callable[[], Calculator]
    elements: frozenset[str] = frozenset()
    settings: str = ""

    @property
    def label(self) -> str:
        """Name as a part of a file name."""
        return self.name.replace(":", ".")

    @property
    def versions(self) -> dict[str, str]:
        """Versions of the packages that decide the numbers."""
        found = {}
        for package in (*self.packages, "ase"):
            try:
                found[package] = version(package)
            except PackageNotFoundError:
                found[package] = "unknown"
        return found

    def require(self, atoms: Atoms) -> None:
        """Raise InputError when an element of `atoms` is outside what the potential knows."""
        missing = sorted(set(atoms.get_chemical_symbols()) - self.elements)
        if self.elements and missing:
            known = ", ".join(sorted(self.elements))
            expected = f"elements that {self.name} knows ({known})"
            raise InputError(Problem("", "potential", f"{self.name} with {missing[0]}", expected))


def _chgnet(model: str) -> Callable[[], Calculator]:
    def make() -> Calculator:
        need("chgnet")
        from chgnet.model import CHGNet, CHGNetCalculator

        class WithoutNeedlessStress(CHGNetCalculator):  # type: ignore[misc]
            """Asked for forces alone it would work out stress and magnetic moments too."""

            def calculate(
                self,
                atoms: Atoms | None = None,
                properties: list[str] | None = None,
                system_changes: list[str] | None = None,
            ) -> None:
                """Calculate energy and forces, and the stress where it is asked for."""
                task = "efs" if properties and "stress" in properties else "ef"
                # What its libraries think of each other's calls is nothing a user can act on.
                with catch_warnings():
                    simplefilter("ignore")
                    super().calculate(atoms, properties, system_changes, task=task)

        # It greets on standard output, where --json writes.
        with redirect_stdout(StringIO()):
            network = CHGNet.load(model_name=model, use_device="cpu", verbose=False)
            # Forces need no derivative by the weights; without them a call takes a sixth less.
            network.requires_grad_(False)
            return WithoutNeedlessStress(network, use_device="cpu", on_isolated_atoms="ignore")

    return make


def _sevennet(model: str, modal: str | None = None) -> Callable[[], Calculator]:
    def make() -> Calculator:
        need("sevenn")
        from sevenn.calculator import SevenNetCalculator

        return SevenNetCalculator(model, device="cpu", modal=modal)

    return make


def _emt() -> Calculator:
    need("ase")
    from ase.calculators.emt import EMT

    return EMT()


# Angstrom between points of the grid, on which nearly all the time goes.
GPAW_GRID = 0.25


def _gpaw() -> Calculator:
    need("gpaw")
    from gpaw import GPAW, LCAO, FermiDirac

    return GPAW(
        mode=LCAO(),
        basis="dzp",
        xc="PBE",
        h=GPAW_GRID,
        kpts=(2, 2, 1),
        occupations=FermiDirac(0.1),
        convergence={"energy": 5e-4, "density": 1e-3},
        symmetry={"point_group": False},
        txt=None,
    )


# Both families were trained on MPtrj, which has 89 elements: all up to Pu but Po to Ra.
_NOT_IN_MPTRJ = ("Po", "At", "Rn", "Fr", "Ra")
_HEAVIEST_IN_MPTRJ = 94


@cache
def _mptrj_elements() -> frozenset[str]:
    from ase.data import chemical_symbols

    known = chemical_symbols[1 : _HEAVIEST_IN_MPTRJ + 1]
    return frozenset(known) - frozenset(_NOT_IN_MPTRJ)


def _table() -> dict[str, Potential]:
    mptrj = _mptrj_elements()
    chgnet, sevennet = "10.1038/s42256-023-00716-3", "10.1021/acs.jctc.4c00190"
    pbe = "PBE(+U) of the Materials Project trajectories"
    rows = (
        Potential("chgnet", ("chgnet", "torch"), pbe, chgnet, _chgnet("0.3.0"), mptrj),
        Potential("chgnet-r2scan", ("chgnet", "torch"), "r2SCAN", chgnet, _chgnet("r2scan"), mptrj),
        Potential("sevennet-0", ("sevenn", "torch"), pbe, sevennet, _sevennet("7net-0"), mptrj),
        Potential(
            "sevennet-l3i5", ("sevenn", "torch"), pbe, sevennet, _sevennet("7net-l3i5"), mptrj
        ),
        Potential(
            "gpaw",
            ("gpaw", "gpaw-data"),
            "PBE, double-zeta polarised atomic orbitals, 2 x 2 k-points",
            "10.1063/5.0182685",
            _gpaw,
            settings=f"grid {GPAW_GRID}",
        ),
        Potential(
            "emt",
            (),
            "effective medium theory for fcc metals, a method test only",
            "10.1016/0039-6028(96)00816-3",
            _emt,
            frozenset(("Al", "Cu", "Ag", "Au", "Ni", "Pd", "Pt", "H", "C", "N", "O")),
        ),
    )
    return {row.name: row for row in rows}


# What a command uses when the user names none: two families that share data but not architecture.
DEFAULT_POTENTIALS = ("sevennet-0", "chgnet")


def potential_names() -> list[str]:
    """Return the names that need no module path."""
    own = list(_table())
    return own + [point.name for point in entry_points(group=ENTRY_POINTS)]


def potential(name: str) -> Potential:
    """Return a potential by name.

    Parameters
    ----------
    name
        One of `potential_names`, or ``package.module:callable``.

    Raises
    ------
    InputError
        No such potential, or the callable cannot be imported.
    MissingExtraError
        ASE is not installed.
    """
    need("ase")
    table = _table()
    if name in table:
        return table[name]
    for point in entry_points(group=ENTRY_POINTS):
        if point.name == name:
            return from_callable(name, point.load())
    if ":" in name:
        return from_callable(name, _imported(name))
    close = near_matches(name, table)
    hint = f"; did you mean {close[0]}?" if close else ""
    expected = f"one of {', '.join(potential_names())}, or package.module:callable{hint}"
    raise InputError(Problem("", "--potential", name, expected))


def from_callable(name: str, make: Callable[[], Any]) -> Potential:
    """Return a potential around anything that makes an ASE calculator."""
    package = getattr(make, "__module__", "").partition(".")[0]
    return Potential(name, (package,) if package else (), "not stated", "the user's own", make)


def from_calculator(calculator: Calculator) -> Potential:
    """Return a potential around one ASE calculator, shared by all images.

    What is kept on disk is named after its class, its package's version and its parameters.
    """
    kind = type(calculator)
    package = kind.__module__.partition(".")[0]
    parameters = sorted(dict(getattr(calculator, "parameters", {})).items())
    return Potential(
        kind.__name__,
        (package,),
        "not stated",
        "the user's own",
        lambda: calculator,
        settings=repr(parameters) if parameters else "",
    )


def _imported(name: str) -> Callable[[], Any]:
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        expected = f"a callable that can be imported ({error})"
        raise InputError(Problem("", "--potential", name, expected)) from None
    if not callable(found):
        raise InputError(Problem("", "--potential", name, "something that can be called"))
    make: Callable[[], Any] = found
    return make
