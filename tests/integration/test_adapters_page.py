"""docs/adapters.md, done exactly as it says: a family without code, from the description to the bell."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.devices.adapters import load
from shared.runtime.mqtt import session
from shared.runtime.settings import Settings
from tests.brokers import Book, RunningBroker, book, nats_broker, until, worker
from tests.conftest import TestDatabase
from tests.integration.test_devices_binding import command, house

__all__ = ["book", "nats_broker"]
PAGE = Path(__file__).parents[2] / "docs" / "adapters.md"
BLOCK = re.compile(r"<!-- example: (?P<what>[^>]+) -->\n```\w+\n(?P<text>.*?)\n```", re.DOTALL)


def examples() -> dict[str, str]:
    """Every example of the page, by what stands above it."""
    return {found["what"]: found["text"] for found in BLOCK.finditer(PAGE.read_text("utf-8"))}


def read(text: str) -> dict[str, Any]:
    """An example as JSON."""
    found: dict[str, Any] = orjson.loads(text)
    return found


@pytest.fixture(autouse=True)
def no_families() -> Iterator[None]:
    """Nothing is left for the next test."""
    yield
    load(None)


async def test_the_page_adds_a_family_without_code(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book, tmp_path: Path
) -> None:
    """Describe, start, register, pull, bind, pull again: it rings at the right home."""
    shown = examples()
    [topic] = [what.removeprefix("message ") for what in shown if what.startswith("message ")]
    message, new_hub, binding = shown[f"message {topic}"].encode(), read(shown["hub"]), read(shown["binding"])
    described = tmp_path / "adapters.toml"
    described.write_text(shown["file"], "utf-8")
    mine = nats_broker.settings(settings).model_copy(update={"adapters_file": described})
    async with worker(mine), house(database) as it:
        registered = await command(it, "register_device", new_hub["id"], **new_hub)
        async with session(nats_broker.address(new_hub["id"], registered.body["secret"])) as hub:
            async with asyncio.timeout(10):
                while not await book.count("devices.quarantine"):
                    await hub.publish(topic, message)
            entry = await book.row("SELECT topic, reason, county FROM devices.quarantine")
            assert tuple(entry) == (topic, "unbound", "360733")
            answer = await command(it, "bind_address", binding["new"]["id"], **binding)
            assert answer.status == 200, answer.body
            for _ in range(2):
                await hub.publish(topic, message)
            await until(lambda: book.count("devices.raw_event", "copies >= 2"))
    [raised] = await book.raised()
    assert await book.count("devices.placement", "device_id = 'CORD-42' AND confirmed_at IS NULL") == 1
    assert (raised.device, raised.kind, raised.home, raised.batt) == ("CORD-42", "sos", "H-0042", 86)


async def test_the_page_names_every_field_and_no_other() -> None:
    """A field that is added is told here too."""
    from services.devices.adapters.generic.families import Family, Spot

    text = PAGE.read_text("utf-8")
    table = text[text.index("## Everything a family may say") : text.index("A path is a row of names")]
    told = set(re.findall(r"`([a-z_0-9]+)`", table)) | set(re.findall(r"\[+family\.([a-z]+)\]+", table))
    fields = {field.alias or name for name, field in Family.model_fields.items()}
    assert fields <= told
    assert set(Spot.model_fields) <= told


def test_a_slip_of_the_page_is_told_as_the_page_says(tmp_path: Path) -> None:
    """Word for word."""
    slip = tmp_path / "adapters.toml"
    slip.write_text(examples()["file"].replace("word =", "wrod ="), "utf-8")
    assert load(slip) == ["adapters.toml, table 1 (acme), field wrod: is no field of this table"]
    assert "adapters.toml, table 1 (acme), field wrod: is no field of this table" in PAGE.read_text("utf-8")
