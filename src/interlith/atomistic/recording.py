"""From sites, paths and crossings to the plain data of `records.py`; energies above the lowest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from interlith.atomistic.band import Band
from interlith.atomistic.jumps import Jump
from interlith.atomistic.network import Crossing
from interlith.atomistic.records import (
    CrossingRecord,
    JumpRecord,
    SiteRecord,
    StepRecord,
    SurfaceRecord,
)
from interlith.atomistic.sites import Site
from interlith.atomistic.slab import Surface

if TYPE_CHECKING:
    from ase import Atoms

UPPER = 3.0  # angstrom below the top: the atoms that a picture shows


def surface_record(face: Surface, coverage: tuple[int, int], slab: Atoms) -> SurfaceRecord:
    """Return how the slab was cut, and its upper atoms."""
    cell = face.cell.cell.array
    top = float(face.cell.positions[:, 2].max())
    return SurfaceRecord(
        miller=face.miller,
        termination=face.termination[0],
        terminations=face.termination[1],
        top=face.top,
        symmetric=face.symmetric,
        polar=face.polar,
        layers=face.layers,
        coverage=coverage,
        atoms=len(slab),
        cell_A=tuple((round(float(v[0]), 4), round(float(v[1]), 4)) for v in cell[:2]),
        upper_atoms=tuple(
            (atom.symbol, *(round(float(x), 3) for x in (atom.x, atom.y, atom.z - top)))
            for atom in face.cell
            if atom.z > top - UPPER
        ),
    )


def site_record(site: Site, lowest: float) -> SiteRecord:
    """Return a site, its energy above `lowest` [eV]."""
    return SiteRecord(
        name=site.name,
        energy_eV=round(site.energy - lowest, 4),
        neighbours=site.neighbours,
        height_A=round(site.height, 3),
        place_A=(round(float(site.adatom[0]), 3), round(float(site.adatom[1]), 3)),
        started_from=site.started,
    )


def jump_record(jump: Jump, band: Band, sites: list[Site], lowest: float) -> JumpRecord:
    """Return a jump and its path, energies above `lowest` [eV]."""
    return JumpRecord(
        name=jump.name,
        start=sites[jump.start].name,
        end=sites[jump.end].name,
        length_A=round(jump.length, 3),
        saddle_eV=round(band.saddle_energy - lowest, 4),
        converged=band.converged,
        force_eV_per_A=round(band.force, 3),
        steps=band.steps,
        minima_between=band.minima_between,
        way_A=tuple(round(float(x), 3) for x in band.travelled),
        energies_eV=tuple(round(float(e) - lowest, 4) for e in band.energies),
        track_A=tuple(
            (round(float(x), 3), round(float(y), 3), round(float(z), 3))
            for x, y, z in band.positions[:, -1]
        ),
    )


def crossing_records(
    across: list[Crossing], jumps: list[Jump], face: Surface, lowest: float
) -> tuple[CrossingRecord, ...]:
    """Return crossings, easiest first; where one saddle opens both, the shorter period first."""
    records = [_crossing_record(crossing, jumps, face, lowest) for crossing in across]
    return tuple(sorted(records, key=lambda crossing: (crossing.barrier_eV, crossing.period_A)))


def _crossing_record(
    crossing: Crossing, jumps: list[Jump], face: Surface, lowest: float
) -> CrossingRecord:
    period = np.array(crossing.direction) @ face.cell.cell.array[:2]
    return CrossingRecord(
        barrier_eV=round(crossing.saddle - lowest, 4),
        direction=crossing.direction,
        period_A=round(float(np.linalg.norm(period)), 3),
        path=tuple(
            StepRecord(jump=jumps[edge.jump].name, backwards=edge.backwards)
            for edge in crossing.path
        ),
    )
