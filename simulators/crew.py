"""Those who go, the organisations they belong to, and everybody who logs in."""

from random import Random

from shared.vocabulary.people import ResponderKind, Role
from simulators.households import Household, Numbers
from simulators.names import adult_name
from simulators.places import COUNTY, SEAT, TOWN_CENTRES, names, near
from simulators.registry import Account, Provider, Responder

HOMES_PER_RESPONDER = 4
LARGE, HOMES_PER_RESPONDER_BEYOND = 1600, 10
PANEL = 2
"""The first caregivers, R-0001 and on, belong to the newcomer and stay off duty until somebody logs in."""
KINDS = (
    (ResponderKind.CAREGIVER, 9, 6.0),
    (ResponderKind.NURSE, 2, 7.0),
    (ResponderKind.GRID_WORKER, 4, 5.0),
    (ResponderKind.VOLUNTEER, 4, 1.4),
    (ResponderKind.GUARD, 1, 1.4),
)
ON_DUTY = {ResponderKind.VOLUNTEER: 0.6}
USUALLY_ON_DUTY = 0.88
SECOND_TOWN = "360733102"


def providers(numbers: Numbers) -> list[Provider]:
    """A care company in the county seat, one in the second town, and the town hospital."""
    placed = (
        ("PR-1", "会昌康养服务中心", SEAT),
        ("PR-2", "西江居家养老服务站", SECOND_TOWN),
        ("PR-3", "会昌县中心卫生院", SEAT),
    )
    return [
        Provider(code, town, name, numbers.next(), TOWN_CENTRES[town].lat, TOWN_CENTRES[town].lon)
        for code, name, town in placed
    ]


def responders(homes: list[Household], numbers: Numbers, draw: Random) -> list[Responder]:
    """About one for four homes in a small county, fewer in a large one; a station in each town."""
    wanted = min(len(homes), LARGE) // HOMES_PER_RESPONDER + max(0, len(homes) - LARGE) // HOMES_PER_RESPONDER_BEYOND
    roaming = max(PANEL + 8, wanted - len(TOWN_CENTRES))
    people = [_roaming(number, homes, numbers, draw) for number in range(1, roaming + 1)]
    stations = [_station(roaming + nth, town, numbers, draw) for nth, town in enumerate(TOWN_CENTRES, 1)]
    return people + stations


def canary(numbers: Numbers) -> Responder:
    """Who answers the canary's presses: nobody, on duty day and night."""
    at = TOWN_CENTRES[SEAT]
    return Responder(
        f"canary-{COUNTY}", COUNTY, None, ResponderKind.CANARY, "自检", numbers.next(), at.lat, at.lon, 7.0,
        nights=True, on_duty=True,
    )  # fmt: skip


def accounts(people: list[Responder]) -> list[Account]:
    """Seats and supervisors at every level, two boards, installer, office, three administrators, every responder."""
    seats = [
        _seat("desk1", "值班一席", Role.DESK, COUNTY),
        _seat("desk2", "值班二席", Role.DESK, COUNTY),
        _seat("desk3", f"{names()[SEAT]}值班席", Role.DESK, SEAT),
        _seat("desk4", f"{names()[SECOND_TOWN]}值班席", Role.DESK, SECOND_TOWN),
        _seat("sup-street", f"{names()[SEAT]}督导", Role.SUPERVISOR, SEAT),
        _seat("sup-county", "县民政督导", Role.SUPERVISOR, COUNTY),
        _seat("board1", "县大屏一", Role.SUPERVISOR, COUNTY),
        _seat("board2", "县大屏二", Role.SUPERVISOR, COUNTY),
        _seat("sup-city", "市民政督导", Role.SUPERVISOR, COUNTY[:4]),
        _seat("admin", "系统管理员", Role.ADMIN, COUNTY[:2]),
        _seat("installer", "安装员", Role.INSTALLER, COUNTY),
        _seat("office", "县民政局", Role.OFFICE, COUNTY),
        _seat("auditor", "审计员", Role.AUDITOR, COUNTY),
        _seat("security", "安全管理员", Role.SECURITY, COUNTY),
    ]
    return seats + [_own_account(person) for person in people]


def _roaming(number: int, homes: list[Household], numbers: Numbers, draw: Random) -> Responder:
    shown = number <= PANEL
    kind, speed = (ResponderKind.CAREGIVER, 6.0) if shown else _kind(draw)
    household = _in_the_seat(homes) if shown else draw.choice(homes)
    at = near(household.home.position, 350, draw)
    return Responder(
        id=f"R-{number:04d}",
        division=household.village.code,
        provider_id=_provider(kind, household.village.town, draw),
        kind=kind,
        name=adult_name(draw.choice("ffm"), draw),
        phone=numbers.next(),
        lat=at.lat,
        lon=at.lon,
        speed_mps=speed,
        nights=draw.random() < 0.5,
        on_duty=not shown and draw.random() < ON_DUTY.get(kind, USUALLY_ON_DUTY),
    )


def _in_the_seat(homes: list[Household]) -> Household:
    return next((household for household in homes if household.village.town == SEAT), homes[0])


def _kind(draw: Random) -> tuple[ResponderKind, float]:
    kind, _, speed = draw.choices(KINDS, weights=[weight for _, weight, _ in KINDS])[0]
    return kind, speed


def _provider(kind: ResponderKind, town: str, draw: Random) -> str | None:
    if kind is ResponderKind.NURSE:
        return "PR-3"
    if kind is not ResponderKind.CAREGIVER:
        return None
    return "PR-2" if town == SECOND_TOWN else draw.choice(("PR-1", None))


def _station(number: int, town: str, numbers: Numbers, draw: Random) -> Responder:
    at = near(TOWN_CENTRES[town], 200, draw)
    name = f"{names()[town]}养老服务站"
    return Responder(
        f"R-{number:04d}", town, None, ResponderKind.STATION, name, numbers.next(), at.lat, at.lon, 7.0,
        nights=True, on_duty=True,
    )  # fmt: skip


def _seat(username: str, name: str, role: Role, division: str) -> Account:
    centre = TOWN_CENTRES[division if division in TOWN_CENTRES else SEAT]
    return Account(username, name, role, None, division, None, centre.lat, centre.lon)


def _own_account(person: Responder) -> Account:
    username = person.id if person.kind is ResponderKind.CANARY else person.id.replace("-", "").lower()
    return Account(
        username, person.name, Role.RESPONDER, person.kind, person.division, person.id, person.lat, person.lon
    )
