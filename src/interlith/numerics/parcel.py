"""Arguments of a compiled function, unpacked once and kept in memory for many calls.

Handing nested tuples of arrays and functions from Python to compiled code takes longer than some
of the runs that they are for: half a millisecond a call. A parcel holds them as compiled code sees
them; later calls are handed its address.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.registry import cpu_target
from numba.extending import intrinsic
from numpy.typing import NDArray


@dataclass(frozen=True)
class Parcel:
    """A value as compiled code sees it."""

    content: NDArray[np.uint8]
    """Its memory."""
    owners: tuple[Any, ...]
    """What Python must not throw away while the parcel is in use: arrays whose memory it names."""

    @property
    def address(self) -> int:
        """Where :func:`loaded` finds it."""
        return int(self.content.ctypes.data)


@intrinsic
def stored(typing_context: Any, address: Any, value: Any) -> Any:
    """Write a value to memory, to be read by :func:`loaded`.

    Parameters
    ----------
    address : int
        Of :func:`empty_parcel`.
    value : tuple
        Borrowed (:mod:`interlith.numerics.borrowed`): nothing counts references to what it names.

    Returns
    -------
    None
    """
    del typing_context

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = context.get_value_type(signature.args[1])
        place = builder.inttoptr(arguments[0], ir.PointerType(kind))
        builder.store(arguments[1], place, align=8)
        return context.get_dummy_value()

    return types.void(types.int64, value), generate


@intrinsic
def loaded(typing_context: Any, address: Any, kind: Any) -> Any:
    """Read a value that was stored.

    Parameters
    ----------
    address : int
        Where.
    kind : compiled type
        What it was.

    Returns
    -------
    tuple
        The value; valid as long as its owners are.
    """
    del typing_context, address
    wanted = kind.instance_type

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del signature
        pointer = ir.PointerType(context.get_value_type(wanted))
        return builder.load(builder.inttoptr(arguments[0], pointer), align=8)

    return wanted(types.int64, kind), generate


def empty_parcel(kind: Any, owners: tuple[Any, ...]) -> Parcel:
    """Make room for a value.

    Parameters
    ----------
    kind : numba type
        Of the value.
    owners : tuple
        What it will name.

    Returns
    -------
    Parcel
        To be written by a compiled function.
    """
    context = cpu_target.target_context
    size = context.get_abi_sizeof(context.get_value_type(kind))
    return Parcel(np.zeros(size, np.uint8), owners)


def unchecked(compiled: Any) -> Any:
    """Return a function that was compiled for one signature, as it is called after all checks.

    Parameters
    ----------
    compiled : dispatcher
        Of one signature.

    Returns
    -------
    callable
        It takes arguments of that signature only; finding out their types is left out, which
        takes longer than handing them over.
    """
    (signature,) = compiled.signatures
    return compiled.overloads[signature].entry_point
