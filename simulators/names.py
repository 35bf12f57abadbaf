"""Made-up names of people; telephone numbers from a range nobody is reached under."""

from random import Random

SURNAMES = "刘陈李张王黄曾谢钟赖肖郭朱吴欧阳周胡罗邹温蓝池许文饶杨林何廖徐"
SURNAME_LIST: tuple[str, ...] = (*SURNAMES.replace("欧阳", ""), "欧阳")
WOMEN_THEN = (
    "秀英", "桂英", "玉兰", "冬秀", "春莲", "金凤", "菊英", "兰香", "水秀", "月娥", "福秀", "莲英", "招娣", "细妹",
)  # fmt: skip
MEN_THEN = (
    "建国", "国华", "德胜", "福生", "春生", "水生", "金发", "志明", "长根", "有才", "永福", "石生", "观生", "荣华",
)  # fmt: skip
WOMEN_NOW: tuple[str, ...] = (
    "芳", "丽", "燕", "晓梅", "海英", "慧", "婷", "雪琴", "小红", "美玲", "玉婷", "春花", "佳", "丽萍",
)  # fmt: skip
MEN_NOW = (
    "伟", "强", "勇", "志强", "建华", "海涛", "小军", "斌", "文辉", "俊", "国平", "明亮", "春林", "超",
)  # fmt: skip


def elder_name(sex: str, draw: Random) -> str:
    """A name as given in the 1930s to 1950s; `sex` is f or m."""
    return draw.choice(SURNAME_LIST) + draw.choice(WOMEN_THEN if sex == "f" else MEN_THEN)


def adult_name(sex: str, draw: Random, surname: str | None = None) -> str:
    """A name as given since the 1960s."""
    return (surname or draw.choice(SURNAME_LIST)) + draw.choice(WOMEN_NOW if sex == "f" else MEN_NOW)


def surname(name: str) -> str:
    """The family name of a full name made here."""
    return name[:2] if name.startswith("欧阳") else name[0]


def phone(number: int) -> str:
    """The n-th number of the unassigned block 1390000xxxx; longer counts go on in 1380000xxxx and so on."""
    return f"{139 - number // 10_000}0000{number % 10_000:04d}"
