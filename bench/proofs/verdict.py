"""Judge one case by its log and its rows alone. A pure function; knows no service.

A log is a list of facts `{"tag", "at", "body"}` as JSON keeps them, in order; rows are `{"incident", "job", "offers",
"assignments"}`, plain dictionaries; waits are `{"kind", "target", "due_at"}`. Times are ISO strings in UTC.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Fact = Mapping[str, Any]
Row = Mapping[str, Any]

LIFE = ("open", "taken", "on_scene", "with_elder", "resolved")
ENDS = frozenset({"closed", "false_alarm", "merged"})
SEEKING = frozenset({"created", "offering", "re_offering", "escalated"})
WORKED = frozenset({"accepted", "en_route", "arrived", "in_service", "no_access", "not_found"})
LIVE_OFFER = frozenset({"sent", "shown", "rang"})
GOING = frozenset({"accepted", "en_route", "arrived", "in_service"})
AFTER_OFFER = {
    "sent": {"shown", "rang", "accepted", "declined", "expired", "withdrawn"},
    "shown": {"rang", "accepted", "declined", "expired", "withdrawn"},
    "rang": {"accepted", "declined", "expired", "withdrawn"},
    "expired": {"accepted"},
    "withdrawn": {"accepted"},
    "accepted": {"declined", "withdrawn"},
    "declined": set[str](),
}
BECOMES = {"promoted": "first", "demoted": "backup"}
OVER = frozenset({"completed", "released", "stood_down"})
STAGES = ("recorded", "seen", "accepted", "arrived", "closed")
NOT_INDOORS = frozenset({"smoke", "gas"})
BARRED = frozenset({"guard", "station", "fire_post", "canary"})
SEEN_OR_HEARD = frozenset({"person", "wandering"})
A_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class File:
    """What is judged, at an instant at which everything due has been handled."""

    log: Sequence[Fact]
    rows: Mapping[str, Any]
    waits: Sequence[Row]
    now: datetime

    @property
    def incident(self) -> Row:
        """Its row."""
        row: Row = self.rows["incident"]
        return row

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.incident["state"] in ENDS

    def facts(self, room: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Facts of one room of the log, as (what happened, body)."""
        for fact in self.log:
            first, _, what = fact["tag"].partition(".")
            if first == room:
                yield what, fact["body"]


Rule = Callable[[File], Iterator[str]]


def offences(file: File) -> list[str]:
    """Every rule that is broken, in words."""
    return [f"{rule.__name__}: {what}" for rule in RULES for what in rule(file)]


def goes_forward(file: File) -> Iterator[str]:
    """An incident only goes forward, unless it is reopened; after the end nothing is decided about it."""
    at = 0
    ended = False
    for what, _ in file.facts("incident"):
        if what == "reopened":
            at, ended = 0, False
        elif what in ENDS:
            if ended:
                yield f"{what} after the end"
            ended = True
        elif what in LIFE:
            if ended or LIFE.index(what) < at:
                yield f"{what} after {'the end' if ended else LIFE[at]}"
            at = LIFE.index(what)
    if ended != file.ended:
        yield f"the log says ended {ended}, the row {file.incident['state']}"


def job_fits(file: File) -> Iterator[str]:
    """A job that is worked has somebody first; one that seeks has nobody, unless it wants more hands."""
    state = file.rows["job"]["state"]
    hands = file.incident.get("hands", 1)
    going = {row["role"] for row in file.rows["assignments"] if row["state"] in GOING}
    first = "first" in going or ("second" in going and hands > 1)
    if state in WORKED and not first:
        yield f"job {state}, nobody goes first"
    if state in SEEKING and first and hands == 1:
        yield f"job {state}, and somebody goes first"
    if (state == "closed") != file.ended:
        yield f"job {state}, incident {file.incident['state']}"


def offers_live_once(file: File) -> Iterator[str]:
    """Each offer goes its one way; nobody has two open at once; at the end none waits."""
    states: dict[str, str] = {}
    whose: dict[str, str] = {}
    for what, body in file.facts("offer"):
        offer = body["offer"]
        if what == "sent":
            if offer in states:
                yield f"{offer} sent twice"
            states[offer], whose[offer] = "sent", body["responder"]
        elif what in AFTER_OFFER or what in {"declined", "expired"}:
            if what not in AFTER_OFFER[states.get(offer, "declined")]:
                yield f"{what} after {states.get(offer)}"
            states[offer] = what
        asked = Counter(who for key, who in whose.items() if states[key] in {*LIVE_OFFER, "accepted"})
        if any(many > 1 for many in asked.values()):
            yield f"somebody has two offers after {what}"
    told = {row["id"]: row["state"] for row in file.rows["offers"]}
    if told != states:
        yield "rows and log disagree about offers"
    if file.ended and LIVE_OFFER & set(states.values()):
        yield "an offer still waits at the end"


def one_winner(file: File) -> Iterator[str]:
    """At no fact do two hold one place, nobody goes twice, and no more go than there are hands wanted."""
    held: dict[str, tuple[tuple[str, int], str]] = {}
    hands = file.incident.get("hands", 1)
    for what, body in file.facts("assignment"):
        key = body["assignment"]
        if what == "made":
            held[key] = ((body["role"], body.get("slot", 0)), body["responder"])
        elif what in BECOMES:
            held[key] = ((BECOMES[what], 0), body["responder"])
        elif what in OVER:
            held.pop(key, None)
        if max(Counter(place for place, _ in held.values()).values(), default=0) > 1:
            yield f"two hold one place after {what}"
        if max(Counter(who for _, who in held.values()).values(), default=0) > 1:
            yield f"one person goes twice after {what}"
        if sum(role != "backup" for (role, _), _ in held.values()) > hands:
            yield f"more than {hands} go after {what}"
    if file.ended and held:
        yield "somebody still goes at the end"


def waits_for_something(file: File) -> Iterator[str]:
    """Live: something is due, nothing overdue, and within a day; over: nothing is due any more."""
    due = [datetime.fromisoformat(wait["due_at"]) for wait in file.waits]
    if file.ended:
        if due:
            yield "waits after the end"
        return
    if not due:
        yield "a live incident waits for nothing"
    elif min(due) <= file.now:
        yield f"overdue since {min(due)}"
    elif min(due) > file.now + A_DAY:
        yield f"nothing happens before {min(due)}"


def rings_or_somebody_comes(file: File) -> Iterator[str]:
    """While a person's call seeks, the ladder goes on: somebody further is rung within the hour."""
    calls = file.incident["family"] == "person" and not file.incident.get("canary")
    seeks = file.rows["job"]["state"] in SEEKING and not file.ended
    soon = (file.now + timedelta(hours=1)).isoformat()
    if calls and seeks and not any(w["kind"] == "ladder" and w["due_at"] <= soon for w in file.waits):
        yield "it seeks, and nobody will be rung"


def seen_or_heard(file: File) -> Iterator[str]:
    """A person's call ends only when somebody saw or heard her, and who; a drill or a merged one may."""
    row = file.incident
    free = row["drill"] or row.get("canary") or row["state"] == "merged"
    if file.ended and row["family"] in SEEN_OR_HEARD and not free and not (row["evidence"] and row["evidence_by"]):
        yield f"closed on evidence {row['evidence']} of {row['evidence_by']}"
    if file.ended and row["state"] != "merged" and not row["outcome"]:
        yield "closed without an outcome"


def receipts_stay_true(file: File) -> Iterator[str]:
    """What the button was told is never taken back, except that it was reopened."""
    told = 0
    for fact in file.log:
        if fact["tag"] == "incident.reopened":
            told = 0
        elif fact["tag"] == "receipt.changed":
            stage = STAGES.index(fact["body"]["stage"])
            if stage < told:
                yield f"{fact['body']['stage']} after {STAGES[told]}"
            told = stage


def every_press_counts(file: File) -> Iterator[str]:
    """Joined presses are counted one by one, and none makes it less urgent."""
    joined = sum(1 for what, _ in file.facts("alarm") if what == "joined")
    taken_over = sum(body.get("presses", 0) for what, body in file.facts("incident") if what == "absorbed")
    if file.incident["presses"] != 1 + joined + taken_over:
        yield f"{joined} joined, {file.incident['presses']} counted"


def nobody_into_the_fire(file: File) -> Iterator[str]:
    """For smoke and gas only those are asked who stay outside, unless a person names somebody."""
    kind = ""
    for fact in file.log:
        body = fact["body"]
        kind = body.get("kind", kind) if fact["tag"] in {"incident.opened", "alarm.joined"} else kind
        if fact["tag"] == "offer.sent" and kind in NOT_INDOORS and body["kind"] not in BARRED and not _named(body):
            yield f"{body['kind']} asked for {kind}"


def _named(body: Mapping[str, Any]) -> bool:
    return str(body.get("how", "asked")) != "asked"


def rungs_rise(file: File) -> Iterator[str]:
    """Each ringing reaches further than the one before, until it is reopened."""
    rung = 0
    for what, body in file.facts("incident"):
        if what == "reopened":
            rung = 0
        elif what == "escalated":
            if body["rung"] <= rung:
                yield f"rung {body['rung']} after {rung}"
            rung = body["rung"]


RULES: tuple[Rule, ...] = (
    goes_forward, job_fits, offers_live_once, one_winner, waits_for_something, rings_or_somebody_comes, seen_or_heard,
    receipts_stay_true, every_press_counts, nobody_into_the_fire, rungs_rise,
)  # fmt: skip
