"""Text to plain Python values and back, for files that come from strangers.

Only mappings, lists and scalars are read: no aliases (a few bytes could ask for gigabytes), no tags
(they name Python objects), no second document, no duplicate key (one of the two would be lost).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

from interlith.errors import InputError, Problem

__all__ = ["Document", "dump", "parse", "parse_value", "read_text", "show"]

LARGEST_FILE_BYTES = 1_000_000
DEEPEST_NESTING = 20
MOST_VALUES = 50_000
LONGEST_NUMBER = 40
_RARE_BREAKS = re.compile("[\x85\u2028\u2029]")
_INTEGER = re.compile(r"[+-]?\d+")
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_CONSTANTS: dict[str, Any] = {"": None, "~": None} | {
    spelling: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_NOT_FINITE = re.compile(r"([+-]?)\.(inf|Inf|INF|nan|NaN|NAN)")


@dataclass
class Document:
    """The values of a YAML text, and the line on which each field stands (by dotted path)."""

    file: str
    value: Any = None
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, path: str) -> int | None:
        """Return the line of a field, or of the nearest thing around it; None at the top."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path.rpartition(".")[0]
        return None


def read_text(path: str | Path) -> str:
    """Return the text of a file.

    Raises
    ------
    InputError
        There is no such file, it is a folder, it is larger than 1 MB, or it is not UTF-8 text.
    """
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
    except IsADirectoryError:
        _fail(str(path), "", "a folder", "a YAML file")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _fail(str(path), "", reason, "a file that exists and can be read")
    if len(data) > LARGEST_FILE_BYTES:
        _fail(str(path), "", "more than 1 MB", "a file of at most 1 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02x} at position {error.start}"
        _fail(str(path), "", found, "text in UTF-8; save the file in that encoding")


def parse(text: str, file: str) -> Document:
    """Return the values of a YAML text.

    Raises
    ------
    InputError
        The text is not the plain YAML described at the top of this module.
    """
    if len(text) > LARGEST_FILE_BYTES:
        _fail(file, "", "more than 1 MB", "a text of at most 1 MB")
    document = Document(file)
    document.value = _Builder(document, _events(text, file)).document()
    return document


def parse_value(text: str, file: str, where: str) -> Any:
    """Return the scalar, list or mapping that a text given on the command line stands for."""
    try:
        return parse(text, file).value
    except InputError as error:
        raise InputError(Problem(file, where, text, error.problems[0].expected)) from None


def _fail(file: str, where: str, value: str, expected: str, line: int | None = None) -> NoReturn:
    raise InputError(Problem(file, where, value, expected, line))


def _events(text: str, file: str) -> Iterator[Any]:
    """Yield the parser's events; its errors become InputError with the line and what to do."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        lines = text.splitlines()
        found = lines[min(mark.line, len(lines) - 1)] if mark is not None and lines else ""
        _fail(
            file, "", found.strip() or "unreadable text", f"valid YAML ({_advice(problem)})", line
        )
    except (ValueError, OverflowError, AttributeError, IndexError) as error:
        # escapes such as "\UFFFFFFFF" leave the parser as plain Python errors
        _fail(file, "", "unreadable text", f"valid YAML ({error})")


def _advice(problem: str) -> str:
    if "\\t" in problem or "\t" in problem:
        return "indent with spaces, not with tabs"
    if "unacceptable character" in problem or "special characters" in problem:
        return "the file holds bytes that are not text"
    return problem


class _Builder:
    """Builds values from events, so that nothing exists before it has been allowed."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self._out = document
        self._events = events
        self._count = 0

    def document(self) -> Any:
        """Return the value of the only document, None for an empty text."""
        value: Any = None
        documents = 0
        for event in self._events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    line = event.start_mark.line + 1
                    _fail(self._out.file, "", "a second document", "one document a file", line)
            elif name not in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                value = self._value(event, "", 0)
        return value

    def _value(self, event: Any, path: str, depth: int) -> Any:
        self._refuse_what_is_not_plain(event, path, depth)
        self._count += 1
        if self._count > MOST_VALUES:
            line = event.start_mark.line + 1
            _fail(self._out.file, "", "more values", f"at most {MOST_VALUES:,} values", line)
        name = type(event).__name__
        if name == "ScalarEvent":
            return event.value if event.style else _plain_scalar(event.value)
        if name == "SequenceStartEvent":
            return self._sequence(path, depth)
        return self._mapping(path, depth)

    def _refuse_what_is_not_plain(self, event: Any, path: str, depth: int) -> None:
        line = event.start_mark.line + 1
        if type(event).__name__ == "AliasEvent" or getattr(event, "anchor", None):
            _fail(self._out.file, path, "an anchor or alias", "values written out, no & or *", line)
        if getattr(event, "tag", None):
            _fail(self._out.file, path, str(event.tag), "a value without a tag (no !)", line)
        if depth > DEEPEST_NESTING:
            expected = f"at most {DEEPEST_NESTING} levels of nesting"
            _fail(self._out.file, path[:60], "deeper nesting", expected, line)

    def _sequence(self, path: str, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            where = _join(path, str(len(items)))
            self._out.lines[where] = event.start_mark.line + 1
            items.append(self._value(event, where, depth + 1))
        return items

    def _mapping(self, path: str, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for event in self._events:
            if type(event).__name__ == "MappingEndEvent":
                break
            line = event.start_mark.line + 1
            key = self._value(event, path, depth + 1)
            if not isinstance(key, str):
                _fail(self._out.file, path, show(key), "a field name that is text", line)
            where = _join(path, key)
            if key in items:
                first = self._out.lines[where]
                expected = f"each field once; it stands on line {first} already"
                _fail(self._out.file, where, "a second time", expected, line)
            self._out.lines[where] = line
            items[key] = self._value(next(self._events), where, depth + 1)
        return items


def _join(path: str, part: str) -> str:
    return f"{path}.{part}" if path else part


def _plain_scalar(text: str) -> Any:
    """Return what an unquoted scalar means in YAML 1.2: null, true, false, a number or text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if len(text) > LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    special = _NOT_FINITE.fullmatch(text)
    return float(special[1] + special[2]) if special else text


def show(value: object) -> str:
    """Return a value as it would stand in the file, for messages; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.strip() else repr(value)
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def dump(value: dict[str, Any]) -> str:
    """Return a mapping as YAML in block style, fields in the order given."""
    from ruamel.yaml import YAML
    from ruamel.yaml.representer import SafeRepresenter

    class Representer(SafeRepresenter):
        """Quotes texts with the line breaks of Unicode, which a plain text would lose."""

        def represent_str(self, data: Any) -> Any:
            style = '"' if _RARE_BREAKS.search(data) else None
            return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    Representer.add_representer(str, Representer.represent_str)
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = Representer
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.allow_unicode = True
    yaml.width = 4096
    stream = StringIO()
    yaml.dump(value, stream)
    return stream.getvalue()
