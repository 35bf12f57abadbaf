"""The daily paper: everybody who is at home, by village, with whom to telephone; that it was printed is in the log."""

import json

import asyncpg

from deploy.local.paper import as_html, gathered
from tests.conftest import RING, TestDatabase
from tests.story.town import START, VILLAGE, settle


async def test_everybody_is_on_paper_and_nobody_in_the_log(database: TestDatabase) -> None:
    """Sealed words are opened, words are no markup, the dead are not there, who stays elsewhere is found."""
    owner = database.url("owner")
    await settle(owner)
    connection = await asyncpg.connect(owner)
    await connection.execute(
        "UPDATE dispatch.elder SET phone = $1, health = $2, temp_address = '女儿家 3 楼', temp_until = $3"
        " WHERE id = 'E-1'",
        RING.seal_sought("13912345678"), RING.seal("<b>吸氧</b>"), START.replace(year=2027),
    )  # fmt: skip
    await connection.execute("UPDATE dispatch.elder SET status = 'dead' WHERE id = 'E-2'")
    await connection.execute("UPDATE dispatch.division SET phone = '0797-12349' WHERE code = '360733'")

    paper = await gathered(owner, RING, "360733", START)
    page = as_html(paper, START)
    for said in (
        "李建国",
        "13912345678",
        "女儿家 3 楼",
        "女儿 李红 13900000001（钥匙）",
        "门垫下",
        "0797-12349",
        "王小明",
    ):
        assert said in page, said
    assert "&lt;b&gt;吸氧" in page
    for hidden in ("张秀英", "<b>", "金丝雀", "2580#"):
        assert hidden not in page, hidden
    assert as_html(await gathered(owner, RING, VILLAGE[:9] + "999", START), START).count("<section>") == 1

    told = await connection.fetch("SELECT body, division FROM log.event WHERE tag = 'paper.printed' ORDER BY position")
    assert [json.loads(row["body"]) for row in told] == [
        {"people": 1, "division": "360733"},
        {"people": 0, "division": "360733100999"},
    ]
    await connection.close()
