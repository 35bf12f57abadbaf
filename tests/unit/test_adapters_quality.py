"""What the adapters say of themselves is shown by a test that exists."""

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.devices.adapters import BY_ROOT, generic

ROOT = Path(__file__).parents[2]
ADAPTERS = ROOT / "services" / "devices" / "adapters"
RULES = (
    "duplicate_press", "battery", "offline", "receipt_to_the_device", "redacted_diagnostics", "location_accuracy",
    "false_alarm_rate",
)  # fmt: skip
FAMILIES = sorted({it.NAME for it in BY_ROOT.values()} | {Path(generic.__file__).parent.name})


def scale(family: str) -> dict[str, Any]:
    """A family's own page."""
    found: dict[str, Any] = yaml.safe_load((ADAPTERS / family / "quality_scale.yaml").read_text("utf-8"))
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_answers_every_rule(family: str) -> None:
    """Done, to be done or out of the question, each with a reason a buyer can read."""
    page = scale(family)
    assert page["adapter"] == family
    assert tuple(page["rules"]) == RULES
    for rule in page["rules"].values():
        assert rule["status"] in {"done", "todo", "exempt"}
        assert len(rule["comment"]) > 10


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_done_names_a_test_that_exists(family: str) -> None:
    """So that nobody can tick a rule off by hand."""
    for name, rule in scale(family)["rules"].items():
        assert ("test" in rule) == (rule["status"] == "done"), name
        if "test" in rule:
            path, _, function = rule["test"].partition("::")
            tree = ast.parse((ROOT / path).read_text("utf-8"))
            assert function in {it.name for it in tree.body if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_published_payloads(family: str) -> None:
    """An adapter without any would be a guess."""
    assert len(list((ADAPTERS / family / "payloads").glob("*.json"))) >= 2
