"""JSON Schemas of everything on the wire, written to `docs/wire/schema/`.

`python -m deploy.schemas` writes them; `--check` only says whether the files are up to date (exit 1 if not).
"""

import argparse
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from shared.contracts import (
    access,
    accounts,
    cases,
    channels,
    commands,
    console,
    desk,
    device,
    device_desk,
    doubts,
    elder,
    events,
    evidence,
    family,
    http,
    indicators,
    lists,
    load,
    maps,
    mass,
    orders,
    people,
    policies,
    portraits,
    registry,
    regulation,
    reports,
    sessions,
    steps,
    supervision,
)

Mode = Literal["validation", "serialization"]

TARGET = Path(__file__).resolve().parent.parent / "docs" / "wire" / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

PARTS: dict[ModuleType, tuple[ModuleType, ...]] = {
    http: (
        http,
        sessions,
        steps,
        cases,
        lists,
        device_desk,
        channels,
        desk,
        mass,
        orders,
        people,
        policies,
        evidence,
        portraits,
        load,
        elder,
        family,
        maps,
        access,
        accounts,
        registry,
        reports,
        supervision,
        indicators,
        regulation,
        doubts,
    )
}
"""Modules that share a document."""
PAGES: dict[ModuleType, list[type[BaseModel]]] = {http: [http.Page[cases.IncidentRow]]}

# What others send to us is described as we accept it (defaults may be left out), the rest as we write it.
RECEIVED: dict[ModuleType, frozenset[str]] = {
    device: frozenset({"DeviceAlarm", "DeviceState", "ChildState", "Location"}),
    console: frozenset({"Hello", "ClientInfo", "InboxPosition", "Ack", "Seen", "Sync", "Sub", "Auth", "Pong"}),
    http: frozenset(
        {
            "Login",
            "Duty",
            "Decline",
            "Completion",
            "Step",
            "Arrival",
            "Support",
            "CallAttempt",
            "Relocation",
            "Escalation",
            "Classification",
            "StandDown",
            "Closing",
            "Note",
            "PhoneIncident",
            "Registration",
            "ClaimCode",
            "Revocation",
            "Placing",
            "Confirmation",
            "ButtonTest",
            "Asking",
            "NewThing",
            "NewBinding",
            "DeliveryReport",
            "ElderForm",
            "ContactForm",
            "AssessmentForm",
            "ConsentForm",
            "NewExport",
            "ExportDecision",
            "ResponderCard",
            "Skill",
            "Shift",
            "Blocking",
            "RelationCard",
            "ProviderCard",
            "PersonNamed",
            "DutyPhone",
            "NewEvent",
            "Mark",
            "Named",
            "CloseEvent",
            "ModeChange",
            "NewDrill",
            "HandOver",
            "Naming",
            "GuidedAnswer",
            "Held",
            "Reassignment",
            "Merging",
            "Splitting",
            "Reopening",
            "ByPhone",
            "DutyFor",
            "IncomingCall",
            "CallLink",
            "StatusChange",
            "TemporaryAddress",
            "FalsePressPlan",
            "Handoff",
            "PolicyCheck",
            "PolicyChange",
            "Policy",
            "War",
            "Rule",
            "Rung",
            "EndSeries",
            "NewSeries",
            "NewPrice",
            "NewService",
            "HomeCode",
            "Correction",
            "Settle",
            "Dispute",
            "CallBack",
            "Proof",
            "AssignOrder",
            "ReturnOrder",
            "CancelOrder",
            "Reschedule",
            "NewOrder",
            "AskForCode",
            "FamilyLogin",
            "NewConsent",
            "UseCode",
            "KinBinding",
            "FamilyWish",
            "FamilyCancel",
            "Rating",
            "NewComplaint",
            "ComplaintAnswer",
            "Nudge",
            "NewTicket",
            "VisitReport",
            "PairingCode",
            "OwnWish",
            "Shelving",
            "Reveal",
            "BreakGlass",
            "Review",
            "NewAid",
            "SecondFactor",
            "PasskeyAnswer",
            "NewPasskey",
            "PasswordAgain",
            "NewPassword",
            "NewAuthenticator",
            "ConfirmAuthenticator",
            "NewAccount",
            "AccountChange",
            "Ending",
        }
    ),
    events: frozenset(),
    commands: frozenset({"Command", "Actor", "Table"}),
}


class Described(GenerateJsonSchema):
    """What we write carries its defaults, so a reader may count on them; a field that is null may be left out."""

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: FBT001 (pydantic's signature)
        """Add fields with a default other than null to the required ones of written models."""
        inner = field["schema"]
        if self.mode == "serialization" and inner["type"] == "default":
            return inner.get("default", ...) is not None
        return super().field_is_required(field, total)


def models_of(module: ModuleType) -> list[type[BaseModel]]:
    """Concrete models defined in a module and its further parts, in the order of the source."""
    found = [
        value
        for part in PARTS.get(module, (module,))
        for value in vars(part).values()
        if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == part.__name__
    ]
    concrete = [model for model in found if not model.__pydantic_generic_metadata__["parameters"]]
    return [*concrete, *PAGES.get(module, [])]


def mode_of(module: ModuleType, model: type[BaseModel]) -> Mode:
    """Whether the model is read or written by us."""
    return "validation" if model.__name__ in RECEIVED[module] else "serialization"


def schema_of(module: ModuleType) -> dict[str, Any]:
    """One schema document for a contract module, its models under `$defs`."""
    inputs = [(model, mode_of(module, model)) for model in models_of(module)]
    _, definitions = models_json_schema(inputs, schema_generator=Described)
    name = module.__name__.rsplit(".", 1)[-1]
    summary = (module.__doc__ or "").strip().splitlines()[0]
    return {"$schema": DIALECT, "title": name, "description": summary, "$defs": definitions["$defs"]}


def documents() -> dict[Path, str]:
    """Every file and what it should contain."""
    return {
        TARGET / f"{module.__name__.rsplit('.', 1)[-1]}.json": json.dumps(
            schema_of(module), ensure_ascii=False, indent=2, sort_keys=True
        )
        + "\n"
        for module in RECEIVED
    }


def stale(wanted: dict[Path, str]) -> list[Path]:
    """Files that are missing, differ, or should not be there."""
    wrong = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    return wrong + sorted(set(TARGET.glob("*.json")) - set(wanted))


def main() -> int:
    """Write the schemas, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is out of date")
    check = parser.parse_args().check
    wanted = documents()
    wrong = stale(wanted)
    if check:
        for path in wrong:
            sys.stderr.write(f"out of date: {path.relative_to(TARGET.parents[2])}\n")
        return 1 if wrong else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in wrong:
        if path in wanted:
            path.write_text(wanted[path], "utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
