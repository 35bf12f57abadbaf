"""What an event of the log means to dispatch."""

from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.things import Mended, News, Outage
from shared.contracts.events import AlarmRaised, DeviceFault, DeviceMended, DeviceOutage
from shared.runtime.log import Event
from shared.vocabulary.alarms import FAMILY, OURS, AlarmClass, AlarmKind
from shared.vocabulary.geo import Position


def pressed(event: Event) -> Pressed:
    """An alarm as dispatch sees it; an unknown kind, or one that only we conclude, is a call for help."""
    body = AlarmRaised.model_validate(event.body)
    kind = AlarmKind(body.kind) if body.kind in FAMILY and body.kind not in OURS else AlarmKind.SOS_UNKNOWN
    place = Position(body.loc.lat, body.loc.lon) if body.loc and body.loc.crs == "wgs84" else None
    return Pressed(
        alarm=body.alarm, device=body.device, eid=body.eid, kind=kind, cls=body.cls, subject=body.subject,
        division=event.division, home=body.home, elder=body.elder, flags=body.flags, drill=body.drill,
        place=place if place and place.plausible else None, at=event.recorded_at, canary=body.canary,
    )  # fmt: skip


def news(event: Event) -> News:
    """What an event about a thing means here; a fault within an outage is no work of its own any more."""
    if event.tag == "device.mended":
        mended = DeviceMended.model_validate(event.body)
        return Mended(mended.fault, mended.device, mended.kind, mended.subject)
    if event.tag != "device.fault":
        out = DeviceOutage.model_validate(event.body)
        step = event.tag.removeprefix("device.")
        return Outage(out.outage, out.area, out.devices, out.elders, event.recorded_at, step)
    body = DeviceFault.model_validate(event.body)
    if body.outage is not None:
        return Mended(body.fault, body.device, body.kind, body.subject, body.outage)
    return _fault(event, body)


def _fault(event: Event, body: DeviceFault) -> Pressed:
    return Pressed(
        alarm=None, device=body.device, eid=None, kind=AlarmKind(body.kind), cls=AlarmClass.OWN, subject=body.subject,
        division=event.division, home=body.home, elder=body.elder, flags=(), drill=False, place=None,
        at=event.recorded_at, fault=body.fault, protects=body.protects,
    )  # fmt: skip
