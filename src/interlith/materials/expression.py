"""Formulas in one variable, as the literature prints them, read without running any code.

A formula may hold numbers, the variable ``x``, ``+ - * / **``, brackets and the functions of
`FUNCTIONS`. The text is parsed into Python's syntax tree and every node is looked at before
anything is computed; names, attributes, calls of anything else never reach an evaluator.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FUNCTIONS", "Expression", "parse_expression"]

FUNCTIONS = ("exp", "log", "tanh", "cosh", "sqrt")
VARIABLE = "x"
EXPECTED = f"a formula in x of numbers, + - * / ** and {', '.join(FUNCTIONS)}"
LONGEST = 2000
MOST_NODES = 600
DEEPEST = 100

_SIGNS: dict[type[ast.unaryop], str] = {ast.UAdd: "positive", ast.USub: "negative"}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that has been looked through; `text` is all that it consists of."""

    text: str

    def at(self, x: Any) -> Any:
        """Return the formula's values at an array of real or complex x; inf or nan where undefined.

        A complex x with a tiny imaginary part gives the derivative free of cancellation
        (Squire and Trapp, SIAM Review 40, 110 (1998), doi:10.1137/S003614459631241X).
        """
        import numpy as np

        with np.errstate(all="ignore"):
            return _value(_tree(self.text), np.asarray(x))

    def rewritten(self, x: Any, functions: Mapping[str, Callable[[Any], Any]]) -> Any:
        """Return the formula of a symbol of another program, such as a computer algebra system.

        Parameters
        ----------
        x
            Anything with Python's arithmetic.
        functions
            What that program has for each of `FUNCTIONS` that the formula uses.

        Returns
        -------
        Any
            What the arithmetic makes of it.
        """
        return _rewritten(_tree(self.text), x, functions)


def parse_expression(text: object) -> Expression:
    """Return the formula that a text is.

    Raises
    ------
    ValueError
        It is none; the message says what was expected.
    """
    if not isinstance(text, str):
        raise ValueError(EXPECTED)
    if len(text) > LONGEST:
        raise ValueError(f"a formula of at most {LONGEST} characters")
    _tree(text)
    return Expression(text)


@lru_cache(maxsize=256)
def _tree(text: str) -> ast.expr:
    """Return the checked syntax tree of a formula."""
    text = " ".join(text.split())
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(EXPECTED) from None
    for count, (node, depth) in enumerate(_walk(tree), start=1):
        if count > MOST_NODES or depth > DEEPEST:
            raise ValueError(f"a formula of at most {MOST_NODES} terms, {DEEPEST} deep")
        _require_allowed(node, text)
    return tree


def _walk(tree: ast.expr) -> Iterator[tuple[ast.expr, int]]:
    """Yield every part of a formula with its depth, without recursion, parents first."""
    waiting: list[tuple[ast.expr, int]] = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        parts: list[ast.expr] = []
        if isinstance(node, ast.BinOp):
            parts = [node.left, node.right]
        elif isinstance(node, ast.UnaryOp):
            parts = [node.operand]
        elif isinstance(node, ast.Call):
            parts = node.args
        waiting += [(part, depth + 1) for part in parts]


def _require_allowed(node: ast.expr, text: str) -> None:
    """Refuse a part of a formula that is not on the list."""
    if isinstance(node, ast.Constant):
        _number(node.value)
        return
    allowed = (
        (isinstance(node, ast.Name) and node.id == VARIABLE)
        or (isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS)
        or (isinstance(node, ast.UnaryOp) and type(node.op) in _SIGNS)
        or (isinstance(node, ast.Call) and _is_function(node))
    )
    if not allowed:
        part = ast.get_source_segment(text, node) or type(node).__name__
        raise ValueError(f"{EXPECTED}; '{part[:40]}' is none of these")


def _is_function(node: ast.Call) -> bool:
    known = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
    return known and len(node.args) == 1 and not node.keywords


def _number(value: object) -> float:
    """Return a constant as a float: whole numbers to whole powers would grow without end."""
    if type(value) not in (int, float):
        raise ValueError(f"{EXPECTED}; {str(value)[:40]!r} is no real number")
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("finite numbers in a formula")
    return number


def _rewritten(node: ast.expr, x: Any, functions: Mapping[str, Callable[[Any], Any]]) -> Any:
    """Return a checked part in terms of a foreign symbol."""
    if isinstance(node, ast.Constant):
        return _number(node.value)
    if isinstance(node, ast.BinOp):
        parts = (_rewritten(part, x, functions) for part in (node.left, node.right))
        return _ARITHMETIC[type(node.op)](*parts)
    if isinstance(node, ast.UnaryOp):
        operand = _rewritten(node.operand, x, functions)
        return -operand if isinstance(node.op, ast.USub) else operand
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return functions[node.func.id](_rewritten(node.args[0], x, functions))
    return x


def _value(node: ast.expr, x: NDArray[Any]) -> Any:
    """Return the value of a checked part at x."""
    import numpy as np

    if isinstance(node, ast.Constant):
        return np.float64(_number(node.value))
    if isinstance(node, ast.BinOp):
        operation: Callable[..., Any] = getattr(np, _OPERATORS[type(node.op)])
        return operation(_value(node.left, x), _value(node.right, x))
    if isinstance(node, ast.UnaryOp):
        sign: Callable[..., Any] = getattr(np, _SIGNS[type(node.op)])
        return sign(_value(node.operand, x))
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        function: Callable[..., Any] = getattr(np, node.func.id)
        return function(_value(node.args[0], x))
    return x
