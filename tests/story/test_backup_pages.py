"""The pages on backup and restore, followed word for word with a house that runs, is lost, and comes back."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.cli import app
from tests.conftest import free_port
from tests.instances import Device, Person, county_desk, reachable_folder, start

PAGES = Path(__file__).parents[2] / "docs" / "operations"
OURS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def follow(page: str) -> list[str]:
    """Give every command of a page as it stands; what they said."""
    said = []
    for line in "".join(OURS.findall((PAGES / page).read_text("utf-8"))).splitlines():
        program, *arguments = shlex.split(line)
        assert program == "./yinling", line
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        said.append(result.output)
    return said


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_lost_house_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressed, put away, tried, printed; lost with its cluster; put back; there, and pressed again."""
    folder = reachable_folder(tmp_path) / "data"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("deploy.local.up.default_folder", lambda: folder)
    ports = ("--http-port", str(free_port()), "--mqtt-port", str(free_port()))
    house = start(folder, *ports)
    try:
        demo = house.demo
        desk = Person(demo, county_desk(demo))
        button = Device(demo, demo["devices"][0])
        button.press()
        incident = desk.sees("incident.opened")["d"]["incident"]
        _, rehearsed = follow("backup.md")
        assert "0 faults" in rehearsed
        follow("disaster.md")
        assert "值守电话" in (tmp_path / "paper.html").read_text("utf-8")
    finally:
        desk.leave()
        house.stop()
    shutil.rmtree(folder / "postgres")
    (folder / "postgres.made").unlink()

    [restored] = follow("restore.md")
    assert "era 2" in restored
    house = start(folder, *ports)
    try:
        desk = Person(house.demo, county_desk(house.demo))
        assert desk.http.get(f"/incidents/{incident}").status_code == 200
        Device(house.demo, house.demo["devices"][1]).press()
        assert desk.sees("incident.opened")["d"]["incident"] != incident
    finally:
        desk.leave()
        house.stop()
