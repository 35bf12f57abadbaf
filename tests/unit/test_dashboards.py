"""Dashboards and alert rules ask only for figures that there are, by labels that these have, of processes that run."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, Counter, Histogram

from services.gateway.push.platform import Health
from shared.runtime import metrics

ROOT = Path(__file__).parents[2]
BOARDS = sorted((ROOT / "deploy" / "dashboards").glob("*.json"))
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
FUNCTIONS = frozenset({"histogram_quantile", "sum", "rate", "increase", "by", "or", "and"})
OF_PROMETHEUS = {"up", "job", "instance", "le"}
OWN = [one for one in vars(metrics).values() if isinstance(one, (Counter, Histogram))]
GATEWAY = {"yinling_gateway_sockets", *(f"yinling_gateway_{part.name}_up" for part in fields(Health))}


def _said(one: Counter | Histogram) -> str:
    return next(iter(one.describe())).name


def _names() -> set[str]:
    """What a process shows by name, its own and Python's, with what a histogram is asked by."""
    shown = {name for found in REGISTRY.collect() for name in (found.name, *(s.name for s in found.samples))}
    for one in OWN:
        said = _said(one)
        shown |= {f"{said}_bucket", f"{said}_count"} if isinstance(one, Histogram) else {f"{said}_total"}
    return shown | GATEWAY


def _labels() -> set[str]:
    return {label for one in OWN for label in one._labelnames} | OF_PROMETHEUS


def _rules() -> list[dict[str, Any]]:
    found = yaml.safe_load(ALERTS.read_text("utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def _asked() -> Iterator[tuple[str, str]]:
    for board in BOARDS:
        for panel in json.loads(board.read_text("utf-8"))["panels"]:
            yield from ((f"{board.name} {panel['title']}", target["expr"]) for target in panel["targets"])
    yield from ((rule["alert"], rule["expr"]) for rule in _rules())


def _unknown(expression: str) -> set[str]:
    bare = re.sub(r'"[^"]*"|\[\w+\]', "", expression)
    words = set(re.findall(r"[a-z_][a-z0-9_]*", bare))
    return words - FUNCTIONS - _names() - _labels()


def test_nothing_is_asked_for_that_is_not_there() -> None:
    """Every word of every expression is a figure, a label or PromQL's own."""
    asked = list(_asked())
    assert len(asked) > 40
    assert {where: unknown for where, it in asked if (unknown := _unknown(it))} == {}


def test_every_follower_asked_for_is_one() -> None:
    """A follower's name is in the source of the process that follows."""
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "services").rglob("*.py"))
    asked = {name for _, it in _asked() for name in re.findall(r'follower="([^"]+)"', it)}
    assert len(asked) >= 3
    assert [name for name in asked if f'"{name}"' not in sources] == []


@pytest.mark.parametrize("wrong", ["rate(yinling_alarms_lost_total[5m])", "sum by (village) (yinling_alarms_total)"])
def test_what_is_not_there_is_found(wrong: str) -> None:
    """The test itself."""
    assert _unknown(wrong)


def test_every_figure_of_ours_is_on_a_dashboard() -> None:
    """A figure that nobody looks at is not worth its time."""
    boards = "".join(board.read_text("utf-8") for board in BOARDS)
    assert [_said(one) for one in OWN if _said(one) not in boards] == []


def test_every_rule_says_whom_it_calls_and_what_to_do() -> None:
    """And leads to a page that exists, where it names one."""
    rules = _rules()
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
        for page in re.findall(r"docs/[\w/.-]+\.md", rule["annotations"]["do"]):
            assert (ROOT / page).exists(), page


def test_every_process_of_ours_is_read() -> None:
    """The targets are the containers that run our image, at the port each shows its figures."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    runs = {name for name, it in compose.items() if "services." in " ".join(map(str, it.get("command", ())))}
    read = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    targets = [target for job in read for config in job["static_configs"] for target in config["targets"]]
    assert {target.partition(":")[0] for target in targets} == runs
    for name, port in (target.split(":") for target in targets):
        given = " ".join(f"{key}={value}" for key, value in compose[name].get("environment", {}).items())
        assert port in given, (name, port)
