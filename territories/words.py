"""Words of the territory map in English and Simplified Chinese."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["Language", "say"]

type Language = Literal["en", "zh"]

_ZH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Territories": "区域",
        "Territories after": "调整后的区域",
        "Territories before": "调整前的区域",
        "Customers": "客户",
        "Homes": "专员驻地",
        "Home of": "驻地：",
        "Moved customers": "变更专员的客户",
        "Light map": "浅色地图",
        "Streets": "街道",
        "rep id": "专员编号",
        "name": "姓名",
        "customers": "客户数",
        "visits": "拜访次数",
        "service hours": "服务工时",
        "travel hours": "行程工时",
        "travel share": "行程占比",
        "workload hours": "总工时",
        "offered hours": "可用工时",
        "utilisation": "利用率",
        "deviation": "与目标偏差",
        "sales": "销售额",
        "mean distance km": "平均距离（公里）",
        "area km2": "面积（平方公里）",
        "polsby popper": "紧凑度 Polsby–Popper",
        "reock": "紧凑度 Reock",
    }
)


def say(words: str, language: Language) -> str:
    """The words in a language; English ones that have no translation stay."""
    return _ZH.get(words, words) if language == "zh" else words
