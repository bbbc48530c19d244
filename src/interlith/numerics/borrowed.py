"""Arrays without a reference count, for compiled loops that call many small functions.

numba counts references to an array at every call that takes it, with locked additions: a third of
the time of the integrator. A borrowed array has no count. It is valid as long as its owner lives,
so only arguments of a compiled function are borrowed: their owner is the caller.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def borrowed(typing_context: Any, value: Any) -> Any:
    """Return a value in which no array, at any depth of tuples, is reference-counted.

    Parameters
    ----------
    value : array or tuple
        An argument of the calling compiled function.

    Returns
    -------
    array or tuple
        The same memory. To be used inside the calling function only.
    """
    del typing_context

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _stripped(context, builder, signature.args[0], arguments[0])

    return value(value), generate


def _stripped(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """Clear the owner of every array in a value."""
    if isinstance(kind, types.Array):
        array = context.make_helper(builder, kind, value=value)
        array.meminfo = ir.Constant(array.meminfo.type, None)
        array.parent = ir.Constant(array.parent.type, None)
        return array._getvalue()
    if isinstance(kind, types.BaseTuple):
        members: Any = kind
        for index, member in enumerate(members):
            part = _stripped(context, builder, member, builder.extract_value(value, index))
            value = builder.insert_value(value, part, index)
    return value
