"""docs/cell-file.md knows every field that a cell file may have, and its messages are real."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlith.cell import loads
from interlith.cell.cell import Cell, Solver
from interlith.cell.layers import LAYER_MODELS, Sei
from interlith.cell.protocol import ITEM_MODELS, CcdTest, CyclingTest
from interlith.errors import InputError

PAGE = (Path(__file__).parents[2] / "docs" / "cell-file.md").read_text(encoding="utf-8")
MODELS = [Cell, Solver, Sei, CcdTest, CyclingTest, *LAYER_MODELS.values(), *ITEM_MODELS.values()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_described(model):
    names = [field.alias or name for name, field in model.model_fields.items()]
    assert [name for name in names if f"`{name}`" not in PAGE and f"{name}: " not in PAGE] == []


def test_the_messages_shown_are_those_given():
    example = PAGE.split("```yaml\n")[1].split("```")[0]
    for right, wrong in (("25 degC", "25"), ("20 um", "20 mm"), ("Li6PS5Cl, t", "Li6PS5CI, t")):
        example = example.replace(right, wrong, 1)
    with pytest.raises(InputError) as caught:
        loads(example.replace("# my-cell.yaml\n", "", 1), file="my-cell.yaml")
    shown = PAGE.split("```text\n")[1].split("```")[0]
    for problem in caught.value.problems:
        message = str(problem).partition(" (line")[0]
        assert message in shown
    assert len(caught.value.problems) == 3
