"""Nothing of people goes into the technical logs: every call that writes a line is read, every key is one we know."""

import ast
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.runtime.logging import JsonFormatter, why

ROOT = Path(__file__).parents[2]
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
KEYS = """
account answers area away_s cause client code command count county device devices event follower heard instance key
    last_ms lease looks message_id method missed offer path process reached reason reasons returncode returned root
    route seconds sent status step tag template unanswered uncounted url waits ways why
"""
"""What a line may carry beside its action. Before adding one: may a name, a number or a word of a person be in it?"""
OF_PEOPLE = """
address birth body callee card content dialect door_code health id_number key_place lat loc lon medicine
    note password payload person phone plan position say secret text token topic transcript words
"""
ROOT_OF_A_TOPIC = ".partition('/')[0]"
"""Which family a message came from; what follows is often a name that somebody gave to a room."""


def _lines() -> Iterator[tuple[str, ast.Call]]:
    for folder in ("services", "shared"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and _writes(node.func):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def _writes(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in LEVELS and "logg" in ast.unparse(called.value)


def _wrong(call: ast.Call) -> Iterator[str]:
    [action, *more] = call.args or [ast.Constant(None)]
    if more or not isinstance(action, ast.Constant) or not _dotted(action.value):
        yield "the action is a constant like `alarm.quarantined`, with nothing put into it"
    for keyword in call.keywords:
        match keyword.arg, keyword.value:
            case "exc_info", _:
                continue
            case "extra", ast.Dict(keys=keys, values=values):
                yield from (f"{_key(key)} is no key we know" for key in keys if _key(key) not in KEYS.split())
                yield from (found for value in values for found in _of_people(value))
            case name, _:
                yield f"{name} is not written out"


def _dotted(action: object) -> bool:
    parts = action.split(".") if isinstance(action, str) else []
    return len(parts) == 2 and all(part.replace("_", "").isalpha() and part.islower() for part in parts)


def _key(key: ast.expr | None) -> str:
    return str(key.value) if isinstance(key, ast.Constant) else "what is unfolded into it"


def _of_people(value: ast.expr) -> Iterator[str]:
    if ast.unparse(value).endswith(ROOT_OF_A_TOPIC):
        return
    for node in ast.walk(value):
        if isinstance(node, ast.Attribute) and node.attr in OF_PEOPLE.split():
            yield f".{node.attr} may hold something of people"
        if isinstance(node, ast.Name) and node.id in OF_PEOPLE.split():
            yield f"{node.id} may hold something of people"
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"str", "repr"} and _a_fault(node):
            yield "a fault's text may quote what somebody typed: why(fault)"


def _a_fault(call: ast.Call) -> bool:
    return any(isinstance(node, ast.Name) and node.id in {"fault", "error", "exc", "e"} for node in ast.walk(call))


def test_every_line_is_made_of_codes_and_ids() -> None:
    """Each call's action is a constant, its keys are known, and nothing in it is named like something of people."""
    read = list(_lines())
    assert len(read) > 60
    assert [f"{where}: {what}" for where, call in read for what in _wrong(call)] == []


@pytest.mark.parametrize(
    "line",
    [
        'logger.info(f"press of {elder.name}")',
        'logger.info("pressed %s", elder)',
        'logger.info("alarm.stored", extra={"who": elder.id})',
        'logger.info("alarm.stored", extra={"reason": alarm.payload})',
        'logger.info("alarm.stored", extra={"reason": str(fault)})',
        'logger.info("alarm.stored", extra={**detail})',
        'logger.info("alarm.stored", extra=detail)',
    ],
)
def test_what_would_slip_through_is_found(line: str) -> None:
    """The linter itself."""
    [call] = [node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call) and _writes(node.func)]
    assert list(_wrong(call))


class TypedError(Exception):
    """With a number, as a database's."""

    sqlstate = "23505"


def _raise(fault: Exception) -> None:
    raise fault


def test_a_fault_is_written_without_its_text() -> None:
    """Its kind, number and way, and those of its cause; a database quotes the row in its text."""
    said = "Key (phone)=(13912345678) already exists"
    fault = ExceptionGroup(said, [ValueError(said)])
    fault.__cause__ = TypedError(said)
    with pytest.raises(ExceptionGroup) as raised:
        _raise(fault)
    told = (raised.type, raised.value, raised.tb)
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "alarms.refused", None, told)
    line = JsonFormatter("devices-1").format(record)
    assert "13912345678" not in line
    assert "\n" not in line
    assert json.loads(line)["at"].endswith("+00:00")
    for part in ("ExceptionGroup", "ValueError", "TypedError 23505", "_raise"):
        assert part in line
    assert why(OSError(2, said)) == "FileNotFoundError 2"


def test_nobody_prints() -> None:
    """What is not a line of the log is not written at all."""
    folders: list[Path] = [ROOT / "services", ROOT / "shared"]
    calls = (
        node for folder in folders for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))
    )
    assert not [n for n in calls if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "print"]
