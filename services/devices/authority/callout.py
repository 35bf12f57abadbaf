"""Answers the embedded broker's question about every device that connects.

A device is who it says when client id and user name are its id and the password's SHA-256 is in the registry; a
certificate, if it shows one, must bear its id too. Secrets are random 256 bits, so a plain hash will do; thousands must
be able to reconnect within seconds.
"""

import asyncio
import hmac
import logging
from hashlib import sha256

import asyncpg
import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.devices.authority.denials import Denials
from services.devices.authority.tokens import Request, Signer, read_request
from services.devices.domain.permissions import Credential, grant
from services.devices.domain.topics import is_id
from services.devices.store.registry import credentials
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.logging import why
from shared.runtime.settings import Settings

logger = logging.getLogger(__name__)

QUESTIONS = "$SYS.REQ.USER.AUTH"
QUEUE = "authority"
USER = "authority"
RETRY_S = 0.2
AT_MOST = 200
UNKNOWN = "unknown_device"


class Callout:
    """Both workers run one; the broker asks either."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, denials: Denials) -> None:
        """Answer from this database, and count refusals."""
        self.ready = asyncio.Event()
        self._settings = settings
        self._database = database
        self._clock = clock
        self._denials = denials
        self._signer = Signer(settings.nats_issuer_seed.get_secret_value())
        self._asked: list[Msg] = []
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Serve until cancelled; a connection that ends for good is made anew."""
        while True:
            connection = await self._connected()
            try:
                await connection.subscribe(QUESTIONS, queue=QUEUE, cb=self._ask)
                await connection.flush()
                self.ready.set()
                await self._serve(connection)
            except nats.errors.Error as fault:
                logger.warning("authority.broker_away", extra={"reason": why(fault)})
            finally:
                await connection.close()

    async def _serve(self, connection: Client) -> None:
        while not connection.is_closed:
            await self._wake.wait()
            self._wake.clear()
            await self._answer_all()

    async def _connected(self) -> Client:
        while True:
            try:
                return await self._connect()
            except (OSError, TimeoutError, nats.errors.Error) as fault:
                logger.warning("authority.broker_away", extra={"reason": why(fault)})
            await woken(asyncio.Event(), RETRY_S)

    async def _connect(self) -> Client:
        return await nats.connect(
            self._settings.nats_url,
            user=USER,
            password=self._settings.nats_password.get_secret_value(),
            name="yinling-authority",
            allow_reconnect=True,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RETRY_S,
            connect_timeout=2,
            ping_interval=5,
            error_cb=_report,
            closed_cb=self._closed,
        )

    async def _closed(self) -> None:
        self._wake.set()

    async def _ask(self, message: Msg) -> None:
        self._asked.append(message)
        self._wake.set()

    async def _answer_all(self) -> None:
        """One look-up for all that ask at this moment; unanswered while the database is away, and they try again."""
        while self._asked:
            asked, self._asked = self._asked[:AT_MOST], self._asked[AT_MOST:]
            requests = [(message, read_request(message.data)) for message in asked]
            names = {request.user for _, request in requests if is_id(request.user)}
            try:
                known = await credentials(self._database, names)
            except (*AWAY, asyncpg.PostgresError):
                logger.warning("authority.database_away", extra={"unanswered": len(requests)})
                return
            for message, request in requests:
                await message.respond(self._verdict(request, known.get(request.user)))

    def _verdict(self, request: Request, known: Credential | None) -> bytes:
        why = refusal(request, known)
        if known is None or why:
            self._denials.note(request.user, why or UNKNOWN)
            return self._signer.refuse(request, why or UNKNOWN, self._clock.now())
        return self._signer.allow(request, grant(known), self._clock.now())


def refusal(request: Request, known: Credential | None) -> str | None:
    """Why this client may not connect; None if it may."""
    if known is None:
        return UNKNOWN
    if known.revoked:
        return "revoked"
    if request.client_id != known.device:
        return "client_id"
    if request.certificate not in {None, known.device}:
        return "certificate"
    if not hmac.compare_digest(sha256(request.secret.encode()).digest(), known.secret_sha256):
        return "wrong_secret"
    return None


async def _report(fault: Exception) -> None:
    logger.warning("authority.connection", extra={"reason": why(fault) or type(fault).__name__})
