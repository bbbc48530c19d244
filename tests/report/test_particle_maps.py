"""The picture of particles: a map each, the same scale, every format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import interlith as il
from interlith.report.particle_maps import particle_maps, write_particle_maps


def test_each_particle_has_its_map_on_one_scale() -> None:
    results = [il.particle.lithiate(metal=metal) for metal in ("Mg", "Bi", "LiF")]
    figure = particle_maps(results)
    images = [image for axes in figure.axes for image in axes.images]
    assert len(images) == 3
    assert {image.get_clim() for image in images} == {(0.0, 1.0)}
    centre = [float(np.asarray(image.get_array())[150, 150]) for image in images]
    assert centre == pytest.approx([result.core_concentration for result in results], abs=1e-6)
    corner = np.ma.getmaskarray(images[0].get_array())[0, 0]
    assert corner  # nothing is drawn outside of the particle


def test_many_particles_take_two_rows() -> None:
    result = il.particle.lithiate(metal="Bi")
    low, high = (particle_maps([result] * n).get_size_inches()[1] for n in (5, 6))
    assert high > low


def test_a_single_result_plots_itself(tmp_path: Path) -> None:
    result = il.particle.lithiate(metal="Mg", radius="2 um")
    assert result.plot().axes
    written = write_particle_maps([result], tmp_path)
    assert [path.suffix for path in written] == [".png", ".svg", ".pdf"]
    assert all(path.stat().st_size > 1000 for path in written)


def test_nothing_is_no_picture() -> None:
    with pytest.raises(ValueError, match="at least one"):
        particle_maps([])
