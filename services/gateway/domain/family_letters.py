"""What lies in a family's inbox: that something changed. The page fetches what, if the elder still agrees."""

from collections.abc import Iterable, Mapping, Sequence

from services.gateway.domain.letters import Fact, Letter
from services.gateway.domain.people import personal_inbox

CHANGES = frozenset({"kin.bound", "kin.ended", "complaint.answered"})


def of_calls(facts: Sequence[Fact], told: Mapping[str, tuple[str, tuple[str, ...]]]) -> Iterable[Letter]:
    """`family.call`: one letter an incident and batch; `told` names elder and accounts by incident."""
    last = {fact.incident: fact for fact in facts if fact.incident in told}
    for incident, fact in last.items():
        elder, accounts = told[str(incident)]
        yield _letter(accounts, fact, "family.call", elder, incident)


def of_kin(facts: Iterable[Fact]) -> Iterable[Letter]:
    """`family.changed`: a consent began or ended, a complaint was answered."""
    for fact in facts:
        if fact.tag in CHANGES:
            yield _letter((str(fact.body["account"]),), fact, "family.changed", str(fact.body["elder"]), None)


def _letter(accounts: Iterable[str], fact: Fact, kind: str, elder: str, incident: str | None) -> Letter:
    to = tuple(personal_inbox(account) for account in accounts)
    return Letter(to, fact.id, kind, fact.at, {"elder": elder, "incident": incident}, fact.division)
