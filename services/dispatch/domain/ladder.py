"""The four levels: community, street, county, city. The next one is rung while nobody has it."""

from services.dispatch.domain.policy import LADDER, Rung
from services.dispatch.domain.story import Story
from services.dispatch.domain.wanting import want
from shared.vocabulary.divisions import Level

DIGITS = dict(zip(LADDER, (Level.COMMUNITY, Level.STREET, Level.COUNTY, Level.CITY), strict=True))


def climb(story: Story) -> None:
    """Ring the next level, by its channels; above the last the last is rung again."""
    it = story.case.incident
    ladder = it.policy.rule(it.priority).ladder
    rung = ladder[min(it.rung, len(ladder) - 1)]
    story.ring_further("nobody_accepted", level=rung.level, by=list(rung.by))
    for channel in rung.by:
        if channel != "console":
            _ring(story, rung, channel)


def _ring(story: Story, rung: Rung, channel: str) -> None:
    """The duty telephones of that level; those below it have been rung by the steps before."""
    it = story.case.incident
    division = it.division[: DIGITS[rung.level]]
    want(story, channel, ("seat", division), "nobody_accepted", kind=it.kind, priority=it.priority, rung=it.rung)
