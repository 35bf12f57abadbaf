"""Nobody looks at a screen: the helper's telephone rings, a key is pressed, and her daughter hears who comes."""

import httpx

from tests.story.telephones import Telephones

WANG, DAUGHTER = "13700000001", "13900000001"


async def test_answered_by_telephone(phones: Telephones) -> None:
    """Five seconds unseen: a call. Key 1: first in the job, the way as a text, the daughter told, the button too."""
    town = phones.town
    await phones.numbers(wang=WANG)
    button, desk = await town.button("B-1"), await town.console("desk1")
    button.press()
    incident = (await desk.sees("incident.opened"))["incident"]
    await town.wait(6)
    call = await phones.rings(WANG, words="请按1")
    assert "李建国" not in call.text
    async with httpx.AsyncClient(trust_env=False) as stranger:
        forged = await stranger.post(phones.exchange._reports, json={"id": call.id, "status": "answered", "key": "1"})
        assert forged.status_code == 401
    await phones.exchange.pressed(call, "1")
    assert call.say == "谢谢您，已记下您前往。地址马上用短信发给您。"
    assert (await button.told("accepted"))["who"] == "王护士"
    assert "红旗路3栋2单元101" in (await phones.rings(WANG, "sms", "您前往")).text
    assert "王护士" in (await phones.rings(DAUGHTER, "sms", "已出发")).text
    await town.becomes("SELECT state FROM dispatch.message WHERE template = 'family_taken'", "delivered")
    read = (await desk.read(f"/incidents/{incident}/messages"))["items"]
    answered = next(m for m in read if m["template"] == "job_offered" and m["to"] == "wang")
    assert (answered["state"], answered["answer"], answered["name_masked"]) == ("answered", "1", "王*明")
    assert not any(number in str(read) for number in (WANG, DAUGHTER))


async def test_a_telephone_that_is_switched_off_is_shown_to_the_desk(phones: Telephones) -> None:
    """Three tries, then the desk's row says that somebody was not reached."""
    town = phones.town
    await phones.numbers(wang=WANG)
    phones.exchange.phone(WANG).on = False
    button, desk = await town.button("B-1"), await town.console("desk1")
    button.press()
    await desk.sees("incident.opened", undelivered=0)
    await town.wait(6)
    for rings in (1, 2):
        await town.becomes("SELECT rings FROM dispatch.message WHERE to_id = 'wang'", rings)
        await town.wait(16)
    await town.becomes("SELECT count(*) FROM dispatch.message WHERE to_id = 'wang' AND state = 'failed'", 1)
    await desk.sees("incident.updated", undelivered=1)
