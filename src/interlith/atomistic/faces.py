"""Faces that the symmetry of a crystal makes the same, such as (001) and (100) of a cubic one.

What ships is looked up without ASE, so the point groups of the package's crystals stand here: the
holohedral cubic, tetragonal and hexagonal ones. A face of any other crystal is itself and its back.
"""

from __future__ import annotations

from interlith.atomistic.structures import space_group

Miller = tuple[int, int, int]


def same_face(host: str, one: Miller, other: Miller) -> bool:
    """Return whether the symmetry of a crystal of the package takes one face to the other.

    Parameters
    ----------
    host
        Formula; for anything else faces are the same when their indices are.
    one, other
        Miller indices in the conventional cell.
    """
    group = space_group(host)
    return one == other if group is None else family(group, one) == family(group, other)


def family(group: int, miller: Miller) -> tuple[int, ...]:
    """Return what all faces of a family have in common, by the number of the space group."""
    h, k, l = miller  # noqa: E741  (as everybody writes them)
    if 221 <= group <= 230:  # m-3m: any order, any sign
        return tuple(sorted((abs(h), abs(k), abs(l))))
    if 123 <= group <= 142:  # 4/mmm
        return (*sorted((abs(h), abs(k))), abs(l))
    if 191 <= group <= 194:  # 6/mmm: any order of h, k, -(h + k), all of one sign or the other
        basal = (h, k, -h - k)
        return (*max(tuple(sorted(basal)), tuple(sorted(-index for index in basal))), abs(l))
    return max(miller, (-h, -k, -l))
