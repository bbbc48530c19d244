"""Reads pages and pictures strictly, for tests."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from matplotlib.backends.backend_agg import FigureCanvasAgg

VOID = {"meta", "img", "br", "link", "hr"}


class Page(HTMLParser):
    """Reads a page strictly enough to notice what a browser would repair."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.text += " "

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def named(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def words(self):
        return " ".join(self.text.split())


def read(path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


UNIT = re.compile(r"\((mA/cm²|mAh/cm²|mAh/g|mA/cm³|h|mV|V|µm|nm|MPa|%|Ω cm²|mol/L|fraction|–)\)")


def unlabelled(figure) -> list[str]:
    """Return the axes that show numbers without saying what they are and in which unit."""
    found = []
    every = [one for axes in figure.axes for one in (axes, *axes.child_axes)]
    for number, axes in enumerate(every):
        if not axes.axison:
            continue
        for axis, name in ((axes.xaxis, "x"), (axes.yaxis, "y")):
            if not axis.get_visible():
                continue
            numbers = [t.get_text() for t in axis.get_ticklabels() if t.get_visible()]
            named = any(re.search("[A-Za-z]{2}", text) for text in numbers)  # rows of a chart
            if any(numbers) and not named and not UNIT.search(axis.label.get_text()):
                found.append(f"panel {number} {name}: {axis.label.get_text()!r}")
    return found


def drawn(figure):
    FigureCanvasAgg(figure).draw()  # puts tick labels and legends in place
    return figure
