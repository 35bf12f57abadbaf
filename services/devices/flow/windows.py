"""Tests of a button on purpose, and what else a device is asked to do."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from types import MappingProxyType

from pydantic import ValidationError

from services.devices.flow.house import House, Outcome, done, happened, invalid, refused
from services.devices.store import windows as store
from shared.contracts.commands import Command
from shared.contracts.device import DeviceCommand
from shared.runtime.database import Connection
from shared.vocabulary.ids import uuid7

LONGEST_MIN, USUAL_MIN = 30, 10
ASKED = frozenset({"test", "locate", "interval", "speak"})


async def open_test(house: House, connection: Connection, command: Command) -> Outcome:
    """For some minutes the first two presses of this device are answered 测试成功 and ring nobody."""
    minutes = command.args.get("minutes", USUAL_MIN)
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 1 <= minutes <= LONGEST_MIN:
        return invalid("minutes")
    known = await store.division_of(connection, command.target, command.actor.division)
    if known is None:
        return refused(HTTPStatus.NOT_FOUND, "not_found")
    now = house.clock.now()
    until = now + timedelta(minutes=minutes)
    await store.open_window(connection, command.target, now, until, command.actor.account)
    event = happened(command, "device.test_opened", known, now, until=until.isoformat())
    return Outcome(done(until=until.isoformat()).answer, [event])


async def ask_device(house: House, connection: Connection, command: Command) -> Outcome:
    """Speak to the device: test itself, tell where it is, beat at another pace, say something."""
    county = await store.county_of(connection, command.target, command.actor.division)
    if county is None:
        return refused(HTTPStatus.NOT_FOUND, "not_found")
    if command.args.get("cmd") not in ASKED:
        return invalid("cmd")
    asked = str(uuid7(house.clock.now()))
    try:
        message = DeviceCommand.model_validate({**command.args, "id": asked, "v": 1})
    except ValidationError as fault:
        return invalid(str(fault.errors()[0]["loc"][0]))

    async def speak() -> None:
        await house.spoken.say(county, command.target, message)

    return Outcome(done(id=asked).answer, after=[speak])


HANDLERS: Mapping[str, Callable[[House, Connection, Command], Awaitable[Outcome]]] = MappingProxyType(
    {"open_test": open_test, "ask_device": ask_device}
)
