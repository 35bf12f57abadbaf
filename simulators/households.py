"""Homes, the elders in them, and whom to phone."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from simulators.names import adult_name, elder_name, phone, surname
from simulators.places import Village, near, villages
from simulators.registry import Contact, Elder, Home

COUPLES = 0.25
KEY_PLACES = ("门框上方", "电表箱内", "左侧花盆下", "邻居家代管", "村委会代管", "门口鞋柜里")
HEALTH = (
    "高血压", "高血压、糖尿病", "冠心病", "慢阻肺", "脑卒中后遗症", "骨质疏松、曾髋部骨折", "轻度认知障碍",
    "膝关节炎、行走不便", "听力下降", "白内障", "帕金森病", "无重大疾病",
)  # fmt: skip
MEDICINE = {
    "高血压": "苯磺酸氨氯地平，每日一次",
    "高血压、糖尿病": "苯磺酸氨氯地平、二甲双胍",
    "冠心病": "阿司匹林肠溶片、他汀；硝酸甘油备用",
    "慢阻肺": "吸入剂，床头",
    "脑卒中后遗症": "氯吡格雷、他汀",
    "骨质疏松、曾髋部骨折": "钙片、维生素 D",
    "帕金森病": "多巴丝肼，每日三次",
}
ALLERGIES = {0: "青霉素", 7: "磺胺类", 13: "海鲜"}
DIALECTS = ("客家话",) * 8 + ("普通话", "客家话、普通话")
CHILDREN = (("儿子", "m"), ("女儿", "f"), ("儿媳", "f"), ("孙子", "m"), ("侄子", "m"))
ASSESSMENTS = (0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4)


@dataclass
class Numbers:
    """Hands out made-up telephone numbers, each once."""

    last: int = 0

    def next(self) -> str:
        """The next number."""
        self.last += 1
        return phone(self.last)


@dataclass(frozen=True, slots=True)
class Household:
    """A home with its elders and their contacts."""

    home: Home
    village: Village
    elders: tuple[Elder, ...]
    contacts: tuple[Contact, ...]


def households(count: int, numbers: Numbers, draw: Random) -> list[Household]:
    """`count` homes spread over the county's villages, towns holding most."""
    places = villages()
    drawn = draw.choices(places, cum_weights=list(accumulate(v.weight for v in places)), k=count)
    made: list[Household] = []
    elders = 0
    for number, village in enumerate(drawn, 1):
        made.append(_household(number, elders, village, numbers, draw))
        elders += len(made[-1].elders)
    return made


def _household(number: int, elders_before: int, village: Village, numbers: Numbers, draw: Random) -> Household:
    home = _home(number, village, draw)
    sexes = ("m", "f") if draw.random() < COUPLES else (draw.choice("ffm"),)
    born = draw.randint(1931, 1959)
    alone = len(sexes) == 1 and draw.random() < 0.8
    elders = tuple(
        _elder(elders_before + nth, home, (sex, born + draw.randint(0, 4) * (nth - 1)), numbers, draw, alone=alone)
        for nth, sex in enumerate(sexes, 1)
    )
    contacts = tuple(contact for elder in elders for contact in _contacts(elder, elders, numbers, draw))
    return Household(home, village, elders, contacts)


def _home(number: int, village: Village, draw: Random) -> Home:
    at = near(village.centre, 260, draw)
    flat = village.name.endswith("居委会") and draw.random() < 0.7
    floor = draw.randint(1, 7) if flat else 1
    return Home(
        id=f"H-{number:05d}",
        division=village.code,
        address=_flat(village, floor, draw) if flat else _house(village, draw),
        floor=floor,
        lift=flat and floor > 4 and draw.random() < 0.4,
        door_code=f"{draw.randint(0, 9999):04d}#" if flat and draw.random() < 0.5 else None,
        key_place=draw.choice(KEY_PLACES) if draw.random() < 0.4 else None,
        lat=at.lat,
        lon=at.lon,
    )


def _house(village: Village, draw: Random) -> str:
    return f"{village.town_name}{_plain(village)}{draw.randint(1, 240)}号"


def _flat(village: Village, floor: int, draw: Random) -> str:
    building, entrance, door = draw.randint(1, 18), draw.randint(1, 4), draw.randint(1, 4)
    return f"{village.town_name}{_plain(village)}{building}栋{entrance}单元{floor}0{door}室"


def _plain(village: Village) -> str:
    if village.name.endswith("居委会"):
        return village.name.removesuffix("居委会").removesuffix("社区") + "社区"
    return village.name.removesuffix("委会")


def _elder(number: int, home: Home, person: tuple[str, int], numbers: Numbers, draw: Random, *, alone: bool) -> Elder:
    sex, born = person
    name, assessment, health = elder_name(sex, draw), draw.choice(ASSESSMENTS), draw.choice(HEALTH)
    return Elder(
        id=f"E-{number:05d}",
        home_id=home.id,
        division=home.division,
        name=name,
        sex=sex,
        born=born,
        phone=numbers.next(),
        lives_alone=alone,
        assessment=assessment,
        health=health,
        dialect=draw.choice(DIALECTS),
        medicine=MEDICINE.get(health),
        allergies=ALLERGIES.get(number % 20),
    )


def _contacts(elder: Elder, elders: tuple[Elder, ...], numbers: Numbers, draw: Random) -> list[Contact]:
    people = [(adult_name(sex, draw, surname(elders[0].name)), word) for word, sex in draw.sample(CHILDREN, 2)]
    people.insert(draw.randint(0, 1), (adult_name(draw.choice("fm"), draw), "邻居"))
    if draw.random() < 0.3:
        people.append((adult_name("f", draw), "村干部"))
    keyholder = draw.randrange(len(people))
    return [
        Contact(elder.id, elder.division, order, name, word, numbers.next(), has_key=order - 1 == keyholder)
        for order, (name, word) in enumerate(people, 1)
    ]
