"""The second elder in the home presses: her own incident, linked to his."""

from tests.story.town import Town


async def test_second_elder_in_the_home(town: Town) -> None:
    """Nothing is merged across persons."""
    his, hers = await town.button("B-1"), await town.button("B-2")
    desk = await town.console("desk1")
    his.press()
    first = await desk.sees("incident.opened", name_masked="李*国")
    hers.press()
    second = await desk.sees("incident.opened", name_masked="张*英")
    assert second["incident"] != first["incident"]
    assert second["linked_to"] == first["incident"]
    await hers.told("recorded")
    page = await desk.read(f"/incidents/{second['incident']}")
    assert [e["name"] for e in page["others_in_home"]] == ["李建国"]
