"""Words of the territory map and report in English and Simplified Chinese."""

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
        "Districts": "片区",
        "Regions": "大区",
        "district": "片区",
        "region": "大区",
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
        "workload": "总工时",
        "service": "服务工时",
        "potential": "潜力",
        "on site": "现场服务",
        "travel (estimated)": "行程（估算）",
        "{measure}, hours per cycle": "{measure}，每周期小时数",
        "Target and its band of ±{band:.0%}": "目标及其 ±{band:.0%} 允许范围",
        "One row a territory": "各区域一览",
        "What the columns mean": "各列含义",
        "What changes": "变更内容",
        "Proposals": "方案",
        "stability": "稳定度",
        "band": "允许范围",
        "workload moved": "变更的工时",
        "travel": "行程",
        "{hours:,.0f} h": "{hours:,.0f} 小时",
        "largest deviation": "最大偏差",
        "Rep id": "专员编号",
        "Rep": "专员",
        "Visits per cycle": "每周期拜访次数",
        "Hours on site per cycle": "每周期现场服务小时数",
        "Estimated travel hours per cycle": "每周期估算行程小时数",
        "Travel over workload": "行程占总工时的比例",
        "On site plus travel": "现场服务加行程",
        "Working hours of the rep per cycle": "专员每周期的工作小时数",
        "Workload over working hours": "总工时占工作时间的比例",
        "Workload against the target share": "总工时相对目标份额的偏差",
        "Sales per year": "年销售额",
        "Visit-weighted mean distance to the centre": "按拜访次数加权的到区域中心平均距离",
        "Area of the polygon": "区域面积",
        "4 pi area over squared perimeter; 1 is a circle": "4π×面积÷周长²；圆为 1",
        "Area over that of the smallest enclosing circle; 1 is a circle": "面积与最小外接圆面积之比；圆为 1",
        "largest deviation {worst:.1%}, allowed {allowed:.1%}; no alignment of whole customers is below {least:.2%}.": (
            "最大偏差 {worst:.1%}，允许 {allowed:.1%}；在不拆分客户的前提下，任何方案都不可能低于 {least:.2%}。"
        ),
        "Compactness is within {gap:.2%} of the lower bound for these centres and bands.": (
            "在这些中心和允许范围下，紧凑度与理论下界相差不超过 {gap:.2%}。"
        ),
        "Rep '{rep}': {measure} is {deviation:+.1%} from the target, {allowed:.1%} is allowed.": (
            "专员“{rep}”：{measure}与目标相差 {deviation:+.1%}，允许 {allowed:.1%}。"
        ),
        "No assignment of whole customers gets below {least:.1%} at the travel time per visit found, because of "
        "locks, skills or single large customers.": (
            "由于锁定、技能要求或个别大客户，按现有每次拜访的行程时间，在不拆分客户的前提下无法低于 {least:.1%}。"
        ),
        "{count} customers are cut off from the rest of their territory.": "{count} 个客户与所属区域的其余部分不相连。",
        "{count} customers lie inside another territory: the reps around may not serve all of them.": (
            "{count} 个客户位于其他区域之内：周围的专员不能为其中全部客户服务。"
        ),
        "{count} customers move ({customers:.1%}), {workload:.1%} of the workload and {sales:.1%} of the sales. With "
        "today's travel, at least {near:.1%} of the workload would have to cross the present borders to meet the bands "
        "({any:.1%} if any two reps could exchange customers). {new} customers are new.": (
            "{count} 个客户变更专员（{customers:.1%}），占总工时的 {workload:.1%}、销售额的 {sales:.1%}。按目前的行程，"
            "要满足允许范围，至少 {near:.1%} 的工时须越过现有边界（若任意两名专员之间都可交换客户，则为 {any:.1%}）。"
            "新客户 {new} 个。"
        ),
        "Largest deviation before {before:.1%}, after {after:.1%}; mean distance to the centre {km_before:.2f} km "
        "before, {km_after:.2f} km after; estimated travel {travel:+.1%}.": (
            "最大偏差：调整前 {before:.1%}，调整后 {after:.1%}；到中心的平均距离：调整前 {km_before:.2f} 公里，"
            "调整后 {km_after:.2f} 公里；估算行程 {travel:+.1%}。"
        ),
    }
)


def say(words: str, language: Language) -> str:
    """The words in a language; English ones that have no translation stay."""
    return _ZH.get(words, words) if language == "zh" else words
