"""A decision in the making: the case as it stands, and the facts told so far."""

from services.dispatch.domain import states
from services.dispatch.domain.case import Assignment, Case, Offer
from services.dispatch.domain.evolve import evolve
from services.dispatch.domain.facts import Fact, Moment


class Story:
    """Facts are told one by one; each is applied at once, so the next sees its effect."""

    def __init__(self, case: Case, moment: Moment, told: tuple[Fact, ...] = ()) -> None:
        """Begin with a case; `told` are facts it already contains (its opening)."""
        self.case = case
        self.moment = moment
        self.facts: list[Fact] = list(told)

    def tell(self, tag: str, **body: object) -> None:
        """Add a fact about this incident."""
        self.add(self.moment.fact(tag, incident=self.case.incident.id, **body))

    def add(self, fact: Fact | None) -> None:
        """Add a fact somebody else has put together, if there is one."""
        if fact is not None:
            self.case = evolve(self.case, fact)
            self.facts.append(fact)

    def job(self, tag: str, **body: object) -> None:
        """Add a fact about the job where its state allows it."""
        if states.allows(states.JOB, self.case.job.state, tag):
            self.tell(tag, job=self.case.job.id, **body)

    def incident(self, tag: str, **body: object) -> None:
        """Add a fact about the incident where its state allows it."""
        if states.allows(states.INCIDENT, self.case.incident.state, tag):
            self.tell(tag, **body)

    def offer(self, tag: str, offer: Offer, **body: object) -> None:
        """Add a fact about an offer."""
        self.tell(tag, offer=offer.id, job=self.case.job.id, responder=offer.responder_id, **body)

    def assignment(self, tag: str, one: Assignment, **body: object) -> None:
        """Add a fact about somebody who accepted."""
        self.tell(tag, assignment=one.id, job=self.case.job.id, responder=one.responder_id, role=one.role, **body)

    def ring_further(self, why: str, at_least: int = 1, **more: object) -> None:
        """Ring one more level than has been rung so far."""
        rung = max(self.case.incident.rung + 1, at_least)
        self.tell("incident.escalated", rung=rung, why=why, **more)

    def withdraw(self, offers: tuple[Offer, ...], why: str, who: str | None = None) -> None:
        """Tell people who need not answer any more, and why."""
        for offer in offers:
            self.offer("offer.withdrawn", offer, why=why, who=who)
