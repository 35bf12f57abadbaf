"""An incident as a PDF: what it says, that it is the log's, the same bytes for the same story, and who may take it."""

import hashlib
import io
from datetime import timedelta

from pypdf import PdfReader

from services.gateway.domain.sealing import LEAF
from services.gateway.flow.sealing import seal_next
from services.gateway.store.seals import LINE
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from tests.integration.gateway_world import World, world


async def text_of(it: World, token: str, lang: str = "zh") -> tuple[bytes, str]:
    """The file, and what stands in it without breaks."""
    answer = await it.get("/reports/incidents/I-1/case-file", token, lang=lang)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].endswith('.pdf"')
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return answer.content, "".join("".join((page.extract_text() or "").split()) for page in pages)


async def test_a_case_is_filed_with_the_leaf_and_seal_of_each_event(settings: Settings) -> None:
    """Stages and steps in words, every leaf as the log has it, masked names; a change of the log changes the file."""
    async with world(settings) as it:
        await it.city.open("I-1")
        it.clock.advance(5)
        offer, _ = await it.city.offer("I-1", "R1")
        it.clock.advance(10)
        await it.city.accept("I-1", "R1", offer)
        it.clock.advance(120)
        await it.city.close("I-1")
        desk = await it.log_in("desk")
        _, before = await text_of(it, desk)
        gateway = Database(settings.gateway_database + "?options=-c%20yl.scope%3D/", name="test", size=1)
        await gateway.open()
        async with gateway.transaction() as connection:
            await seal_next(connection, it.clock.now() + timedelta(seconds=60))
            seals = [row["hash"].hex() for row in await connection.fetch("SELECT hash FROM log.seal")]
        await gateway.close()
        content, text = await text_of(it, desk)
        for words in (
            "求助事件案卷I-1",
            "会昌县",
            "李*国",
            "已结案",
            "紧急呼叫",
            "有人接单",
            "15.0",
            "135.0",
            "导出：desk",
        ):
            assert words in text, words
        assert "李建国" not in text
        lines = await it.city.database.pool.fetch(
            f"SELECT {LINE} AS line FROM log.event e WHERE e.stream_id = 'I-1' AND e.stream = 'incident'"
        )
        leaves = [hashlib.sha256(LEAF + row["line"].encode()).hexdigest() for row in lines]
        assert len(leaves) == 5
        assert all(leaf in before and leaf in text for leaf in leaves)
        assert any(one in text for one in seals), "one of them is this one, or the platform's own that came before it"
        assert content == (await text_of(it, desk))[0]
        _, english = await text_of(it, desk, "en")
        assert "CasefileI-1" in english
        assert "Withtheelder" not in english, "nobody was"
        told = await it.city.logged("report.exported")
        assert told[0] == {"what": "case-file", "format": "pdf", "rows": 5, "of": "I-1"}
        for who, status in (("elsewhere", 404), ("wang", 403)):
            assert (await it.get("/reports/incidents/I-1/case-file", await it.log_in(who))).status_code == status
        assert (await it.get("/reports/incidents/I-1/case-file", desk, lang="fr")).status_code == 422
