"""The property library: every value with its unit, temperature law, kind, source and range.

Start reading in `property.py` (one value), then `material.py` (one material), then `library.py`.
"""

from interlith.materials.curve import Curve
from interlith.materials.library import Library
from interlith.materials.material import Material
from interlith.materials.property import Property, Source
from interlith.materials.used import UsedValue

__all__ = ["Curve", "Library", "Material", "Property", "Source", "UsedValue"]
