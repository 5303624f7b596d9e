"""Geometry of the drawings. Plain numbers in, plain numbers out; templates write the SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WAIT_WIDTH, WAIT_HEIGHT = 300, 16
LINE_WIDTH, LINE_HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 150, 12, 34  # room for the words around the lines
STRIPE = 6
NAME_HEIGHT = 22  # of the word at the end of a line, on a narrow screen too
PART_HEIGHT = 10
TEXTURES = {
    "interpreter": "upright",
    "survivor": "level",
    "local_authority": "slanted",
    "legal_advice": "level upright",
    "home_office": "slanted level",
    "us": "upright",
}  # what an organisation takes has none: the dark fill that stands first
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True)
class Bar:
    """A row of a bar chart: what, how many, and the list that makes the number."""

    label: str
    value: float
    url: str = ""
    words: str = ""  # instead of the number: "58%"


@dataclass(frozen=True)
class Part:
    """A part of a stacked bar. `tone` names its fill, one of those in the style sheet."""

    label: str
    value: int
    tone: str
    url: str = ""


@dataclass(frozen=True)
class DrawnPart:
    part: Part
    left: float
    width: float
    share: str  # "58%"
    texture: str  # lines over the fill, so that grey parts can be told apart
    swatch: str  # the same in the key


def stacked_parts(parts: Sequence[Part]) -> list[DrawnPart]:
    """Parts side by side, in hundredths of the whole."""
    whole, left, drawn = sum(part.value for part in parts) or 1, 0.0, []
    for part in parts:
        width = 100 * part.value / whole
        drawn.append(
            DrawnPart(
                part=part,
                left=round(left, 2),
                width=round(width, 2),
                share=f"{width:.0f}%",
                texture=texture(part.tone, left, width, step=1.2),
                swatch=texture(part.tone, 0, PART_HEIGHT, step=2.5),
            )
        )
        left += width
    return drawn


def texture(tone: str, left: float, width: float, *, step: float) -> str:
    """An SVG path of the lines that a tone is known by: level, upright, slanted, both, or none."""
    kinds = TEXTURES.get(tone, "")
    lines = []
    if "level" in kinds:
        lines += [f"M{left:.2f} {y}h{width:.2f}" for y in (2.5, 5, 7.5)]
    ups = [left + step * n for n in range(1, math.ceil(width / step))]
    if "upright" in kinds:
        lines += [f"M{x:.2f} 0v{PART_HEIGHT}" for x in ups]
    if "slanted" in kinds:
        lines += [f"M{max(x - step, left):.2f} {PART_HEIGHT}L{x:.2f} 0" for x in ups]
    return "".join(lines)


@dataclass(frozen=True)
class Point:
    """A month of a line chart; None where too few waits have ended to say."""

    label: str
    median: float | None
    slowest: float | None
    url: str = ""


@dataclass(frozen=True)
class WaitDrawing:
    gone: float
    limit: float
    hatch_from: float
    hatch_width: float
    hatch: str
    state: str  # "intime", "near" or "over"
    words: str


def wait_drawing(
    gone: float, limit: float, *, paused: float, unit: str, near: float
) -> WaitDrawing:
    """Days gone against a limit. The longer of the two fills the width; the pause is at the end."""
    scale = WAIT_WIDTH / max(gone + paused, limit, 1)
    start, width = round(gone * scale, 1), round(paused * scale, 1)
    state = "over" if gone > limit else "near" if gone >= near * limit else "intime"
    words = f"{gone:g} of {limit:g} {unit}"
    if paused:
        words += f", plus {paused:g} {unit} that did not count"
    return WaitDrawing(
        gone=start,
        limit=round(limit * scale, 1),
        hatch_from=start,
        hatch_width=width,
        hatch=hatching(start, width, WAIT_HEIGHT),
        state=state,
        words=words,
    )


def hatching(left: float, width: float, height: float) -> str:
    """An SVG path of slanted lines inside a box, without a pattern (and so without an id)."""
    lines, offset = [], STRIPE - height
    while offset < width:
        low, high = max(offset, 0), min(offset + height, width)
        if high > low:
            x1, y1 = left + low, height - (low - offset)
            x2, y2 = left + high, height - (high - offset)
            lines.append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
        offset += STRIPE
    return "".join(lines)


@dataclass(frozen=True)
class Row:
    bar: Bar
    width: float
    text: str


def bar_rows(bars: Sequence[Bar]) -> list[Row]:
    """Each bar with its width in hundredths of the longest."""
    longest = max((bar.value for bar in bars), default=0) or 1
    return [
        Row(bar=bar, width=round(100 * bar.value / longest, 1), text=bar.words or f"{bar.value:,g}")
        for bar in bars
    ]


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class LineDrawing:
    median: str
    slowest: str
    band: str
    up: list[Tick]
    across: list[Tick]
    median_end: tuple[float, float] | None
    slowest_end: tuple[float, float] | None


def line_drawing(points: Sequence[Point]) -> LineDrawing:
    """Two lines with the band between them, on one scale that starts at nothing."""
    step, top = _scale([p.slowest or p.median or 0 for p in points])
    x = [_x(i, len(points)) for i in range(len(points))]
    median = [(x[i], _y(p.median, top)) for i, p in enumerate(points) if p.median is not None]
    slowest = [(x[i], _y(p.slowest, top)) for i, p in enumerate(points) if p.slowest is not None]
    both = [i for i, p in enumerate(points) if p.median is not None and p.slowest is not None]
    upper = [(x[i], _y(points[i].slowest or 0, top)) for i in both]
    lower = [(x[i], _y(points[i].median or 0, top)) for i in reversed(both)]
    every = max(1, -(-len(points) // 6))
    return LineDrawing(
        median=_path(median),
        slowest=_path(slowest),
        band=_path([*upper, *lower]),
        up=[Tick(_y(v, top), f"{v:g}") for v in range(0, top + 1, step)],
        across=[Tick(x[i], points[i].label) for i in range(0, len(points), every)],
        median_end=median[-1] if median else None,
        slowest_end=_above(slowest[-1], median[-1:]) if slowest else None,
    )


def _above(end: tuple[float, float], other: list[tuple[float, float]]) -> tuple[float, float]:
    """Where a line's name stands: at its end, but not on the name of the line below it."""
    highest = [y - NAME_HEIGHT for x, y in other if x == end[0]]
    return end[0], min([end[1], *highest])


def _scale(values: Sequence[float]) -> tuple[int, int]:
    highest = max([*values, 1])
    step = next((s for s in STEPS if highest / s <= 5), STEPS[-1] * -(-int(highest) // 5000))
    return step, step * -(-int(-(-highest // 1)) // step)


def _x(index: int, number: int) -> float:
    return round(
        LEFT + (LINE_WIDTH - LEFT - RIGHT) * (index / (number - 1) if number > 1 else 0.5), 1
    )


def _y(value: float, top: float) -> float:
    return round(LINE_HEIGHT - BOTTOM - (LINE_HEIGHT - TOP - BOTTOM) * value / top, 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""
