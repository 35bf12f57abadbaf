"""A fault as people read it, in Chinese and in English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from services.dispatch.domain.imports.sheets import Sheet
from services.dispatch.domain.imports.table import Fault

Language = Literal["zh", "en"]

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no_column": ("缺少这一列（可用的表头：{headings}）", "the column is missing; it may be headed {headings}"),
        "missing": ("没有填写", "is not filled in"),
        "twice": ("与第 {line} 行重复", "is the same as in line {line}"),
        "too_long": ("超过 {most} 个字", "is longer than {most} signs"),
        "bad_signs": ("含有看不见的控制字符", "has invisible control characters in it"),
        "id_card": ("是身份证号；请用自己的编号", "is an identity card's number; use a number of your own"),
        "bad_identity": ("不是有效的身份证号", "is no valid number of an identity card"),
        "bad_number": ("编号只能用字母、数字、- 和 _", "a number has letters, digits, - and _ only"),
        "bad_phone": ("不是电话号码", "is no telephone number"),
        "shortened": (
            "被表格软件缩写，末尾数字已丢失；请把该列设为文本后重新填写",
            "was cut short by the spreadsheet; make the column text and fill it in again",
        ),
        "not_yes_or_no": ("请填 是 或 否", "say 是 (yes) or 否 (no)"),
        "bad_date": ("不是日期；可写 2026-03-05", "is no date; write 2026-03-05"),
        "too_long_ago": ("年份太早", "is too long ago"),
        "no_number": ("不是数字", "is no number"),
        "out_of_range": ("不在 {least} 到 {most} 之间", "is not between {least} and {most}"),
        "unknown_word": ("不认识；可填 {known}", "is not known; it may be {known}"),
        "bad_division": ("不是行政区划代码或名称", "is neither code nor name of a division"),
        "unknown_division": ("在 {area} 内没有这个区划", "is no division within {area}"),
        "many_divisions": ("有多个同名区划：{codes}；请填代码", "is the name of several, {codes}; say the code"),
        "ended_division": ("已于 {until} 撤销，现为 {into}", "ended on {until}; it is now {into}"),
        "outside": ("不在 {area} 之内", "is not within {area}"),
        "too_wide": ("太大；至少到县", "is too wide; say at least the county"),
        "swapped": ("经纬度填反了", "latitude and longitude are the wrong way round"),
        "far_away": ("离{area}太远", "is far away from {area}"),
        "nowhere": (
            "没有经纬度，也没有该区划的边界可用", "is missing, and there is no border of the division to place it by"
        ),
        "in_the_future": ("在将来", "is in the future"),
        "ends_before": ("早于开始日期", "is before its beginning"),
        "elsewhere": ("已属于其他区划，不能在此修改", "belongs to another division already and can't be changed here"),
        "no_elder": ("没有这位老人；请先导入老人", "is no elder we know; take in the elders first"),
        "no_provider": ("没有这家机构；请先导入服务商", "is no organisation we know; take in the providers first"),
        "no_responder": ("没有这位服务人员；请先导入服务人员", "is nobody who goes; take in the responders first"),
        "responder_and_role": ("服务人员账号要有人员编号，其他角色不填", "goes with the role responder only"),
        "two_addresses": ("同一住所与第 {line} 行的住址不同", "the home has another address in line {line}"),
    }
)  # fmt: skip


def words(sheet: Sheet, fault: Fault, language: Language) -> str:
    """`第 12 行 电话“…”不是电话号码`, or the same in English."""
    text = WORDS[fault.code][language == "en"].format(**fault.params)
    heading = sheet.heading(fault.column) if fault.column else ""
    if language == "en":
        where = f"line {fault.line}: " if fault.line else ""
        said = f' "{fault.said}"' if fault.said else ""
        return f"{where}{fault.column or ''}{said} {text}"
    where = f"第 {fault.line} 行 " if fault.line else ""
    said = f"“{fault.said}”" if fault.said else ""
    return f"{where}{heading}{said}{text}"
