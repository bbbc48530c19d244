"""What a barrier calculation found, as plain data: shipped with the package, cached, printed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteRecord(_Record):
    """A site: energy above the lowest, bonded surface atoms, height, place in the plane."""

    name: str
    energy_eV: float
    neighbours: str
    height_A: float
    place_A: tuple[float, float]
    started_from: tuple[str, ...]


class JumpRecord(_Record):
    """A path between two sites: energies above the lowest site, and the adatom's track."""

    name: str
    start: str
    end: str
    length_A: float
    saddle_eV: float
    converged: bool
    force_eV_per_A: float
    steps: int
    minima_between: int
    way_A: tuple[float, ...]
    energies_eV: tuple[float, ...]
    track_A: tuple[tuple[float, float, float], ...]


class StepRecord(_Record):
    """One jump of a crossing, taken forwards or backwards."""

    jump: str
    backwards: bool


class CrossingRecord(_Record):
    """A direction across the surface and the barrier that opens it."""

    barrier_eV: float
    direction: tuple[int, int]
    period_A: float
    path: tuple[StepRecord, ...]


class SurfaceRecord(_Record):
    """The slab: how it was cut, what its top holds, its cell and the atoms of its upper layers."""

    miller: tuple[int, int, int]
    termination: int
    terminations: int
    top: str
    symmetric: bool
    polar: bool
    layers: int
    coverage: tuple[int, int]
    atoms: int
    cell_A: tuple[tuple[float, float], tuple[float, float]]
    upper_atoms: tuple[tuple[str, float, float, float], ...]


class BarrierRecord(_Record):
    """Everything about one metal on one face with one potential.

    `barrier_eV` is that of the easiest direction, `across` holds the directions found (one or two).
    """

    metal: str
    host: str
    potential: str
    versions: dict[str, str]
    functional: str
    method: int
    seed: int
    images: int
    lattice_A: tuple[float, float, float]
    surface: SurfaceRecord
    sites: tuple[SiteRecord, ...]
    jumps: tuple[JumpRecord, ...]
    across: tuple[CrossingRecord, ...]
    warnings: tuple[str, ...]

    @property
    def barrier_eV(self) -> float | None:
        """Barrier of the easiest direction [eV]; None when no network of jumps crosses."""
        return self.across[0].barrier_eV if self.across else None

    def answers(
        self,
        *,
        coverage: tuple[int, int] | None,
        layers: int | None,
        termination: int,
        images: int,
        seed: int,
    ) -> bool:
        """Whether a calculation with these settings is this one; None is what a user left open.

        Only a record of the same face that was computed with settings left open may be asked.
        """
        surface = self.surface
        return (
            (surface.termination, self.images, self.seed) == (termination, images, seed)
            and coverage in (None, surface.coverage)
            and layers in (None, surface.layers)
        )

    @property
    def converged(self) -> bool:
        """Whether every jump of the easiest crossing converged."""
        jumps = {jump.name: jump for jump in self.jumps}
        return bool(self.across) and all(jumps[step.jump].converged for step in self.across[0].path)

    def profile(self, crossing: int = 0) -> tuple[list[float], list[float]]:
        """Return way [angstrom] and energy [eV] along a crossing, jump after jump."""
        jumps = {jump.name: jump for jump in self.jumps}
        way, energy = [0.0], [0.0]
        for number, step in enumerate(self.across[crossing].path):
            jump = jumps[step.jump]
            heights = list(jump.energies_eV)
            along = list(jump.way_A)
            if step.backwards:
                heights.reverse()
                along = [along[-1] - x for x in reversed(along)]
            if number == 0:
                energy[0] = heights[0]
            start = way[-1]
            way += [start + x for x in along[1:]]
            energy += heights[1:]
        return way, energy


class RelaxedCheck(_Record):
    """The barrier between the lowest state and the summit of a check, both relaxed by the method.

    States are named as they are kept (site-s4, s1-s4a-3); `gained_eV` is what relaxation lowered
    the lowest state and the summit by, `steps` how many it took. The summit's adatom was held in
    the plane.
    """

    barrier_eV: float
    lowest: str
    summit: str
    gained_eV: tuple[float, float]
    steps: tuple[int, int]


class NetworkCheck(_Record):
    """What another method says of a barrier at a potential's geometries (`network_check.py`).

    `barrier_eV` is that of the lowest network by the method's energies, `potential_eV` by the
    potential's own. `sites_eV` holds each site, `images_eV` each image weighed of each jump: energy
    above the lowest site by the potential and by the method. `path` names the jumps of the crossing
    by the method, `decisive` the highest of them, `points` how many geometries were weighed,
    `relaxed` what came of relaxing the two that decide, where that was asked for.
    """

    barrier_eV: float
    potential_eV: float
    potential: str
    checker: str
    versions: dict[str, str]
    sites_eV: dict[str, tuple[float, float]]
    images_eV: dict[str, dict[str, tuple[float, float]]]
    path: tuple[str, ...]
    decisive: str
    points: int
    relaxed: RelaxedCheck | None = None

    @property
    def member(self) -> str:
        """How it is called among the members of an estimate."""
        if self.relaxed is not None:
            return f"{self.checker} on {self.potential}'s network, relaxed"
        return f"{self.checker} at {self.potential}'s geometries"

    @property
    def best_eV(self) -> float:
        """Barrier that counts: of the relaxed states, else of the network as it was weighed."""
        return self.barrier_eV if self.relaxed is None else self.relaxed.barrier_eV

    @property
    def lowest_sites(self) -> tuple[str, str]:
        """Lowest site by the potential and by the method."""
        by_potential = min(self.sites_eV, key=lambda name: self.sites_eV[name][0])
        by_method = min(self.sites_eV, key=lambda name: self.sites_eV[name][1])
        return by_potential, by_method


class SeriesRow(_Record):
    """One barrier of a series: what differs from the base, and what came of it.

    `axis` is layers, coverage, images or base. A setup that failed has no barrier and a `remark`.
    """

    axis: str
    layers: int
    coverage: tuple[int, int]
    images: int
    atoms: int | None = None
    sites: int | None = None
    barrier_eV: float | None = None
    both_ways_eV: float | None = None
    remark: str = ""

    @property
    def cell(self) -> str:
        """Repeats of the smallest cell, as they are given on the command line."""
        return f"{self.coverage[0]}x{self.coverage[1]}"


class Series(_Record):
    """The same barrier with other layers, cells and images (`series.py`); the base comes first."""

    metal: str
    host: str
    miller: tuple[int, int, int]
    potential: str
    versions: dict[str, str]
    rows: tuple[SeriesRow, ...]

    def along(self, axis: str) -> list[SeriesRow]:
        """Return the base and the rows of one axis, in the order of what is varied."""
        rows = [self.rows[0], *(row for row in self.rows if row.axis == axis)]
        return sorted(rows, key=lambda row: (row.layers, row.coverage, row.images))

    def moved_eV(self, axis: str) -> float | None:
        """Return the largest difference from the base along an axis [eV]; None without one."""
        base = self.rows[0].barrier_eV
        others = [row.barrier_eV for row in self.rows if row.axis == axis]
        found = [abs(value - base) for value in others if value is not None and base is not None]
        return round(max(found), 4) if found else None
