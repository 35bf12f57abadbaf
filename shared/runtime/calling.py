"""Calling the private doors of the services: commands, questions, and what is passed on unread."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson

from shared.contracts.commands import SIGNATURE, Answer, Command, sign
from shared.runtime.failpoint import reach

logger = logging.getLogger(__name__)

PATIENCE_S = 1.0
ANSWER_S = 5.0
AT_ONCE = 100
HANDED_ON = ("content-type", "retry-after", "www-authenticate")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to be handed on as it is; `headers` are those a caller needs."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class CommandClient:
    """Passes commands to the service that owns the decision: to the first of its workers that answers.

    A worker that is away or failing is skipped; the same key makes the repetition at the next one safe.
    """

    def __init__(self, urls: Sequence[str], secret: str) -> None:
        """Keep one pool of connections to the workers at `urls`."""
        self._secret = secret
        self._urls = tuple(urls)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, command: Command) -> Answer | None:
        """Return the owner's answer, or None when all are away (the caller may repeat with the same key)."""
        response = await self._signed("/commands", command.model_dump_json().encode())
        if response is None:
            logger.warning("command.owner_away", extra={"command": command.name})
            return None
        reach("commands.answered")
        return Answer.model_validate(orjson.loads(response.body))

    async def ask(
        self, path: str, question: Mapping[str, Any], within_s: float = ANSWER_S
    ) -> dict[str, Any] | None:  # fmt: skip
        """Ask what changes nothing, or what may be asked twice; None when nobody answers."""
        response = await self._signed(path, orjson.dumps(question), within_s)
        if response is None or response.status >= HTTPStatus.BAD_REQUEST:
            return None
        answer: dict[str, Any] = orjson.loads(response.body)
        return answer

    async def pass_on(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply | None:
        """Hand on a message that folds, unread; a worker that is slow gets company instead of more time."""
        asked = {asyncio.create_task(self._post(url, path, body, headers)) for url in self._urls[:1]}
        later = list(self._urls[1:])
        try:
            while asked:
                done, asked = await asyncio.wait(
                    asked, timeout=PATIENCE_S if later else None, return_when=asyncio.FIRST_COMPLETED
                )
                for response in (one.result() for one in done):
                    if response is not None:
                        return response
                if later:
                    asked.add(asyncio.create_task(self._post(later.pop(0), path, body, headers)))
        finally:
            for task in asked:
                task.cancel()
        return None

    async def _signed(self, path: str, body: bytes, within_s: float = ANSWER_S) -> Reply | None:
        headers = {SIGNATURE: sign(self._secret, body), "content-type": "application/json"}
        for url in self._urls:
            response = await self._post(url, path, body, headers, within_s)
            if response is not None:
                return response
        return None

    async def _post(
        self, url: str, path: str, body: bytes, headers: Mapping[str, str], within_s: float = ANSWER_S
    ) -> Reply | None:  # fmt: skip
        patience = aiohttp.ClientTimeout(total=within_s, sock_connect=1)
        try:
            async with self._connected().post(
                f"{url}{path}", data=body, headers=headers, allow_redirects=False, timeout=patience
            ) as response:
                kept = {name: response.headers[name] for name in HANDED_ON if name in response.headers}
                reply = Reply(response.status, await response.read(), kept)
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            logger.warning("owner.away", extra={"url": url, "path": path, "reason": type(fault).__name__})
            return None
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger.warning("owner.failed", extra={"url": url, "path": path, "status": reply.status})
            return None
        self._prefer(url)
        return reply

    def _connected(self) -> aiohttp.ClientSession:
        """The pool of connections; it needs a running loop, so it is made when first used."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=3),
                auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(),
            )  # fmt: skip
        return self._session

    def _prefer(self, url: str) -> None:
        """Begin with the one that answered last: who hangs costs its patience once."""
        if url != self._urls[0]:
            self._urls = (url, *(other for other in self._urls if other != url))

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
