"""The lowest crossing when energies are dear: heights known from below, raised where they matter.

A jump is at least as high as its ends. The crossing found with such heights is too low or right;
weighing a state on it can only raise it. What lies on it is weighed, summits first, then the whole
of the highest path, until nothing on the crossing is open. Then no other crossing can be lower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from interlith.atomistic.jumps import Jump
from interlith.atomistic.network import Crossing


@dataclass
class Weighing:
    """What is known of the heights of jumps, and how to know more.

    Parameters
    ----------
    jumps
        Of the landscape.
    sites
        Energy of each site [eV].
    images
        Between the ends of a path.
    across
        Returns the crossings that heights by name of jump open, easiest first.
    summit
        Returns the image of a jump that is thought the highest.
    weigh
        Returns the energy of an image of a jump [eV]; this is what is dear.
    weighed
        Energies of images by name of jump [eV].
    """

    jumps: Sequence[Jump]
    sites: Sequence[float]
    images: int
    across: Callable[[Mapping[str, float]], list[Crossing]]
    summit: Callable[[Jump], int]
    weigh: Callable[[Jump, int], float]
    weighed: dict[str, dict[int, float]] = field(default_factory=dict)

    def crossing(self) -> Crossing:
        """Return the lowest crossing, with all on it weighed that can decide."""
        while True:
            heights = self.heights()
            # Jumps between all neighbours reach across every surface that has a site.
            crossing = self.across(heights)[0]
            question = next(self._open(crossing, heights), None)
            if question is None:
                return crossing
            jump, image = question
            self.weighed.setdefault(jump.name, {})[image] = self.weigh(jump, image)

    def heights(self) -> dict[str, float]:
        """Return the highest energy known of each jump, ends included, by name [eV]."""
        return {
            jump.name: max(
                self.sites[jump.start],
                self.sites[jump.end],
                *self.weighed.get(jump.name, {}).values(),
            )
            for jump in self.jumps
        }

    def deepest(self) -> float:
        """Return the lowest energy of all that was weighed [eV]."""
        images = [energy for found in self.weighed.values() for energy in found.values()]
        return min([*self.sites, *images])

    @property
    def points(self) -> int:
        """How many states were weighed, sites included."""
        return len(self.sites) + sum(len(found) for found in self.weighed.values())

    def _open(self, crossing: Crossing, heights: Mapping[str, float]) -> Iterator[tuple[Jump, int]]:
        """Yield what is not weighed yet: summits of the crossing, then its highest path."""
        jumps = [self.jumps[number] for number in sorted({e.jump for e in crossing.path})]
        summits = [(jump, self.summit(jump)) for jump in jumps]
        inner = range(1, self.images + 1)
        highest = [jump for jump in jumps if heights[jump.name] >= crossing.saddle]
        for jump, image in [*summits, *((jump, image) for jump in highest for image in inner)]:
            if image not in self.weighed.get(jump.name, {}):
                yield jump, image
