"""SVG elements with escaped text, and a frame of axes to draw in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape


def element(name: str, *children: str | Markup, **attributes: object) -> Markup:
    """One element; `class_` gives `class`, `_` in names becomes `-`, text is escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(children)
    return Markup(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")


def picture(label: str, width: float, height: float, *children: Markup, class_: str = "") -> Markup:
    """A drawing of its own that shrinks with the page; `label` is what it says in words."""
    return element(
        "svg",
        *children,
        class_=f"chart {class_}".strip(),
        role="img",
        aria_label=label,
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        width=width,
        height=height,
    )


def text(content: str, x: float, y: float, class_: str = "", **attributes: object) -> Markup:
    """A line of text."""
    return element("text", content, x=x, y=y, class_=class_ or None, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, class_: str = "") -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_ or None)


def polyline(points: Iterable[tuple[float, float]], class_: str) -> Markup:
    """A line through points."""
    return element(
        "polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), class_=class_
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """A plot's area: data ranges `x` and `y`, and pixels around it."""

    x: tuple[float, float]
    y: tuple[float, float]
    width: float = 340
    height: float = 260
    left: float = 62
    right: float = 14
    top: float = 12
    bottom: float = 40

    def px(self, value: float) -> float:
        """Where a value of x is drawn."""
        return self.left + (self.width - self.left - self.right) * _part(value, self.x)

    def py(self, value: float) -> float:
        """Where a value of y is drawn."""
        return (
            self.height
            - self.bottom
            - (self.height - self.top - self.bottom) * _part(value, self.y)
        )

    def axes(
        self,
        x_title: str,
        y_title: str,
        x_text: Callable[[float], str],
        y_text: Callable[[float], str],
    ) -> Markup:
        """Grid lines, tick labels and titles of both axes."""
        base, end = self.height - self.bottom, self.width - self.right
        parts = [line(self.left, self.py(t), end, self.py(t), "grid") for t in ticks(*self.y)]
        parts += [
            text(y_text(t), self.left - 6, self.py(t) + 4, "tick", text_anchor="end")
            for t in ticks(*self.y)
        ]
        parts += [
            text(x_text(t), self.px(t), base + 16, "tick", text_anchor="middle")
            for t in ticks(*self.x)
        ]
        parts.append(line(self.left, base, end, base, "axis"))
        middle = (self.left + end) / 2
        parts.append(text(x_title, middle, self.height - 5, "title", text_anchor="middle"))
        parts.append(text(y_title, 0, 0, "title", text_anchor="middle", transform=self._upright()))
        return Markup("").join(parts)

    def _upright(self) -> str:
        middle = (self.top + self.height - self.bottom) / 2
        return f"translate(11 {_short(middle)}) rotate(-90)"


def ticks(low: float, high: float, most: int = 5) -> Sequence[float]:
    """Round numbers from low to high."""
    span = high - low
    if not (span > 0 and math.isfinite(span)):
        return (low,)
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(round(index * step, 12) for index in range(first, last + 1))


def _part(value: float, span: tuple[float, float]) -> float:
    low, high = span
    return (value - low) / (high - low) if high > low else 0.5


def _short(value: object) -> str:
    """Numbers in at most two decimals, so that pages stay small."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
