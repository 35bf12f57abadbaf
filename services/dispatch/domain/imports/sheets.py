"""The tables that can be taken in: their columns, under every heading they are known by."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.dispatch.domain.imports import cells
from services.dispatch.domain.imports.cells import Reader

SEX = MappingProxyType({"女": "f", "男": "m", "f": "f", "m": "m", "2": "f", "1": "m", "女性": "f", "男性": "m"})
LEVELS = MappingProxyType(
    {
        "能力完好": 0, "轻度失能": 1, "中度失能": 2, "重度失能": 3, "完全失能": 4, "完好": 0, "轻度": 1, "中度": 2,
        "重度": 3, "完全": 4, **{f"{level}{word}": level for level in range(5) for word in ("", "级")},
    }
)  # fmt: skip
"""Ability by GB/T 42195."""
RISKS = MappingProxyType({"高": "high", "中": "medium", "低": "low", "high": "high", "medium": "medium", "low": "low",
                          "高风险": "high", "中风险": "medium", "低风险": "low"})  # fmt: skip
KINDS = MappingProxyType(
    {
        "护理员": "caregiver", "护士": "nurse", "网格员": "grid_worker", "保安": "guard", "服务站": "station",
        "微型消防站": "fire_post", "志愿者": "volunteer", "机构": "provider",
        **{kind: kind for kind in ("caregiver", "nurse", "grid_worker", "guard", "station", "fire_post", "volunteer",
                                   "provider")},
    }
)  # fmt: skip
MODES = MappingProxyType({"步行": "walk", "自行车": "bike", "电动车": "ebike", "汽车": "car", "walk": "walk",
                          "bike": "bike", "ebike": "ebike", "car": "car"})  # fmt: skip
SKILLS = MappingProxyType(
    {
        "助浴": "bath",
        "陪同": "escort",
        "陪护": "escort",
        "护理": "nursing",
        "急救": "first_aid",
        "bath": "bath",
        "escort": "escort",
        "nursing": "nursing",
        "first_aid": "first_aid",
    }
)
CONTACTS = 3
"""Contacts that stand in the elder's own row; more of them come in a sheet of their own."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what we call it, how a cell of it is read, and its headings, the first as we print it."""

    name: str
    read: Reader
    headings: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of table; rows are told apart by `key`."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)

    def heading(self, name: str) -> str:
        """The heading as we print it."""
        return next((c.headings[0] for c in self.columns if c.name == name), name)


def _place(*, required: bool = False) -> tuple[Column, ...]:
    return (
        Column("lat", cells.degrees(180), ("纬度", "坐标纬度", "latitude"), required),
        Column("lon", cells.degrees(180), ("经度", "坐标经度", "longitude", "lng"), required),
    )


def _division(*more: str) -> Column:
    headings = ("行政区划", "行政区划代码", "区划代码", "区划", "社区代码", "所属社区", "村居", "社区", *more)
    return Column("division", cells.division, headings, required=True)


def _contact(n: int) -> tuple[Column, ...]:
    def headed(*words: str) -> tuple[str, ...]:
        return tuple(f"{who}{n}{word}" for word in words for who in ("联系人", "紧急联系人"))

    return (
        Column(f"contact{n}_name", cells.words(60), headed("", "姓名")),
        Column(f"contact{n}_relation", cells.words(20), headed("关系", "与老人关系")),
        Column(f"contact{n}_phone", cells.phone, headed("电话", "手机", "联系电话")),
        Column(f"contact{n}_has_key", cells.yes_no, headed("有钥匙", "钥匙", "是否有钥匙")),
    )


ELDERS = Sheet(
    "elders", "老人",
    (
        Column("id", cells.number, ("编号", "老人编号", "档案编号", "档案号"), required=True),
        Column("name", cells.words(60), ("姓名", "老人姓名"), required=True),
        _division("社区(村)"),
        Column("address", cells.words(200), ("住址", "家庭住址", "详细地址", "现住址", "地址"), required=True),
        *_place(),
        Column("home", cells.number, ("住所编号", "户编号")),
        Column("sex", cells.one_of(SEX), ("性别",)),
        Column("born", cells.year, ("出生年份", "出生日期", "出生年月", "生日", "birthday")),
        Column("phone", cells.phone, ("电话", "本人电话", "联系电话", "手机", "手机号")),
        Column("floor", cells.whole(-5, 200), ("楼层",)),
        Column("lift", cells.yes_no, ("电梯", "有无电梯", "有电梯")),
        Column("door_code", cells.words(40), ("门禁密码", "门禁", "单元门密码")),
        Column("key_place", cells.words(100), ("钥匙存放处", "钥匙在哪", "备用钥匙")),
        Column("lives_alone", cells.yes_no, ("独居", "是否独居")),
        Column("assessment", cells.one_of(LEVELS), ("能力等级", "评估等级", "失能等级", "老年人能力等级")),
        Column("assessed_on", cells.day, ("评估日期", "评估时间")),
        Column("assessed_until", cells.day, ("评估有效期", "评估有效期至", "评估到期")),
        Column("assessor", cells.words(60), ("评估机构",)),
        Column("risk", cells.one_of(RISKS), ("风险等级", "风险")),
        Column("health", cells.words(1000), ("健康状况", "病史", "疾病")),
        Column("medicine", cells.words(500), ("用药", "常用药")),
        Column("allergies", cells.words(500), ("过敏", "过敏史")),
        Column("dementia", cells.yes_no, ("失智", "认知症", "认知障碍")),
        Column("dialect", cells.words(20), ("方言", "语言")),
        Column("gender_wish", cells.one_of(SEX), ("希望服务人员性别", "服务人员性别")),
        Column("break_in", cells.yes_no, ("同意破门", "同意破门入户")),
        Column("last_wishes", cells.words(1000), ("生前预嘱", "临终意愿")),
        Column("id_number", cells.identity, ("身份证号", "身份证号码", "公民身份号码")),
        *(column for n in range(1, CONTACTS + 1) for column in _contact(n)),
    ),
)  # fmt: skip

CONTACTS_SHEET = Sheet(
    "contacts", "联系人",
    (
        Column("elder", cells.number, ("老人编号", "档案编号"), required=True),
        Column("ord", cells.whole(1, 20), ("顺序", "呼叫顺序", "序号"), required=True),
        Column("name", cells.words(60), ("姓名", "联系人", "联系人姓名"), required=True),
        Column("relation", cells.words(20), ("关系", "与老人关系"), required=True),
        Column("phone", cells.phone, ("电话", "手机", "联系电话"), required=True),
        Column("has_key", cells.yes_no, ("有钥匙", "钥匙", "是否有钥匙")),
        Column("from_h", cells.whole(0, 24), ("可联系从", "几点起")),
        Column("until_h", cells.whole(0, 24), ("可联系至", "几点止")),
    ),
    ("elder", "ord"),
)  # fmt: skip

PROVIDERS = Sheet(
    "providers", "服务商",
    (
        Column("id", cells.number, ("编号", "机构编号"), required=True),
        Column("name", cells.words(100), ("名称", "机构名称", "姓名"), required=True),
        _division("所在区划"),
        *_place(),
        Column("phone", cells.phone, ("电话", "联系电话")),
    ),
)  # fmt: skip

RESPONDERS = Sheet(
    "responders", "服务人员",
    (
        Column("id", cells.number, ("编号", "人员编号", "工号"), required=True),
        Column("name", cells.words(60), ("姓名", "名称"), required=True),
        Column("kind", cells.one_of(KINDS), ("类别", "人员类别", "岗位"), required=True),
        _division("所在区划"),
        *_place(),
        Column("phone", cells.phone, ("电话", "手机", "联系电话"), required=True),
        Column("provider_id", cells.number, ("所属机构", "机构编号", "所属机构编号")),
        Column("mode", cells.one_of(MODES), ("出行方式", "交通")),
        Column("nights", cells.yes_no, ("夜间", "可夜间", "夜班")),
        Column("sex", cells.one_of(SEX), ("性别",)),
        Column("dialects", cells.several(cells.words(20)), ("方言", "语言")),
        Column("skills", cells.several(cells.one_of(SKILLS)), ("技能",)),
        Column("catchment", cells.several(cells.division), ("服务片区", "服务范围", "负责片区")),
        Column("phone_only", cells.yes_no, ("只用电话", "仅电话")),
    ),
)  # fmt: skip

SHEETS: Mapping[str, Sheet] = MappingProxyType(
    {sheet.name: sheet for sheet in (PROVIDERS, RESPONDERS, ELDERS, CONTACTS_SHEET)}
)
