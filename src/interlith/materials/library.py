"""The library: finds a material by name, reads its file once, lays fits and user files on top.

Order of precedence, last wins: data files of the package, fitted values, user files. Only the files
that are asked for are read, so a cell that names six materials costs six small files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from interlith.errors import InputError, MaterialError, Problem, near_matches
from interlith.materials.building import Draft, Findings, build_draft, finish
from interlith.materials.family import Family, derive, family_of
from interlith.materials.fitted import Fit, read_fits
from interlith.materials.material import CATEGORIES, Material
from interlith.materials.property import Property
from interlith.materials.reading import material_files, read_mapping

DATA_FOLDER = Path(__file__).with_name("data")
# Composition families by the name of their data file; a member's name resolves to the family.
FAMILY_NAMES = ("MgxBi84",)


class Library:
    """Materials by name.

    Examples
    --------
    >>> library = Library.default()
    >>> round(library["Li"]["density"].value)
    534
    """

    def __init__(
        self,
        drafts: Iterable[Draft] = (),
        data_folder: Path = DATA_FOLDER,
        fits: Iterable[Fit] | None = None,
    ) -> None:
        self._files = {
            path.stem: path
            for category in CATEGORIES
            for path in sorted((data_folder / category).glob("*.yaml"))
        }
        self._drafts: dict[str, list[Draft]] = {}
        for draft in drafts:
            self._drafts.setdefault(draft.name, []).append(draft)
        self._fits = read_fits(data_folder / "fitted") if fits is None else list(fits)
        self._ready: dict[str, Material] = {}
        self._families: dict[str, Family] = {}
        self._templates: dict[str, Material] = {}
        self._in_progress: list[str] = []

    @staticmethod
    def default() -> Library:
        """Return the library of the package; the same object every time."""
        return _default()

    @classmethod
    def load(cls, paths: Iterable[str | Path] = ()) -> Library:
        """Return the library with user files, or folders of them, laid on top.

        A file holds one material, or ``materials:`` with a list of them. A name that the library
        knows is overridden property by property; a new name needs ``category`` and every property
        of that category, or ``based_on`` with the name of a material to start from.

        Raises
        ------
        InputError
            All problems of all files at once.
        """
        drafts, problems = _read_drafts([Path(path) for path in paths])
        if not drafts and not problems:
            return cls.default()
        library = cls(drafts)
        for name in dict.fromkeys(draft.name for draft in drafts):
            problems += library._problems_of(name)
        if problems:
            raise InputError(problems)
        return library

    def __getitem__(self, name: str) -> Material:
        """Return a material.

        Raises
        ------
        MaterialError
            Unknown name; the message lists the near ones.
        InputError
            The file of the material is broken.
        """
        if name not in self._ready:
            self._ready[name] = self._assemble(name)
        return self._ready[name]

    def __contains__(self, name: object) -> bool:
        """Return whether the name resolves, without reading more than a family's file."""
        return isinstance(name, str) and (
            name in self._files or name in self._drafts or self._family(name) is not None
        )

    def names(self, category: str | None = None) -> list[str]:
        """Return all names, or those of a category; a family appears as its default member."""
        listed = [
            self._shown(name)
            for name in self._files
            if category in (None, self._files[name].parent.name)
        ]
        added = [name for name in self._drafts if name not in self._files and name not in listed]
        wanted = [name for name in added if category in (None, self[name].category)]
        return sorted(dict.fromkeys(listed + wanted))

    def adjustable(self, name: str) -> dict[str, Property]:
        """Return the properties that the data file of a material gives a value of its own.

        A fit can replace these; those taken over from another material follow that one, and those
        that a member of a family computes follow from others.
        """
        family = self._family(name) if name not in self._files or name in FAMILY_NAMES else None
        key = family.name if family else name
        material = self._template(key) if family else self[name]
        draft = build_draft(read_mapping(self._files[key], trusted=True), Findings(key))
        return {prop: material[prop] for prop in draft.properties if prop not in draft.same_as}

    def fits(self) -> list[Fit]:
        """Return the fitted values that are laid over the data files."""
        return list(self._fits)

    def _shown(self, name: str) -> str:
        return self._family(name).member_name() if name in FAMILY_NAMES else name  # type: ignore[union-attr]

    def _family(self, name: str) -> Family | None:
        """Return the family that a name belongs to."""
        for family_name in FAMILY_NAMES:
            if family_name not in self._families:
                data = read_mapping(self._files[family_name], trusted=True)
                self._families[family_name] = family_of(family_name, data)
            if self._families[family_name].match(name):
                return self._families[family_name]
        return None

    def _assemble(self, name: str) -> Material:
        """Return the material from its file, fits and user files; a chain of names must end."""
        if name in self._in_progress:
            chain = " -> ".join([*self._in_progress, name])
            raise MaterialError(f"materials refer to each other in a circle: {chain}")
        self._in_progress.append(name)
        try:
            family = self._family(name) if name not in self._files or name in FAMILY_NAMES else None
            if family:
                member = derive(family, self._template(family.name), name, self)
                return self._with_drafts((family.name, name), member)
            return self._with_drafts(
                (name,), self._from_file(name) if name in self._files else None
            )
        finally:
            self._in_progress.pop()

    def _template(self, name: str) -> Material:
        """Return what a family's file says, before a member's density and porosity are computed."""
        if name not in self._templates:
            self._templates[name] = self._from_file(name)
        return self._templates[name]

    def _origin(self, name: str) -> Material:
        """Return the material that a property is taken over from; a family gives its template."""
        return (
            self._with_drafts((name,), self._template(name)) if name in FAMILY_NAMES else self[name]
        )

    def _from_file(self, name: str) -> Material:
        """Return the material of one data file of the package, with fitted values laid on."""
        path = self._files[name]
        findings = Findings(str(path))
        draft = build_draft(read_mapping(path, trusted=True), findings)
        material = self._join(draft, None, findings)
        if findings.problems:
            raise InputError(findings.problems)
        return self._with_fits(material)

    def _with_fits(self, material: Material) -> Material:
        names = {material.name, self._shown(material.name)}
        fitted = {
            fit.property: fit.apply(material[fit.property])
            for fit in self._fits
            if fit.material in names
        }
        return (
            replace(material, properties={**material.properties, **fitted}) if fitted else material
        )

    def _with_drafts(self, names: tuple[str, ...], base: Material | None) -> Material:
        """Return the material after the user's files for any of the names, in their order."""
        shown = base.name if base else names[-1]
        for draft in [
            draft for name in dict.fromkeys(names) for draft in self._drafts.get(name, [])
        ]:
            findings = Findings(draft.file)
            base = self._join(draft, base, findings)
            if findings.problems:
                raise InputError(findings.problems)
        if base is None:
            raise MaterialError(
                f"unknown material '{names[-1]}'",
                near_matches(names[-1], [*self._files, *self._drafts]),
            )
        return replace(base, name=shown)

    def _join(self, draft: Draft, base: Material | None, findings: Findings) -> Material:
        """Return the draft on top of `base` or `based_on`, with taken-over properties."""
        start = draft.data.get("based_on")
        if start is not None:
            base = self[str(start)]
        material = finish(draft, base, findings)
        taken = {
            name: taken_over(self._origin(other)[name], other)
            for name, other in draft.same_as.items()
        }
        return replace(material, properties={**material.properties, **taken})

    def _problems_of(self, name: str) -> list[Problem]:
        try:
            self[name]
        except InputError as error:
            return error.problems
        except MaterialError as error:
            return [Problem(self._drafts[name][-1].file, name, "", f"names that exist ({error})")]
        return []


def taken_over(original: Property, other: str) -> Property:
    """Return a property that is assumed to be the same as in another material."""
    low = original.low if original.low is not None else original.value
    high = original.high if original.high is not None else original.value
    note = f"assumed the same as in {other} ({original.kind} there). {original.note}".strip()
    return replace(original, kind="assumed", low=low, high=high, note=note)


@lru_cache(maxsize=1)
def _default() -> Library:
    return Library()


def _read_drafts(paths: list[Path]) -> tuple[list[Draft], list[Problem]]:
    """Return the drafts of all user files and the problems in them."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            for file in material_files(path):
                drafts += _drafts_of(file, problems)
        except InputError as error:
            problems += error.problems
    return ([] if problems else drafts), problems


def _drafts_of(file: Path, problems: list[Problem]) -> list[Draft]:
    data = read_mapping(file)
    findings = Findings(str(file))
    listed = data.get("materials", [data])
    if not isinstance(listed, list) or any(not isinstance(entry, dict) for entry in listed):
        findings.add("materials", data.get("materials"), "a list of materials")
        listed = []
    if "materials" in data:
        findings.mapping("", data, ("materials",))
    drafts = [build_draft(_without_family(entry, findings), findings) for entry in listed]
    problems += findings.problems
    return drafts


def _without_family(entry: Mapping[str, Any], findings: Findings) -> dict[str, Any]:
    """Return the entry; families are declared by the package only."""
    if "family" in entry:
        findings.add("family", entry["family"], "no family: only the package declares families")
    return {key: value for key, value in entry.items() if key != "family"}
