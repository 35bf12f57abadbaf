"""A telephone exchange for demos and tests: it takes texts, calls and pushes over HTTP and shows them as phones.

`POST /sms` and `POST /calls` {id, to, text, keys} with `Authorization: Bearer`, `POST /push/{to}` as Apprise does it.
What becomes of a text or a call is reported to the platform, signed, as an operator's exchange would; so is the key
that is pressed during a call or sent back to a text. For the page
at `/`: `GET /phones`, `POST /phones/{number}/press` {item, key}, `/hang-up` {item}, `/power` {on}. Nothing leaves the
machine: it knows no real number.
"""

import asyncio
import hmac
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from shared.contracts.commands import SIGNATURE, sign
from shared.runtime.clock import Clock

PAGE = Path(__file__).with_name("exchange.html")
RINGS_S = 30.0
TRIES = 30
PHONES, ITEMS = 400, 50
"""How many phones, and things on each, are remembered."""


@dataclass(slots=True)
class Item:
    """A text, a call or a push on a phone. `state` of a call: ringing, answered, heard, busy, no_answer, off."""

    ref: str
    id: str
    kind: str
    text: str
    keys: list[str]
    at: str
    state: str
    key: str | None = None
    say: str | None = None


@dataclass(slots=True)
class Phone:
    """Somebody's phone, known by its number."""

    number: str
    on: bool = True
    items: list[Item] = field(default_factory=list)


class Exchange:
    """Phones, and what the platform is told of them."""

    def __init__(self, clock: Clock, secret: str, reports: str, client: httpx.AsyncClient) -> None:
        """`reports` is where what becomes of texts and calls is told, signed with `secret`."""
        self._clock = clock
        self._secret = secret
        self._reports = reports
        self._client = client
        self.phones: OrderedDict[str, Phone] = OrderedDict()
        self.rev = 0
        self._numbers = count(1)
        self._seen: OrderedDict[str, Item] = OrderedDict()
        self._work: set[asyncio.Task[None]] = set()

    def phone(self, number: str) -> Phone:
        """The phone of a number, the newest last."""
        it = self.phones.setdefault(number, Phone(number))
        self.phones.move_to_end(number)
        while len(self.phones) > PHONES:
            self.phones.popitem(last=False)
        return it

    def take(self, kind: str, given: dict[str, Any], key: str) -> Item:
        """Let a text, a call or a push arrive; the same key again is the same one."""
        if key and key in self._seen:
            return self._seen[key]
        phone = self.phone(str(given["to"]))
        arrived = self._clock.now().isoformat(timespec="seconds")
        state = "arrived" if kind != "call" else "ringing" if phone.on else "off"
        item = Item(
            f"{kind}-{next(self._numbers)}", str(given.get("id", "")), kind, str(given["text"]),
            [str(k) for k in given.get("keys") or ()], arrived, state,
        )  # fmt: skip
        phone.items = [*phone.items, item][-ITEMS:]
        self._remember(key or item.ref, item)
        self._started(kind, phone, item)
        return item

    def _started(self, kind: str, phone: Phone, item: Item) -> None:
        if kind == "sms" and phone.on:
            self._soon(self._told(item, status="delivered"))
        elif kind == "call":
            self._soon(self._rings(item) if phone.on else self._told(item, status="off"))

    def _remember(self, key: str, item: Item) -> None:
        self._seen[key] = item
        while len(self._seen) > PHONES * ITEMS:
            self._seen.popitem(last=False)
        self.rev += 1

    async def _rings(self, item: Item) -> None:
        await self._clock.sleep(RINGS_S)
        if item.state == "ringing":
            await self.ended(item, "no_answer")

    async def ended(self, item: Item, state: str) -> None:
        """A call ends without a key: nobody came, or it was declined."""
        item.state = state
        self.rev += 1
        await self._told(item, status=state)

    async def pressed(self, item: Item, key: str) -> None:
        """Somebody answers and presses a key, or only listens (no key); a text is written back to.

        What the platform says to it is read out, or comes as a text.
        """
        item.state, item.key = "answered", key or None
        self.rev += 1
        how = "reply" if item.kind == "sms" else "key"
        item.say = await self._told(item, status="answered" if key else "delivered", **{how: key or None})
        self.rev += 1

    async def switched(self, phone: Phone, *, on: bool) -> None:
        """Switch a phone on or off; texts that waited are delivered."""
        waited = [] if phone.on or not on else [i for i in phone.items if i.kind == "sms"]
        phone.on = on
        self.rev += 1
        for item in waited:
            await self._told(item, status="delivered")

    async def _told(self, item: Item, **what: str | None) -> str | None:
        body = orjson.dumps({"id": item.id, **what})
        headers = {SIGNATURE: sign(self._secret, body), "content-type": "application/json"}
        for attempt in range(TRIES):
            try:
                answer = await self._client.post(self._reports, content=body, headers=headers)
            except (httpx.TransportError, AttributeError):
                pass
            else:
                if not answer.is_server_error:
                    return _say(answer)
            await self._clock.sleep(min(5.0, 0.2 * 2**attempt))
        return None

    def _soon(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def close(self) -> None:
        """Let nothing ring on."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    def app(self) -> Starlette:
        """The exchange's HTTP side, and its page."""
        return Starlette(
            routes=[
                Route("/", lambda _: FileResponse(PAGE, headers={"cache-control": "no-cache"})),
                Route("/sms", self._sms, methods=["POST"]),
                Route("/calls", self._calls, methods=["POST"]),
                Route("/push/{to}", self._push, methods=["POST"]),
                Route("/phones", self._phones),
                Route("/phones/{number}/press", self._press, methods=["POST"]),
                Route("/phones/{number}/hang-up", self._hang_up, methods=["POST"]),
                Route("/phones/{number}/power", self._power, methods=["POST"]),
            ]
        )

    async def _sms(self, request: Request) -> Response:
        return await self._arrives("sms", request)

    async def _calls(self, request: Request) -> Response:
        return await self._arrives("call", request)

    async def _arrives(self, kind: str, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._secret}".encode()):
            return _problem(401, "unauthenticated")
        asked = await _body(request)
        if not (asked.get("to") and asked.get("text") and asked.get("id")):
            return _problem(422, "bad_message")
        item = self.take(kind, asked, request.headers.get("idempotency-key", ""))
        return JSONResponse({"ref": item.ref}, 202)

    async def _push(self, request: Request) -> Response:
        asked = await _body(request)
        text = "\n".join(str(asked[name]) for name in ("title", "message") if asked.get(name))
        if not text:
            return _problem(422, "bad_push")
        self.take("push", {"to": request.path_params["to"], "text": text}, "")
        return JSONResponse({}, 200)

    async def _phones(self, request: Request) -> Response:
        if request.query_params.get("rev") == str(self.rev):
            return Response(status_code=204)
        shown = [asdict(phone) for phone in reversed(self.phones.values())]
        return JSONResponse({"rev": self.rev, "phones": shown}, headers={"cache-control": "no-store"})

    async def _press(self, request: Request) -> Response:
        asked = await _body(request)
        item, key = self._waiting(request, asked), str(asked.get("key") or "")
        if item is None or (key not in item.keys and (key or item.kind == "sms")):
            return _problem(404, "not_ringing")
        await self.pressed(item, key)
        return JSONResponse(asdict(item))

    async def _hang_up(self, request: Request) -> Response:
        item = self._waiting(request, await _body(request))
        if item is None or item.kind == "sms":
            return _problem(404, "not_ringing")
        await self.ended(item, "busy")
        return JSONResponse(asdict(item))

    async def _power(self, request: Request) -> Response:
        phone = self.phones.get(request.path_params["number"])
        if phone is None:
            return _problem(404, "unknown_phone")
        await self.switched(phone, on=bool((await _body(request)).get("on")))
        return JSONResponse({"on": phone.on})

    def _waiting(self, request: Request, asked: dict[str, Any]) -> Item | None:
        """What waits for an answer under that name: a call that rings, a text that asks."""
        phone = self.phones.get(request.path_params["number"])
        found = (item for item in (phone.items if phone and phone.on else []) if item.ref == asked.get("item"))
        return next((i for i in found if i.state == "ringing" or (i.keys and i.state == "arrived")), None)


def _say(answer: httpx.Response) -> str | None:
    try:
        said = answer.json().get("say")
    except (ValueError, AttributeError):
        return None
    return str(said) if said else None


async def _body(request: Request) -> dict[str, Any]:
    """A JSON object; anything else is an empty one. Other pages can't send this content type without being asked."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return {}
    try:
        found = orjson.loads(await request.body())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _problem(status: int, code: str) -> Response:
    body = {"type": "about:blank", "title": code.replace("_", " "), "status": status, "code": code}
    return JSONResponse(body, status, media_type="application/problem+json")
