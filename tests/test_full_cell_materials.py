"""docs/full-cell-materials.md lists what the library holds, measured and assumed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from interlith.materials import Library

ROOT = Path(__file__).resolve().parent.parent


def load_script() -> ModuleType:
    """Import tools/full_cell_materials_table.py, which is not part of the package."""
    name = "full_cell_materials_table"
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_shows_the_library() -> None:
    script = load_script()
    page = (ROOT / "docs" / "full-cell-materials.md").read_text(encoding="utf-8")
    inside = list(script.parts(page))[1]
    assert inside.split("\n") == script.tables().strip("\n").split("\n"), (
        "run tools/full_cell_materials_table.py"
    )


def test_a_value_that_is_not_assumed_has_a_source() -> None:
    library = Library.default()
    for category in ("active", "cathode_interphase", "composite"):
        for name in library.names(category):
            material = library[name]
            for found in (*material.properties.values(), *material.curves.values()):
                assert found.kind == "assumed" or (found.source and found.source.checked), found
