"""Stories run on the embedded broker, some on both."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from shared.runtime.settings import Settings
from tests.brokers import RunningBroker, broker, running
from tests.conftest import TestDatabase
from tests.story.telephones import Telephones, telephoned
from tests.story.town import Town, living

__all__ = ["broker"]


@pytest_asyncio.fixture
async def town(database: TestDatabase, settings: Settings, tmp_path: Path) -> AsyncIterator[Town]:
    """The town on the embedded broker."""
    it = running("nats", tmp_path)
    try:
        async with living(database, it, settings) as town:
            yield town
    finally:
        it.stop(signal.SIGKILL)


@pytest_asyncio.fixture
async def any_town(database: TestDatabase, settings: Settings, broker: RunningBroker) -> AsyncIterator[Town]:
    """The town on each broker in turn."""
    async with living(database, broker, settings) as town:
        yield town


@pytest_asyncio.fixture
async def phones(database: TestDatabase, settings: Settings, tmp_path: Path) -> AsyncIterator[Telephones]:
    """The town on the embedded broker, with telephones."""
    it = running("nats", tmp_path)
    try:
        async with telephoned(database, it, settings) as found:
            yield found
    finally:
        it.stop(signal.SIGKILL)
