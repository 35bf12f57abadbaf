"""A hundred thousand random jobs: nobody is asked who may not be, and the reasons tell the same rank again."""

from random import Random

import numpy as np

from services.dispatch.domain.matching import Candidate, Found, Need, consider
from shared.vocabulary.geo import Position

JOBS = 100_000
KINDS = ("caregiver", "nurse", "grid_worker", "guard", "station", "fire_post", "volunteer", "provider", "canary")
ALARMS = ("sos", "fall", "gas", "smoke", "vital", "water", "order", "low_batt")
SKILLS = ("bath", "meal", "cpr")
RELATIONS = (None, None, None, None, "excluded", "keyholder", "regular")


def crowd(draw: Random) -> list[Candidate]:
    """Sixty people of every sort, among whom each job finds its own dozen."""
    return [
        Candidate(
            id=f"R{n:02}", name="", kind=draw.choice(KINDS),
            position=Position(25.6 + draw.uniform(-0.02, 0.02), 115.8 + draw.uniform(-0.02, 0.02)),
            speed_mps=draw.uniform(0.8, 9), accepts=draw.uniform(0.5, 9), refusals=draw.uniform(0.5, 9),
            reachable=draw.random() < 0.8, pending=draw.randrange(3), on_duty=draw.random() < 0.8,
            nights=draw.random() < 0.5, blocked=draw.random() < 0.1, serves=draw.random() < 0.9,
            busy=draw.choice((None, None, None, 0, 1, 2, 3, 4)), relation=draw.choice(RELATIONS),
            skills=frozenset(s for s in SKILLS if draw.random() < 0.5), sex=draw.choice(("f", "m", None)),
            hours=draw.uniform(0, 15), jobs_24h=draw.randrange(15), slow=draw.uniform(0.7, 2),
        )
        for n in range(60)
    ]  # fmt: skip


def need(draw: Random) -> Need:
    """Any job at any hour."""
    return Need(
        kind=draw.choice(ALARMS), priority=draw.randint(1, 4), canary=draw.random() < 0.02, night=draw.random() < 0.3,
        place=Position(25.6 + draw.uniform(-0.02, 0.02), 115.8), skills=(draw.choice(SKILLS),) * draw.randrange(2),
        sex=draw.choice(("f", "m", None, None)), floors=draw.randrange(7), call_in=("guard",) * draw.randrange(2),
    )  # fmt: skip


def wrong(one: Candidate, job: Need) -> bool:
    """Whether asking this person would break a rule; said once more, in other words than the service's."""
    if job.canary or one.kind == "canary":
        return not (job.canary and one.kind == "canary")
    absent = not one.on_duty and one.kind not in job.call_in
    taken = one.busy is not None and not one.busy > job.priority
    inside = job.kind in {"gas", "smoke"} and one.kind not in {"guard", "station", "fire_post"}
    asleep = one.kind == "volunteer" and job.night and not (job.priority == 1 and one.nights)
    booked = job.priority in {3, 4}
    unable = booked and any(skill not in one.skills for skill in job.skills)
    unwished = booked and None not in (job.sex, one.sex) and job.sex != one.sex
    barred = one.blocked or one.relation == "excluded" or not one.serves
    return any((barred, absent, taken, inside, asleep, unable, unwished))


def told_again(found: Found) -> bool:
    """Whether the stored parts, added up, give the stored order."""
    sums = np.array([sum(v for k, v in r.score.items() if k != "total") for r in found.ranking])
    names = np.array([r.candidate.id for r in found.ranking])
    return bool((np.lexsort((names, np.round(sums, 1))) == np.arange(len(sums))).all())


def test_no_rule_is_ever_broken_and_reasons_tell_the_rank() -> None:
    """In a hundred thousand jobs; everybody is either ranked or passed over with a reason."""
    draw = Random(20261123)
    people = crowd(draw)
    asked = 0
    for n in range(JOBS):
        if n % 5000 == 0:
            people = crowd(draw)
        start, job = draw.randrange(48), need(draw)
        around = people[start : start + 12]
        found = consider(job, around)
        assert not any(wrong(r.candidate, job) for r in found.ranking)
        assert {p.id for p in found.passed} == {c.id for c in around if wrong(c, job)}
        assert told_again(found)
        asked += len(found.ranking)
    assert asked > JOBS
