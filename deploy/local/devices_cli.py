"""`./yinling devices`: the device desk from a terminal, through the same public door as the page."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup


class Anywhere(TyperGroup):
    """A group whose own options may also stand after the command, where people look for them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Bring our options to the front."""
        ours: list[str] = []
        rest: list[str] = []
        words = iter(args)
        for word in words:
            name = word.split("=", 1)[0]
            (ours if name in OURS else rest).append(word)
            if OURS.get(word):
                ours += [value for value in [next(words, None)] if value is not None]
        return super().parse_args(ctx, ours + rest)


devices = typer.Typer(
    cls=Anywhere, no_args_is_help=True, help="Devices: add, claim, bind, list, revoke, and what else they need."
)
console = Console(stderr=True)

OURS = {"--url": True, "--data": True, "--user": True, "--password": True, "--json": False}
"""Options of every command, and whether a value follows."""
POLL_S = 1.0
PAGE = 200
WRONG_USE = 2
CODES = {
    "wrong_code": "that is not the code of this device 认领码不对",
    "already_claimed": "it is claimed already; unclaim it first 设备已被认领",
    "claim_over": "nobody pressed in time; start again 超时未按键，请重来",
    "exists": "a device of this id is registered already 编号已存在",
    "not_found": "there is no such thing in your division 辖区内没有",
    "bad_credentials": "user or password is wrong 用户名或密码错误",
    "forbidden": "your role may not do this 没有权限",
    "revoked": "it is revoked; unclaim it to take it back 设备已吊销",
    "relayed": "it speaks through a hub and has no credential of its own 经网关接入，没有自己的凭证",
    "bound_elsewhere": "this address is another device already 地址已绑定其他设备",
    "service_away": "a part of the platform is away; try again 服务暂不可用，请重试",
}


@dataclass(frozen=True)
class Desk:
    """A logged-in line to the platform; every refusal ends the command with its reason in words."""

    client: httpx.Client
    as_json: bool

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Read."""
        return _answer(self.client.get(f"/api/v1{path}", params=query))

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Act, under a key of its own."""
        key = {"Idempotency-Key": token_hex(16)}
        return _answer(self.client.post(f"/api/v1{path}", json=body or {}, headers=key))

    def tried(self, path: str, body: dict[str, Any]) -> dict[str, Any] | str:
        """Act; the answer, or the reason of a refusal in words."""
        response = self.client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": token_hex(16)})
        found: dict[str, Any] = response.json() if response.content else {}
        return found if response.is_success else _words(response.status_code, found)

    def tell(self, result: dict[str, Any], words: str) -> None:
        """The result as one JSON object on standard output, or in words on the error output."""
        if self.as_json:
            print(json.dumps(result))  # noqa: T201  for programs
        else:
            console.print(words, highlight=False)


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.is_success:
        body: dict[str, Any] = response.json() if response.content else {}
        return body
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    raise typer.Exit(_say(_words(response.status_code, problem)))


def _words(status: int, problem: dict[str, Any]) -> str:
    """A refusal as people say it; the field first, where it is about one."""
    code, params = str(problem.get("code", f"HTTP {status}")), problem.get("params") or {}
    field = problem.get("field") or params.get("field")
    if code == "too_many_tries":
        return f"five tries in an hour; the next in {params.get('retry_after_s', '?')} s 一小时内只能试五次"
    text = CODES.get(code, code.replace("_", " "))
    return f"{field}: {text}" if field else text


def _say(text: str) -> int:
    console.print(text, style="red", markup=False, highlight=False)
    return WRONG_USE


@contextmanager
def _desk(context: typer.Context) -> Iterator[Desk]:
    with connected(context.obj) as desk:
        yield desk


@contextmanager
def connected(options: "Options") -> Iterator[Desk]:
    """A logged-in line; what is wrong with it ends the command in words."""
    try:
        with httpx.Client(base_url=options.address(), timeout=10, trust_env=False) as client:
            session = _answer(client.post("/api/v1/sessions", json=options.login()))
            client.headers["Authorization"] = f"Bearer {session['token']}"
            yield Desk(client, options.as_json)
    except httpx.HTTPError as fault:
        raise typer.Exit(_say(f"{options.address()} does not answer: {fault}")) from None


@dataclass(frozen=True)
class Options:
    """Where and as whom; what is not said is taken from the demo on the data folder, if there is one."""

    url: str | None
    data: Path
    user: str | None
    password: str | None
    as_json: bool

    def address(self) -> str:
        """The given address, else that of the instance on the data folder."""
        if self.url:
            return self.url.rstrip("/")
        if address := self._demo().get("http"):
            return str(address)
        raise typer.Exit(_say(f"--url: say where the platform is; {self.data}/demo.json does not"))

    def login(self) -> dict[str, str]:
        """User and password; asked for where nobody said them."""
        accounts = [] if self.url else self._demo().get("accounts", [])
        named = [account for account in accounts if self.user in {None, account["username"]}]
        known: dict[str, str] = next((account for account in named if self.user or account["role"] == "supervisor"), {})
        user = self.user or known.get("username") or typer.prompt("user", err=True)
        password = self.password or known.get("password")
        return {
            "username": user,
            "password": password or typer.prompt(f"password of {user}", hide_input=True, err=True),
        }

    def _demo(self) -> dict[str, Any]:
        try:
            demo: dict[str, Any] = json.loads((self.data / "demo.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return demo


@devices.callback()
def where(
    context: typer.Context,
    url: Annotated[str | None, typer.Option(help="Address of the platform; else from <data>/demo.json.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder of a running instance.")] = None,
    user: Annotated[str | None, typer.Option(envvar="YINLING_USER", help="Login.")] = None,
    password: Annotated[str | None, typer.Option(envvar="YINLING_PASSWORD", help="Else it is asked for.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Devices: add, claim, bind, list, revoke, and what else they need."""
    from deploy.local.up import default_folder  # noqa: PLC0415  heavy, and `--help` should be quick

    context.obj = Options(url, data or default_folder(), user, password, as_json)


@devices.command()
def add(
    context: typer.Context,
    device: str,
    division: Annotated[str, typer.Option(help="Significant code, at least the county's six digits.")],
    kind: Annotated[str, typer.Option(help="button, wearable, hub, sensor, sms")] = "button",
    model: Annotated[str, typer.Option(help="As on its label.")] = "unknown",
    relayed: Annotated[bool, typer.Option("--relayed", help="It speaks through a hub.")] = False,
    prefix: Annotated[str | None, typer.Option(help="What a hub may say besides, e.g. zigbee2mqtt/#")] = None,
    datum: Annotated[str, typer.Option(help="wgs84, gcj02 or bd09")] = "wgs84",
    beat_s: Annotated[int | None, typer.Option(help="Seconds between heartbeats, if not the usual.")] = None,
) -> None:
    """Register a device; its claim code and factory secret are shown once."""
    cls = "hub" if kind == "hub" else "relayed" if relayed else "own"
    body = {
        "id": device, "kind": kind, "model": model, "division": division, "cls": cls, "prefix": prefix, "datum": datum,
        "beat_s": beat_s,
    }  # fmt: skip
    with _desk(context) as desk:
        made = desk.post("/devices", {name: value for name, value in body.items() if value is not None})
        desk.tell(made, f"{device} added 已登记{_once(made)}")


@devices.command()
def claim(context: typer.Context, device: str, code: Annotated[str, typer.Argument(help="From its box.")]) -> None:
    """Take a device over: code, login and a real press within a minute; its fresh secret is shown once."""
    with _desk(context) as desk:
        opened = desk.post(f"/devices/{device}/claim", {"code": code})
        console.print("now press the button, within a minute 请在一分钟内按下设备按键", style="bold")
        while (state := desk.post(f"/devices/{device}/claim/{opened['claim']}"))["state"] == "waiting":
            time.sleep(POLL_S)  # a person has a minute to press; the server ends the claim after it
        desk.tell({"device": device, **state}, f"{device} is yours 认领成功{_once(state)}")


@devices.command()
def bind(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The foreign name, e.g. zigbee2mqtt/bedside")],
    adapter: Annotated[str, typer.Option(help="zigbee2mqtt, shelly, tasmota, …")],
    device: Annotated[str | None, typer.Option(help="A device that is registered already.")] = None,
    new: Annotated[str | None, typer.Option(help="Id of a device to be made.")] = None,
    kind: Annotated[str, typer.Option(help="Kind of the new device.")] = "button",
    model: Annotated[str, typer.Option(help="Model of the new device.")] = "unknown",
    home: str | None = None,
    elder: str | None = None,
    division: str | None = None,
    means: Annotated[list[str] | None, typer.Option(help="word=kind, e.g. single=sos; may be repeated.")] = None,
    ring: Annotated[bool, typer.Option("--ring", help="Let what was pressed unbound ring now.")] = False,
    quarantine: Annotated[str | None, typer.Option(help="Number of the message that was set aside.")] = None,
) -> None:
    """Say which device a foreign address is, what its words mean, and whose it is."""
    body: dict[str, Any] = {
        "address": address, "adapter": adapter, "device": device, "home": home, "elder": elder, "division": division,
        "new": {"id": new, "kind": kind, "model": model} if new else None, "quarantine": quarantine,
        "meaning": _meaning(means or []), "ring": ring,
    }  # fmt: skip
    with _desk(context) as desk:
        bound = desk.post("/bindings", {name: value for name, value in body.items() if value is not None})
        desk.tell(bound, f"{address} is {bound['device']} 已绑定")


def _meaning(pairs: list[str]) -> dict[str, str]:
    split = [pair.partition("=") for pair in pairs]
    if any(not (word and kind) for word, _, kind in split):
        raise typer.Exit(_say("--means: word=kind, e.g. single=sos"))
    return {word: kind for word, _, kind in split}


@devices.command("list")
def list_devices(
    context: typer.Context,
    q: Annotated[str, typer.Argument(help="Beginning of an id, a model, an elder's name.")] = "",
    only: Annotated[str, typer.Option(help="offline, low_batt, untested, unconfirmed, unplaced, revoked")] = "",
    limit: Annotated[int, typer.Option(min=1)] = 50,
) -> None:
    """Devices and how they are."""
    with _desk(context) as desk:
        lines = list(_lines(desk, q, only, limit))
        if desk.as_json:
            desk.tell({"items": lines}, "")
        else:
            Console().print(_table(lines))


def _lines(desk: Desk, q: str, only: str, limit: int) -> Iterator[dict[str, Any]]:
    cursor = ""
    while limit > 0:
        page = desk.get("/devices", q=q, filter=only, cursor=cursor, limit=min(limit, PAGE))
        yield from page["items"][:limit]
        limit -= len(page["items"])
        cursor = page["next"] or ""
        if not cursor:
            return


def _table(lines: list[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="dim")
    for heading in (
        "设备 device",
        "型号 model",
        "老人 elder",
        "住址 place",
        "状态 state",
        "电量 %",
        "信号",
        "最近按键 pressed",
    ):
        table.add_column(heading, overflow="fold")
    for line in lines:
        table.add_row(
            line["id"], line["model"], line["elder_name_masked"] or "", line["place"] or "", _state(line),
            _number(line["batt"]), _number(line["rssi"]), str(line["pressed_at"] or "")[:16].replace("T", " "),
        )  # fmt: skip
    return table


def _state(line: dict[str, Any]) -> str:
    if line["revoked_at"]:
        return "[red]已吊销 revoked"
    wrong = ", ".join(line["faults"])
    if wrong:
        return f"[red]{wrong}"
    unsure = " [yellow]待确认 unconfirmed" if line["unconfirmed"] else ""
    return {True: "[green]在线 online", False: "[red]离线 offline", None: "[dim]未知 unheard"}[line["online"]] + unsure


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


@devices.command()
def revoke(
    context: typer.Context, device: str, reason: Annotated[str, typer.Option(help="Lost, stolen, broken; who said so.")]
) -> None:
    """Let a device in no more; a connection that stands is ended."""
    with _desk(context) as desk:
        desk.post(f"/devices/{device}/revoke", {"reason": reason})
        desk.tell({"device": device, "revoked": True}, f"{device} is out 已吊销")


@devices.command()
def rekey(context: typer.Context, device: str) -> None:
    """Give a device a fresh secret, shown once; the old one is void."""
    _fresh(context, device, "rekey", "has a fresh secret 已换密钥")


@devices.command()
def unclaim(context: typer.Context, device: str) -> None:
    """Back to the factory state: nobody's, nowhere; a fresh secret and claim code are shown once."""
    _fresh(context, device, "unclaim", "is nobody's 已解除认领")


def _fresh(context: typer.Context, device: str, what: str, words: str) -> None:
    with _desk(context) as desk:
        made = desk.post(f"/devices/{device}/{what}")
        desk.tell({"device": device, **made}, f"{device} {words}{_once(made)}")


@devices.command()
def place(
    context: typer.Context,
    device: str,
    home: Annotated[str | None, typer.Option(help="Where it hangs.")] = None,
    elder: Annotated[str | None, typer.Option(help="Who wears it.")] = None,
    division: Annotated[str | None, typer.Option(help="Only this, for what stands in a street.")] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="You stand there: elder and address are right.")] = False,
) -> None:
    """Say where a device is from now on; what it said before stays with whom it was."""
    body = {"home": home, "elder": elder, "division": division}
    with _desk(context) as desk:
        desk.post(f"/devices/{device}/place", {name: value for name, value in body.items() if value is not None})
        if confirm:
            desk.post(f"/devices/{device}/confirm", {"how": "tick"})
        desk.tell({"device": device, **body, "confirmed": confirm}, f"{device} placed 已安放")


@devices.command()
def test(context: typer.Context, device: str, minutes: Annotated[int, typer.Option(min=1, max=30)] = 10) -> None:
    """Open a test window: two presses in it ring nobody, the third is real."""
    with _desk(context) as desk:
        opened = desk.post(f"/devices/{device}/test-window", {"minutes": minutes})
        desk.tell({"device": device, **opened}, f"presses of {device} are tests until {opened['until']} 测试窗口已开")


def _once(made: dict[str, Any]) -> str:
    """What is shown once, each on its line."""
    shown = [f"\n  {name}: {made[name]}" for name in ("claim_code", "secret") if made.get(name)]
    return "".join([*shown, "\n  write it down, it is not shown again 只显示这一次" if shown else ""])
