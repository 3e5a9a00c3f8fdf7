"""The page that docs/mesa.md shows, with Mesa's SolaraViz: it is made, steps, and begins anew."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from snippets import PROJECT, Workshop, blocks

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # solara's own warnings are not ours
solara = pytest.importorskip("solara", reason="needs the extra: pip install 'cadre_sim[watch]'")
widgets = pytest.importorskip("ipywidgets")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The page's widgets, as a browser would be sent them."""
    workshop = Workshop(tmp_path)
    monkeypatch.chdir(workshop.folder)
    (shown,) = (block for block in blocks(PROJECT / "docs" / "mesa.md") if block.title == "watch.py")
    names = runpy.run_path(str(workshop.write(shown.title, shown.text)))

    @solara.component
    def whole() -> None:
        with solara.AppLayout():
            names["Page"]()

    box, context = solara.render(whole(), handle_error=False)
    yield box
    context.close()


def below(widget: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """A widget and all that are in it, whatever holds them."""
    seen = set() if seen is None else seen
    if isinstance(widget, list | tuple | dict):
        for each in widget.values() if isinstance(widget, dict) else widget:
            yield from below(each, seen)
    elif isinstance(widget, widgets.Widget) and id(widget) not in seen:
        seen.add(id(widget))
        yield widget
        for name in widget.keys:
            yield from below(getattr(widget, name), seen)


def picture(page: Any) -> bytes:
    """The plot that it shows."""
    (image,) = (each for each in below(page) if isinstance(each, widgets.Image))
    return bytes(image.value)


def press(page: Any, label: str) -> None:
    """Click on a button."""
    (button,) = (
        each for each in below(page) if label in (getattr(each, "children", None) or ()) and hasattr(each, "click")
    )
    button.click()


def test_the_page_draws_each_day_and_begins_anew(page: Any) -> None:
    """Every step adds a day to the plot; after a reset it is the plot of a model before its first day."""
    shown = [picture(page)]
    for _ in range(2):
        press(page, "Step")
        shown.append(picture(page))
    assert len(set(shown)) == 3
    press(page, "Reset")
    assert picture(page) == shown[0]
    press(page, "Step")
    assert picture(page) == shown[1], "the same seed, the same day"
