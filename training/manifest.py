"""Writes model.yaml: how a request becomes the model's input, its outputs ours, and golden rows that prove it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from .core_yaml import flow_yaml
from .features import Feature
from .measures import Points
from .onnx_export import INPUT

WIDTH = 120


def manifest(
    model: str, about: str, review_by: date, features: tuple[Feature, ...], outputs: Mapping[str, Mapping[str, Any]],
    golden_rows: np.ndarray, golden_outputs: Mapping[str, np.ndarray], calibration: Points | None = None,
    columns_from: str = "training/features.py",
) -> str:
    """The file's text. `outputs` names a tensor and column for each output; `golden_outputs` has a number for each row."""
    lines = [
        f"# Written by `python -m training train`: change {columns_from}, not this file.",
        f"id: {model}", f"description: {about}", "owner: data-science", f"reviewBy: {review_by.isoformat()}", "file: model.onnx",
        "inputs:", f"  - name: {INPUT}", "    type: float32",
        f"    columns:          # {sum(len(feature.names) for feature in features)} in all",
    ]
    lines += [line for feature in features for line in _entry(feature)]
    lines += ["outputs:", *(f"  {name}: {_flow(dict(where))}" for name, where in outputs.items())]
    if calibration is not None:
        points = ", ".join(f"[{_number(x)}, {_number(y)}]" for x, y in calibration)
        lines += ["calibration:", "  isotonic:", *_wrapped(f"[{points}]", indent=4)]
    lines.append("golden:               # rows of the held-out data, and what the model answers before calibration")
    for place, row in enumerate(golden_rows):
        answers = ", ".join(f"{name}: [{float(values[place])!r}]" for name, values in golden_outputs.items())
        lines += ["  - inputs:", f"      {INPUT}:", *_wrapped(f"- [{', '.join(map(_number, row))}]", indent=8), f"    outputs: {{ {answers} }}"]
    return "\n".join(lines) + "\n"


def _entry(feature: Feature) -> list[str]:
    return _wrapped(f"- {_flow(feature.manifest())}".replace(": ", ":\N{NO-BREAK SPACE}"), indent=6)


def _flow(entry: dict[str, Any]) -> str:
    text = flow_yaml(entry)
    return "{ " + text[1:-1].replace(": {", ": { ").replace("}", " }") + " }"


def _wrapped(text: str, indent: int) -> list[str]:
    """Broken at spaces only, not at no-break spaces (which become plain), and continued two deeper."""
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_long_words=False, break_on_hyphens=False
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _number(value: Any) -> str:
    """The shortest decimal that is the same float32 or float."""
    if float(value).is_integer():
        return str(int(value))
    if isinstance(value, np.float32):
        return np.format_float_positional(value, unique=True, trim="-")
    return repr(float(value))
