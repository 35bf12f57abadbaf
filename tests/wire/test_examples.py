"""Every JSON example in docs/wire parses with the model named above it, and nothing in it is unknown to that model.

`<!-- model: console.Ev d: console.OfferNotice -->` stands before a block; the second name is for the frame's `d`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from shared.contracts import (
    accounts,
    cases,
    channels,
    commands,
    console,
    desk,
    device,
    device_desk,
    elder,
    evidence,
    family,
    http,
    lists,
    load,
    mass,
    orders,
    people,
    policies,
    sessions,
    steps,
    supervision,
)

DOCS = Path(__file__).parents[2] / "docs" / "wire"
MODULES = {
    "accounts": accounts,
    "cases": cases,
    "channels": channels,
    "commands": commands,
    "console": console,
    "desk": desk,
    "device": device,
    "device_desk": device_desk,
    "elder": elder,
    "evidence": evidence,
    "family": family,
    "http": http,
    "lists": lists,
    "load": load,
    "mass": mass,
    "people": people,
    "orders": orders,
    "policies": policies,
    "sessions": sessions,
    "steps": steps,
    "supervision": supervision,
}
BLOCK = re.compile(
    r"(?:<!-- model: (?P<model>[\w.\[\]]+)(?: d: (?P<inner>[\w.]+))? -->\n)?```json\n(?P<text>.*?)\n```", re.DOTALL
)
PAGES: dict[str, type[BaseModel]] = {"http.Page[IncidentRow]": http.Page[cases.IncidentRow]}


@dataclass(frozen=True)
class Example:
    """A block of a page."""

    page: str
    line: int
    model: str | None
    inner: str | None
    text: str

    def __str__(self) -> str:
        """Where it stands."""
        return f"{self.page}:{self.line}"


def examples() -> Iterator[Example]:
    """Every block of every page."""
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text("utf-8")
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield Example(page.name, line, found["model"], found["inner"], found["text"])


def named(name: str) -> type[BaseModel]:
    """The model behind a name such as `console.Ev` or `http.Page[IncidentRow]`."""
    if name in PAGES:
        return PAGES[name]
    module, _, model = name.partition(".")
    found: type[BaseModel] = getattr(MODULES[module], model)
    return found


def unknown(given: Any, read: Any, path: str = "") -> list[str]:
    """Fields of the example that did not survive being read."""
    if isinstance(given, dict) and isinstance(read, dict):
        lost = [f"{path}.{name}" for name in given if name not in read]
        return lost + [f for name in given if name in read for f in unknown(given[name], read[name], f"{path}.{name}")]
    if isinstance(given, list) and isinstance(read, list):
        return [f for n, (a, b) in enumerate(zip(given, read, strict=True)) for f in unknown(a, b, f"{path}[{n}]")]
    return []


def checked(name: str, content: Any) -> None:
    """Parse with the model and complain about what it does not know."""
    model = named(name).model_validate(content)
    assert unknown(content, model.model_dump(mode="json", by_alias=True, exclude_unset=True)) == []


@pytest.mark.parametrize("example", tuple(examples()), ids=str)
def test_the_example_parses(example: Example) -> None:
    """As the pages promise."""
    assert example.model, "say which model this is"
    content = json.loads(example.text)
    checked(example.model, content)
    if example.inner:
        checked(example.inner, content["d"])


def test_every_frame_and_every_body_of_a_request_has_an_example() -> None:
    """A frame or a body added to the contract is told in the pages too."""
    shown = {name for one in examples() for name in (one.model, one.inner) if name}
    frames = {f"console.{name}" for name, it in vars(console).items() if _is_frame(it)}
    devices = {"device.DeviceAlarm", "device.DeviceReceipt", "device.DeviceState"}
    bodies = {
        "sessions.Login", "sessions.Duty", "steps.Decline", "steps.Completion", "steps.CallAttempt",
        "steps.Relocation", "steps.Escalation", "steps.Classification", "steps.StandDown",
        "steps.Closing", "steps.Note", "steps.PhoneIncident", "http.Problem",
    }  # fmt: skip
    assert frames | devices | bodies <= shown


def _is_frame(it: object) -> bool:
    return isinstance(it, type) and issubclass(it, BaseModel) and "t" in it.model_fields
