"""What is kept of the log for figures: always what the log tells, whatever the order; asked at every level."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.gateway.domain import sketch
from services.gateway.domain.recount import Told, exact
from services.gateway.domain.response_times import HERE, Period, Question, question
from services.gateway.flow.sealing import seal_next
from services.gateway.reports import answers, behind
from services.gateway.reports.behind import Pick
from services.gateway.reports.rebuilding import rebuild
from services.gateway.reports.settling import settle
from services.gateway.reports.verifying import verify
from shared.runtime.log import NewEvent, append
from tests.conftest import TestDatabase
from tests.histories import History
from tests.integration.report_book import KEPT, NOW, SINCE, Book, book, office

SETTLEMENTS = {"0": "urban", "1": "town", "2": "rural", "3": "rural"}
VALUES: Mapping[str, Callable[[Told, int], str | None]] = {
    "division": lambda one, digits: one.division[:digits],
    "hour": lambda one, _: str(one.recorded_at.astimezone(HERE).hour),
    "weekday": lambda one, _: str(one.recorded_at.astimezone(HERE).isoweekday()),
    "month": lambda one, _: f"{one.recorded_at.astimezone(HERE):%Y-%m}",
    "day": lambda one, _: f"{one.recorded_at.astimezone(HERE):%Y-%m-%d}",
    "kind": lambda one, _: one.kind,
    "priority": lambda one, _: str(one.priority),
    "cls": lambda one, _: one.cls,
    "responder": lambda one, _: one.responder,
    "settlement": lambda one, _: SETTLEMENTS.get(one.division[6:7], "other"),
}


def agrees(line: Mapping[str, Any], right: list[Told]) -> None:
    """A line of a report says what these incidents say."""
    assert line["n"] == len(right)
    for stage, true in exact(right).items():
        shown = line["stages"][sketch.STAGES.index(stage)]
        assert (shown["stage"], shown["n"]) == (stage, true.n)
        assert tuple(target["within"] for target in shown["targets"]) == true.within
        for name, value in zip(("p50_s", "p90_s", "p95_s", "p99_s"), true.percentiles, strict=True):
            assert (shown[name] is None) == (value is None)
            assert value is None or abs(shown[name] - max(value, 0.001)) <= value * 0.01 + 1e-4


async def everything_agrees(it: Book) -> None:
    """Rows, and figures by every dimension and some filters at several levels, are what the log tells."""
    told = await it.told()
    rows = {row["id"]: row for row in await it.owner.fetch(KEPT)}
    assert rows.keys() == told.keys()
    for name, one in told.items():
        row = rows[name]
        assert (row["division"], row["recorded_at"], row["kind"], row["priority"], row["class"], row["device"]) == (
            one.division, one.recorded_at, one.kind, one.priority, one.cls, one.device,
        )  # fmt: skip
        assert (row["responder"], row["state"], row["outcome"]) == (one.responder, one.state, one.outcome)
    for _ in range(14):
        await _one_question(it, told)


async def _one_question(it: Book, told: Mapping[str, Told]) -> None:
    by = it.chance.choice([None, "division", *VALUES])
    division = it.chance.choice(("36", "36", "3607", "360733", "360733100"))
    names = [name for name in VALUES if name not in (by, "division", "responder")]
    only = {n: VALUES[n](it.chance.choice(list(told.values())), 0) or "" for n in it.chance.sample(names, 2)}
    only = dict(list(only.items())[: it.chance.choice((0, 0, 1, 2))])
    ends = sorted((SINCE + it.chance.random() * timedelta(days=76), SINCE + it.chance.random() * timedelta(days=76)))
    period = Period(*(ends if it.chance.random() < 0.5 else (SINCE - timedelta(days=40), NOW + timedelta(days=1))))
    asked = question(division, period, by, only)
    inside = [
        one
        for one in told.values()
        if one.division.startswith(division) and period.since <= one.recorded_at < period.until
        and all(VALUES[name](one, 0) == value for name, value in only.items())
    ]  # fmt: skip
    shown = await answers.response_times(it.database, office(division), asked)
    agrees(shown["total"], inside)
    if by is None:
        return
    lines = [line for line in shown["groups"] if not line["rest"]]
    for line in lines:
        agrees(line, [one for one in inside if VALUES[by](one, asked.digits) == line["key"]])
    rest = [one for one in inside if VALUES[by](one, asked.digits) not in {line["key"] for line in lines}]
    assert bool(rest) == (len(lines) < len(shown["groups"]))
    if rest:
        agrees(shown["groups"][-1], rest)
    assert all(line["n"] >= 5 for line in lines)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_every_figure_is_what_the_log_tells(database: TestDatabase, seed: int) -> None:
    """Random histories, out of order, read in pieces, summed up too soon, read twice, told anew from nothing."""
    asyncio.run(_tried(database, seed))


async def _tried(database: TestDatabase, seed: int) -> None:
    chance = Random(seed)
    async with book(database, chance) as it:
        history = History(seed, 70, SINCE, NOW)
        await it.write(history, in_disorder=True)
        await it.read()
        await everything_agrees(it)
        while await settle(it.database, NOW):
            pass
        await everything_agrees(it)
        kept = await it.owner.fetch(KEPT)
        await it.owner.execute("UPDATE report.reader SET position = 0, txid = '0'")
        await it.read()
        assert await it.owner.fetch(KEPT) == kept


async def test_targets_and_slots_are_the_same_in_the_database(database: TestDatabase) -> None:
    """At a target, just over it, next to nothing and after months: what report.keys writes is read as it is meant."""
    async with book(database, Random(0)) as it:
        for place, stage in enumerate(sketch.STAGES):
            seconds = {float(target + more) for target, _ in sketch.TARGETS.get(stage, ()) for more in (0, 0.01)}
            for took in {0.0, 0.2, 59.0, 9e6, *seconds}:
                given = [took if n == place else None for n in range(len(sketch.STAGES))]
                counts = sketch.of_rows(await it.owner.fetchval("SELECT report.keys($1)", given))
                one = sketch.reached(counts)[place]
                assert (sketch.incidents(counts), one.n) == (1, 1)
                assert one.within == tuple(int(took <= target) for target, _ in sketch.TARGETS.get(stage, ()))
                assert one.percentiles[0] == pytest.approx(max(took, 0.001), rel=sketch.ERROR)


async def test_what_is_kept_is_rebuilt_from_nothing_and_every_difference_is_found(database: TestDatabase) -> None:
    """Emptied and told anew, the rows are the same; a row that was changed, lost or invented is named."""
    async with book(database, Random(5)) as it:
        await it.write(History(5, 60, SINCE, NOW), in_disorder=False)
        await it.read()
        kept = await it.owner.fetch(KEPT)
        assert (await verify(it.writer, SINCE, NOW)).equal
        await it.owner.execute("TRUNCATE report.incident, report.day, report.month, report.cell")
        assert not (await verify(it.writer, SINCE, NOW)).equal
        again = await rebuild(it.writer)
        assert (again.incidents, again.changed) == (60, len(kept))
        assert await it.owner.fetch(KEPT) == kept
        assert (await rebuild(it.writer)).changed == 0
        changed, lost, *_ = (row["id"] for row in kept if row["taken_at"] is not None)
        await it.owner.execute("UPDATE report.incident SET taken_at = taken_at + interval '1 s' WHERE id = $1", changed)
        await it.owner.execute("DELETE FROM report.incident WHERE id = $1", lost)
        await it.owner.execute(
            "INSERT INTO report.incident SELECT (jsonb_populate_record(i, '{\"id\": \"I-none\"}')).* "
            "FROM report.incident i WHERE id = $1", changed,
        )  # fmt: skip
        found = "\n".join((await verify(it.writer, SINCE, NOW)).differences)
        assert f"{changed} taken: kept" in found
        assert f"{lost}: not kept" in found
        assert "I-none: kept, but not in the log" in found
        await rebuild(it.writer)
        assert (await verify(it.writer, SINCE, NOW)).equal


async def test_figures_are_held_against_what_was_sealed(database: TestDatabase) -> None:
    """Equal over a sealed log; whoever rewrites an event is found, even where no figure says otherwise."""
    async with book(database, Random(19)) as it:
        await it.write(History(19, 20, SINCE, NOW), in_disorder=False)
        await it.read()
        await it.owner.execute("TRUNCATE log.seal")
        assert (await verify(it.writer, SINCE, NOW)).unsealed > 20
        async with it.database.transaction() as connection:
            while await seal_next(connection, NOW + timedelta(minutes=1)):
                pass
        sealed = await verify(it.writer, SINCE, NOW)
        assert (sealed.equal, sealed.unsealed) == (True, 0)
        tampered = "UPDATE log.event SET actor = 'service:x' WHERE position = (SELECT min(position) FROM log.event)"
        await it.owner.execute(tampered)
        assert (await verify(it.writer, SINCE, NOW)).differences == ("seal 1: content is not what was sealed",)


async def test_what_is_said_late_of_a_merged_incident_counts_where_it_went(database: TestDatabase) -> None:
    """The earlier press is the survivor's, and so is an arrival that is told of the other one after all was read."""
    async with book(database, Random(3)) as it:
        place = {"division": "360733100001", "family": "person", "kind": "sos", "drill": False, "canary": False,
                 "cls": "own", "device": None, "alarm": None, "flags": [], "priority": 1}  # fmt: skip
        said: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("I-first", "incident.opened", place | {"pressed_at": NOW.isoformat()}),
            ("I-second", "incident.opened", place | {"pressed_at": (NOW + timedelta(seconds=60)).isoformat()}),
            ("I-first", "incident.merged", {"into": "I-second"}),
            ("I-second", "incident.absorbed", {"other": "I-first", "priority": 1}),
            ("I-first", "assignment.arrived", {"responder": "R1"}),
        )
        for n, (name, tag, body) in enumerate(said):
            event = NewEvent(UUID(int=n + 1), "incident", name, tag, body, "36", "service:dispatch")
            await append(it.owner, [event], NOW + timedelta(seconds=100 + n))
            await it.read()
        [row] = await it.owner.fetch(KEPT)
        assert (row["id"], row["recorded_at"], row["responder"]) == ("I-second", NOW, "R1")
        assert row["arrived_at"] == NOW + timedelta(seconds=104)
        assert (await it.told())["I-second"].took == {"arrived": 104.0}


async def test_one_that_cannot_be_read_holds_up_nobody_else(database: TestDatabase) -> None:
    """A fact with a word where a number should be is passed over; the rest of the batch is counted."""
    async with book(database, Random(7)) as it:
        history = History(7, 30, SINCE, NOW)
        await it.write(history, in_disorder=False)
        await it.read()
        many = len(await it.owner.fetch(KEPT))
        broken = replace(history.told[-1][1], id=UUID(int=1), stream_id="I-broken", tag="incident.opened",
                         body={"priority": "very", "family": "person"})  # fmt: skip
        await append(it.owner, [broken], NOW)
        await it.write(History(8, 30, SINCE, NOW), in_disorder=False)
        await it.read()
        assert len(await it.owner.fetch(KEPT)) > many
        assert "I-broken" not in {row["id"] for row in await it.owner.fetch(KEPT)}


async def test_a_county_sees_nothing_of_its_neighbour_and_children_add_up(database: TestDatabase) -> None:
    """Under a county's scope every report is of the county, whatever division is asked; levels add up to the parent."""
    async with book(database, Random(11)) as it:
        await it.write(History(11, 150, SINCE, NOW), in_disorder=False)
        await it.read()
        while await settle(it.database, NOW):
            pass
        told = await it.told()
        ever = Period(SINCE - timedelta(days=1), NOW + timedelta(days=1))
        for division in ("36", "3607", "360733", "360733100"):
            shown = await it.asked("division", {}, ever, division)
            assert shown["total"]["n"] == sum(line["n"] for line in shown["groups"])
            assert shown["total"]["n"] == sum(one.division.startswith(division) for one in told.values()) > 20
        own = sum(one.division.startswith("360733") for one in told.values())
        county = office("360733")
        for division in ("", "36", "3607", "360734", "360733"):
            for by in ("division", "hour", "kind", "responder"):
                shown = await answers.response_times(it.database, county, Question(division, ever, by))
                assert shown["total"]["n"] == (0 if division == "360734" else own)
                assert "360734" not in str([line["key"] for line in shown["groups"]])
            page = await behind.incidents(it.database, county, Question(division, ever), Pick(), None, 200)
            assert all(line["division"].startswith("360733") for line in page["items"])
            assert page["n"] == len(page["items"]) == (0 if division == "360734" else own)


async def test_every_figure_opens_the_incidents_it_counted(database: TestDatabase) -> None:
    """Line by line, stage by stage, past a target, the rest included; page by page without a gap or a repetition."""
    async with book(database, Random(13)) as it:
        await it.write(History(13, 120, SINCE, NOW), in_disorder=False)
        await it.read()
        told, ever = await it.told(), Period(SINCE, NOW + timedelta(days=1))
        for by in ("division", "hour", "month", "kind"):
            asked = Question("36", ever, by)
            shown = await answers.response_times(it.database, office("36"), asked)
            seen: list[str] = []
            for line in shown["groups"]:
                query = parse_qsl(urlsplit(line["incidents"]).query, keep_blank_values=True)
                pick = Pick(tuple(value for name, value in query if name == "value"))
                names = await _all(it, asked, pick)
                assert len(names) == line["n"]
                seen += names
                late = await _all(it, asked, replace(pick, stage="arrived", late_s=900))
                arrived = line["stages"][sketch.STAGES.index("arrived")]
                assert len(late) == arrived["n"] - arrived["targets"][0]["within"]
                assert all(told[name].took["arrived"] > 900 for name in late)
            assert sorted(seen) == sorted(told)


async def _all(it: Book, asked: Question, pick: Pick) -> list[str]:
    """Every page of a list, seven at a time."""
    found: list[str] = []
    after: behind.After | None = None
    while True:
        page = await behind.incidents(it.database, office("36"), asked, pick, after, 7)
        found += [line["incident"] for line in page["items"]]
        if page["next"] is None:
            assert page["n"] == len(found) == len(set(found))
            return found
        at, _, name = page["next"].partition("~")
        after = (datetime.fromisoformat(at), name)


async def test_a_look_writes_nothing_where_nothing_changed(database: TestDatabase) -> None:
    """What is over stays summed up until somebody says something new about it, and then that day alone is open."""
    async with book(database, Random(17)) as it:
        await it.write(History(17, 90, SINCE, NOW), in_disorder=False)
        await it.read()
        while await settle(it.database, NOW):
            pass
        cells = "SELECT county, span, since FROM report.cell WHERE dim = '' ORDER BY 1, 2, 3"
        before = await it.owner.fetch(cells)
        row = await it.owner.fetchrow("SELECT id, county, day FROM report.incident ORDER BY recorded_at LIMIT 1")
        assert row is not None
        note = NewEvent(UUID(int=2), "incident", row["id"], "incident.noted", {}, "36", "service:dispatch")
        await append(it.owner, [note], NOW)
        await it.read()
        assert await it.owner.fetch(cells) == before
        end = NewEvent(
            UUID(int=3), "incident", row["id"], "incident.closed", {"outcome": "x"}, "36", "service:dispatch"
        )
        await append(it.owner, [end], NOW + timedelta(seconds=9))
        await it.read()
        gone = {tuple(one) for one in before} - {tuple(one) for one in await it.owner.fetch(cells)}
        assert gone == {(row["county"], "day", row["day"]), (row["county"], "month", row["day"].replace(day=1))}
