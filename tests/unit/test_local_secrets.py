"""The secrets of a data folder outlive versions that knew fewer of them."""

import base64
import json
from pathlib import Path

from deploy.local.secrets import kept
from shared.runtime.secrets import sound_key


def test_they_stay_the_same_from_start_to_start(tmp_path: Path) -> None:
    """And only their owner may read them."""
    first = kept(tmp_path)
    assert kept(tmp_path) == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0
    assert len(base64.b64decode(first.device)) == 32


def test_what_an_older_version_did_not_know_is_added(tmp_path: Path) -> None:
    """What is there stays: the database and the broker have it already."""
    first = kept(tmp_path)
    path = tmp_path / "secrets.json"
    older = {
        name: word for name, word in json.loads(path.read_text("utf-8")).items() if name not in ("device", "canary")
    }
    path.write_text(json.dumps(older), "utf-8")
    now = kept(tmp_path)
    assert (now.admin, now.roles, now.issuer_seed) == (first.admin, first.roles, first.issuer_seed)
    assert now.canary != first.canary
    assert kept(tmp_path) == now, "and then it stays, too"
    assert path.stat().st_mode & 0o077 == 0


def test_a_key_is_thirty_two_bytes_that_nobody_typed() -> None:
    """It seals the devices' own keys."""
    assert sound_key(base64.b64encode(bytes(range(32))).decode())
    assert not sound_key(base64.b64encode(bytes(32)).decode())
    assert not sound_key(base64.b64encode(bytes(range(16))).decode())
    assert not sound_key("please-change-me-please-change-me")
