"""The server of docker-compose.yml without its containers.

No engine runs here. The file itself is checked against what we know of it, and then EVERY command that it names is
started, in its order and with its environment, against a PostgreSQL and a Mosquitto of this machine; only names of
hosts, ports and folders are rewritten. Then one press goes all the way. nginx takes part where it is installed.
"""

import asyncio
import re
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import websockets
import yaml
from typer.testing import CliRunner
from websockets import Origin, Subprotocol

from deploy.local.server import server
from shared.contracts.console import SUBPROTOCOL
from shared.runtime.mqtt import Broker, session
from tests.brokers import MOSQUITTO, alarm, receipts, until, up
from tests.composed import ANSWER, FILE, NGINX, ROOT, House, answered, house, made_secrets, plain
from tests.instances import connect_packet

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
HAS_MOSQUITTO = Path(MOSQUITTO).exists()


def test_nobody_is_root_or_may_write_or_gain_rights() -> None:
    """The model above says most of it; here is what takes two fields."""
    for name, service in plain().services.items():
        assert not service.user.startswith(("0", "root")), name
        assert re.search(r":[0-9$]", service.image), f"{name}: an image without a version"
        assert service.cap_drop == ["ALL"], name
        assert service.security_opt == ["no-new-privileges:true"], name
        assert (service.restart == "no") == (service.healthcheck is None), f"{name}: who stays tells its health"


def test_the_file_names_only_what_is_there() -> None:
    """Networks, volumes, secrets, services, and host paths of configuration only, read-only."""
    it = plain()
    for name, service in it.services.items():
        assert set(service.networks) <= set(it.networks), name
        assert set(service.depends_on) <= set(it.services), name
        assert set(service.secrets) <= set(it.secrets), name
        for volume in service.volumes:
            if isinstance(volume, str) and volume.startswith((".", "/")):
                assert volume.startswith("./deploy/"), volume
                assert volume.endswith(":ro"), volume
                assert (ROOT / volume.split(":")[0]).is_file(), volume
        assert {source for source, _ in service.mounts() if not source.startswith(".")} <= set(it.volumes), name
        for other, wait in service.depends_on.items():
            assert not wait.required or set(it.services[other].profiles) <= set(service.profiles), f"{name} → {other}"


def test_only_the_proxy_and_the_button_page_are_reached_from_outside() -> None:
    """Devices, the core and the consoles have networks of their own without a road out."""
    it = plain()
    assert {name for name, network in it.networks.items() if not network.internal} == {"edge", "carriers"}
    assert {name for name, s in it.services.items() if "carriers" in s.networks} == {"dispatch"}
    assert {name for name, s in it.services.items() if s.ports or "edge" in s.networks} == {"proxy", "simulators"}
    assert all(port.startswith("127.0.0.1:") for port in it.services["simulators"].ports)
    assert it.services["postgres"].networks == ["core"]
    assert "core" not in it.services["proxy"].networks


def test_no_secret_has_a_default(tmp_path: Path) -> None:
    """What is secret is asked for, is made by `server secrets`, and is refused when it can be guessed."""
    asked = {match["name"]: match["how"] for match in ANSWER.finditer(FILE)}
    secret = {name for name in asked if name.endswith(("_PASSWORD", "_SECRET", "_KEY", "_KEYS"))}
    assert all(asked[name] == ":?" for name in secret)
    for service in plain().services.values():
        for name, value in service.environment.items():
            assert not name.endswith(("_PASSWORD", "_SECRET", "_KEY", "_KEYS", "_DATABASE")) or ":?" in value, name
    with pytest.raises(KeyError):
        answered(FILE, {})
    assert set(made_secrets(tmp_path)) == secret
    first = (tmp_path / ".env").read_text("utf-8")
    made_secrets(tmp_path)
    assert (tmp_path / ".env").read_text("utf-8") == first, "what is there stays"
    (tmp_path / ".env").write_text("".join(x for x in first.splitlines(keepends=True) if "CHANNEL" not in x), "utf-8")
    assert set(made_secrets(tmp_path)) == secret, "what a newer version needs is added"
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


def test_each_process_knows_its_own_secrets_and_no_others() -> None:
    """Its own login at the database, and of the keys only those that it works with."""
    own = {
        "devices-1": "devices", "devices-2": "devices", "presence": "devices", "dispatch": "dispatch",
        "gateway": "gateway", "watch": "watch",
    }  # fmt: skip
    services = plain().services
    for name, role in own.items():
        given = services[name].environment
        logins = {key for key in given if key.endswith("_DATABASE")}
        assert logins - {"YINLING_REPORT_DATABASE"} == {f"YINLING_{role.upper()}_DATABASE"}, name
        assert ("YINLING_DEVICE_KEY" in given) == (role == "devices"), name
        assert ("YINLING_CANARY_SECRET" in given) == (role == "watch"), name
        assert ("YINLING_FIELD_KEYS" in given) == (role in {"dispatch", "gateway"}), name
        assert "YINLING_ADMIN_DATABASE" not in given


def test_a_guessable_secret_is_refused(tmp_path: Path) -> None:
    """Before anything is written."""
    environment = {
        name: re.sub(r"\$\{[^}]*\}", "please-change-me-please-change-me", value)
        for name, value in plain().services["migrate"].environment.items()
    } | {"YINLING_BROKER_FOLDER": str(tmp_path)}
    done = CliRunner().invoke(server, ["migrate"], env=environment)
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert all(
        name in done.output for name in ("YINLING_SERVICE_SECRET", "YINLING_CANARY_SECRET", "YINLING_DEVICE_KEY")
    )
    assert "please" not in done.output


def test_the_image_is_made_of_pinned_parts_and_runs_as_nobody_special() -> None:
    """Two stages, hashes checked, no registry named, only files that exist."""
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2
    assert "--require-hashes -r requirements/run.txt" in DOCKERFILE
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert not re.search(r"https?://|index-url|--registry", DOCKERFILE)
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
    pinned = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    [dropped] = re.findall(r"pip uninstall -y (.+) pip$", DOCKERFILE, re.MULTILINE)
    assert all(f"\n{package}==" in f"\n{pinned}" for package in dropped.split())


def test_mosquitto_keeps_sessions_and_drops_nothing() -> None:
    """The queue caps are off, the sessions outlive a restart, nobody is anonymous."""
    lines = dict(
        line.split(" ", 1)
        for line in (ROOT / "deploy" / "mosquitto" / "mosquitto.conf").read_text("utf-8").splitlines()
        if line and not line.startswith(("#", "listener", "log_type"))
    )
    assert lines["persistence"] == "true"
    assert lines["autosave_interval"] == "1"
    assert lines["persistent_client_expiration"] == "30d"
    assert (lines["max_queued_messages"], lines["max_queued_bytes"]) == ("0", "0")
    assert lines["allow_anonymous"] == "false"
    assert lines["plugin"].endswith("mosquitto_dynamic_security.so")
    assert lines["plugin_opt_config_file"] == "/mosquitto/data/dynamic-security.json"
    assert not {"password_file", "acl_file"} & set(lines)


def test_the_proxy_outwaits_the_consoles_and_the_devices() -> None:
    """A console is silent for at most a ping, a device for at most one and a half keep-alives."""
    text = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text("utf-8")
    assert all(int(s) >= 75 for s in re.findall(r"proxy_(?:read|send)_timeout (\d+)s;", text))
    assert len(re.findall(r"proxy_(?:read|send)_timeout", text)) == 2
    assert int(re.findall(r"proxy_timeout (\d+)m;", text)[0]) * 60 > 1.5 * 1800
    assert "http2 on;" in text


def test_the_proxy_lets_nothing_through_in_clear() -> None:
    """TLS 1.2 and newer, for a year, whatever answers; addresses and schemes are the proxy's word, not the caller's."""
    text = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text("utf-8")
    clear, people, devices = re.findall(r"\n    server \{\n(.*?)\n    \}", text, re.DOTALL)
    assert set(re.findall(r"return (\d+)", clear)) == {"403", "301"}
    assert "proxy_pass" not in clear
    assert all("ssl_protocols TLSv1.2 TLSv1.3;" in server for server in (people, devices))
    assert re.search(r'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;', people)
    for said in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto https"):
        assert f"proxy_set_header {said};" in people
    assert "location = /metrics {\n            return 404;" in people


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL can enter as another user; pytest's own are closed to others."""
    made = Path(tempfile.mkdtemp(prefix="yinling-house-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.timeout(120)
@pytest.mark.skipif(not HAS_MOSQUITTO, reason="mosquitto is not installed; ./yinling test installs it")
async def test_every_command_of_the_file_together_answer_one_press(folder: Path) -> None:
    """From MQTT under a seeded device's credential to the desk's list, through what the file starts alone."""
    async with house(folder) as it:
        demo = orjson.loads((folder / "demo" / "demo.json").read_bytes())
        await pressed_and_shown(it, demo)
        await canary_returned(it)
        await figures_are_read(it)
        await started_again(it)
        if NGINX:
            await through_the_proxy(it, demo)
        dead = {name for name, process in it.running.items() if process.poll() not in {None, 0}}
        assert not dead, [it.last_words(name) for name in dead]


async def pressed_and_shown(it: House, demo: dict[str, Any]) -> None:
    """MQTT, receipt, incident, and every part well."""
    device = demo["devices"][0]
    broker = Broker("127.0.0.1", it.ports["1883"], device["id"], device["secret"])
    async with session(broker, topics=[f"yl/v1/{device['county']}/{device['id']}/down/receipt"]) as link:
        await link.publish(up(device["id"], device["county"]), alarm(device["id"]))
        [receipt] = await receipts(link)
    assert (receipt["eid"], receipt["stage"]) == (f"{device['id']}:1:1", "recorded")
    async with httpx.AsyncClient(base_url=demo["http"], trust_env=False) as client:
        headers = await log_in(client)

        async def shown() -> list[str | None]:
            rows = await client.get("/api/v1/incidents?limit=200", headers=headers)
            return [row["device"] for row in rows.json()["items"]]

        await until(shown, lambda devices: device["id"] in devices)

        async def well() -> bool:
            return (await client.get("/api/v1/status")).json()["ok"] is True

        await until(well, bool)


FIGURES = {
    "devices": 'yinling_alarms_total{outcome="stored"}', "presence": "yinling_heartbeats_total",
    "dispatch": 'yinling_followed_seconds_count{follower="dispatch.alarms"}',
    "gateway": 'yinling_followed_seconds_count{follower="gateway.inboxes"}', "watch": "yinling_canary_seconds_count",
}  # fmt: skip
"""What each job of deploy/prometheus/prometheus.yml tells once somebody has pressed."""


async def figures_are_read(it: House) -> None:
    """Every target that Prometheus is told of answers; over each job's processes the press has been counted."""
    read = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8"))["scrape_configs"]
    assert {job["job_name"] for job in read} == set(FIGURES)
    async with httpx.AsyncClient(trust_env=False) as client:
        for job in read:
            counted = 0.0
            for target in job["static_configs"][0]["targets"]:
                page = await client.get(f"http://127.0.0.1:{it.ports[target.partition(':')[2]]}/metrics")
                assert "yinling_loop_late_seconds_count" in page.text, target
                counted += sum(
                    float(line.rpartition(" ")[2])
                    for line in page.text.splitlines()
                    if line.startswith(FIGURES[job["job_name"]] + " ")
                )
            assert counted > 0 or job["job_name"] == "presence", job["job_name"]


async def canary_returned(it: House) -> None:
    """The watch reaches the broker's front door and the gateway, and hears that its first press was answered."""

    async def figures() -> list[dict[str, Any]]:
        lines = map(orjson.loads, (it.folder / "watch.log").read_bytes().splitlines())
        return [line for line in lines if line["action"] == "watch.canary"]

    [first] = await until(figures, within_s=40)
    assert (first["sent"], first["returned"]) == (1, 1), it.last_words("watch")


async def log_in(client: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a session of the county's supervisor."""
    reply = await client.post("/api/v1/sessions", json={"username": "sup-county", "password": "yinling"})
    assert reply.status_code == 201, reply.text
    return {"authorization": f"Bearer {reply.json()['token']}"}


async def started_again(it: House) -> None:
    """`migrate` and `seed` run at every start and leave the broker's list as it is."""
    known = (it.folder / "broker" / "dynamic-security.json").read_text("utf-8")
    for name in ("migrate", "seed"):
        it.spawn(name)
        await it.reached(name, "service_completed_successfully")
        assert (it.folder / "broker" / "dynamic-security.json").read_text("utf-8") == known


async def through_the_proxy(it: House, demo: dict[str, Any]) -> None:
    """HTTPS with HSTS, the cookie marked secure, and a socket that says welcome; nothing in clear, no figures."""
    base = f"https://127.0.0.1:{it.ports['8443']}"
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    async with httpx.AsyncClient(base_url=base, verify=trusting, trust_env=False) as client:
        account = demo["accounts"][0]
        login = {"username": account["username"], "password": account["password"]}
        reply = await client.post("/api/v1/sessions", json=login)
        assert reply.status_code == 201
        assert reply.headers.get_list("strict-transport-security") == ["max-age=31536000; includeSubDomains"]
        assert "secure" in reply.headers["set-cookie"].lower()
        assert (await client.get("/metrics")).status_code == 404
        clear = f"http://127.0.0.1:{it.ports['8080']}"
        assert (await client.post(f"{clear}/api/v1/sessions", json=login)).status_code == 403
        assert (await client.get(f"{clear}/desk")).headers["location"].startswith("https://")
    address = base.replace("https", "wss") + "/ws"
    console = websockets.connect(
        address, ssl=trusting, subprotocols=[Subprotocol(SUBPROTOCOL)], origin=Origin(base), proxy=None
    )  # fmt: skip
    async with console as open_console:
        await open_console.send(orjson.dumps({"t": "hello", "v": 1, "token": reply.json()["token"]}).decode())
        assert orjson.loads(await open_console.recv())["t"] == "welcome"
    reader, writer = await asyncio.open_connection("127.0.0.1", it.ports["8883"], ssl=trusting)
    writer.write(connect_packet(demo["devices"][1]["id"], demo["devices"][1]["secret"]))
    assert await reader.readexactly(4) == b"\x20\x02\x00\x00", "connection accepted"
    writer.close()
