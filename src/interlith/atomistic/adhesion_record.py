"""What an adhesion calculation found, as plain data: shipped with the package, cached, printed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from interlith.atomistic.wetting import contact_angle, interface_energy


class AdhesionRecord(BaseModel):
    """A film on a face of a host with one potential; energies of faces in J/m2.

    `work_J_m2` counts against the lowest parted state that was seen. `host_J_m2` is None where the
    slab's two faces differ. `parted_gain_J_m2` is how much lower the two sides lie when they are
    parted after the interface relaxed than when they are relaxed as cut: they rebuilt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    film: str
    potential: str
    versions: dict[str, str]
    miller: tuple[int, int, int]
    film_miller: tuple[int, int, int]
    layers: int
    film_layers: int
    atoms: int
    area_A2: float
    strains: tuple[float, float]
    shifts_tried: int
    shifts_relaxed: int
    work_J_m2: float
    film_J_m2: float | None
    host_J_m2: float | None
    parted_gain_J_m2: float
    most_moved_A: float
    film_in_host: int
    host_in_film: int
    reacted: bool
    warnings: tuple[str, ...]

    @property
    def interface_J_m2(self) -> float | None:
        """Energy of the interface; None where one of the faces has none."""
        if self.host_J_m2 is None or self.film_J_m2 is None:
            return None
        return round(interface_energy(self.host_J_m2, self.film_J_m2, self.work_J_m2), 4)

    @property
    def angle_degrees(self) -> float | None:
        """Contact angle of the film's material on the host; None without its surface energy."""
        if self.film_J_m2 is None or self.film_J_m2 <= 0.0:
            return None
        return contact_angle(self.work_J_m2, self.film_J_m2)
