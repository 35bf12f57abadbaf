"""The vectors printed in docs/wire/devices.md are the ones our code makes."""

import json
import re
from pathlib import Path

from services.devices.domain.mac import body_tag, key_of, tag

PAGE = (Path(__file__).parents[2] / "docs" / "wire" / "devices.md").read_text("utf-8")
KEY = key_of("an example secret")


def test_the_key_and_the_signed_messages() -> None:
    """A device maker can check an implementation without asking us."""
    assert f"`{KEY.hex()}`" in PAGE
    blocks = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)]
    alarm, receipt = (block for block in blocks if "mac" in block)
    assert alarm["mac"] == tag(KEY, (alarm[name] for name in ("v", "eid", "kind", "boot", "seq", "ts")))
    assert receipt["mac"] == tag(KEY, (receipt[name] for name in ("v", "eid", "rev", "stage", "rx")))


def test_the_http_body_and_the_text_message() -> None:
    """Also on the second path."""
    found = re.search(r"X-Yinling-Signature: (\S+)\n\n(\{.*\})\n", PAGE)
    assert found is not None
    assert found[1] == body_tag(KEY, "B-00017", found[2].encode())
    text = re.search(r"YL1 B-00017 3 42 sos (\S+)", PAGE)
    assert text is not None
    assert text[1] == tag(KEY, (1, "B-00017:3:42", "sos", 3, 42, None))
