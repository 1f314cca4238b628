"""The words of the report, in English and Simplified Chinese."""

from enum import StrEnum


class Language(StrEnum):
    """Languages of the report."""

    ENGLISH = "en"
    CHINESE = "zh"


_TEXTS: dict[str, tuple[str, str]] = {
    "title": ("What if: options compared", "方案比较报告"),
    "question": ("The question", "要回答的问题"),
    "options": ("The options", "可选方案"),
    "figures": ("The figures", "主要指标"),
    "maps": ("Who serves whom", "拜访区域"),
    "decide": ("To be decided", "待决定事项"),
    "annex": ("Method and limits", "方法与限度"),
    "base": ("Today's plan", "现行计划"),
    "base_text": (
        "{customers} customers, {reps} reps, {weeks} weeks from {start}",
        "{customers} 家客户，{reps} 名客户专员，自 {start} 起 {weeks} 周",
    ),
    "unchanged": ("nothing changes", "不作改变"),
    "first": ("first estimate", "初步估算"),
    "verdict": ("needs {demand} h of {offer} h ({load})", "需 {demand} 小时，可用 {offer} 小时（{load}）"),
    "decide_text": (
        "This report recommends nothing. Differences marked * are larger than the noise of the calculation; on all "
        "others no decision should rest.",
        "本报告不作推荐。标有 * 的差异大于计算误差；其余差异不应作为决策依据。",
    ),
    "one_seed": (
        "Each option was calculated once: small differences may be noise. Repeat with several seeds before acting.",
        "每个方案只计算了一次：微小差异可能是计算误差。实施前请用多个随机种子重复计算。",
    ),
    "method": (
        "Each option is the base plan with the changes listed. Reps whose task a change does not touch keep their "
        "routes; all others were planned again. Every plan passed an independent check of all rules.",
        "每个方案都是在现行计划上作所列改变。任务未受影响的专员保留原路线；其余专员重新规划。每个计划都通过了对全部规则的独立检查。",
    ),
    "noise": (
        "Seeds {seeds}: figures are means, ± half the spread. * marks a mean change outside its 95 % confidence "
        "interval (Student, paired by seed).",
        "随机种子 {seeds}：数值为平均值，± 为极差之半。* 表示平均变化超出 95 % 置信区间（按种子配对的 Student 检验）。",
    ),
    "bounds": (
        "Hours on site are exact: visits times duration. No plan of a territory can take fewer hours than those. "
        "Balance: at the travel of these territories no assignment of whole customers gets below the bound given.",
        "现场小时是精确值：拜访次数乘以时长，任何计划都不可能低于此值。均衡：按这些区域的路途时间，任何整客户分配的偏差都不会低于所列下界。",
    ),
    "bound_travel": (
        "Travel: whatever the days and the order, the same visits by the same reps cost at least the lower bound "
        "given (column generation); the gap is how far a plan may be above its best.",
        "路途：无论拜访日期和顺序如何安排，相同专员完成相同拜访的路途成本不会低于所列下界（列生成法）；差距表示计划与最优之间的最大距离。",
    ),
    "bound_row": (
        "{name}: largest deviation of workload {deviation}, proven bound {bound}",
        "{name}：工作量最大偏差 {deviation}，已证明的下界 {bound}",
    ),
    "travel": ("Travel times: {source}.", "路途时间来源：{source}。"),
    "estimated": ("Travel times are estimated from straight lines.", "路途时间由直线距离估算。"),
    "repeat": ("To repeat: base {base}, seeds {seeds}.", "复算依据：基础项目 {base}，随机种子 {seeds}。"),
    "figure": ("Figure", "指标"),
    "again": ("planned again: {reps}", "重新规划：{reps}"),
    "none": ("nobody", "无"),
}


def say(key: str, language: Language, **values: object) -> str:
    """A text of the report with its values filled in."""
    english, chinese = _TEXTS[key]
    return (chinese if language is Language.CHINESE else english).format(**values)
