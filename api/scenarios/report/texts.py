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
    "panels": ("Where they differ", "主要差异"),
    "findings": ("What was found", "计算结果"),
    "clear": ("Clear: {figures}.", "明确差异：{figures}。"),
    "noisy": ("Within the noise: {figures}.", "属于计算误差：{figures}。"),
    "nothing_clear": ("No difference is larger than the noise.", "没有大于计算误差的差异。"),
    "no_difference": ("No difference.", "没有差异。"),
    "bars_several": (
        "Bars: means; black lines: smallest to largest of {seeds} calculations; in brackets: change against today's "
        "plan. Green is better, red is worse, grey is neither or within the noise. * larger than the noise.",
        "条形为平均值，黑线为 {seeds} 次计算的最小值至最大值，括号内为与现行计划之差。"
        "绿色为改善，红色为变差，灰色为中性或属于计算误差。* 大于计算误差。",
    ),
    "bars_one": (
        "In brackets: change against today's plan. One calculation each: small differences may be noise.",
        "括号内为与现行计划之差。每个方案只计算一次：微小差异可能是计算误差。",
    ),
    "figures": ("All figures", "全部指标"),
    "maps": ("Who serves whom", "拜访区域"),
    "decide": ("To be decided", "待决定事项"),
    "annex": ("Annex: method and limits", "附录：方法与限度"),
    "proven": ("Annex: what is proven", "附录：已证明的界限"),
    "plan": ("Plan", "计划"),
    "measure": ("Measure", "指标"),
    "reached": ("Reached", "达到值"),
    "least": ("No plan is below", "理论下界"),
    "gap": ("Gap", "差距"),
    "travel_cost": ("Cost of travel", "路途成本"),
    "deviation": ("Largest deviation of workload", "工作量最大偏差"),
    "points": ("{value} pp", "{value} 百分点"),
    "base": ("Today's plan", "现行计划"),
    "today": ("Today", "现行"),
    "base_text": (
        "{customers} customers, {reps} reps, {weeks} weeks from {start}",
        "{customers} 家客户，{reps} 名客户专员，自 {start} 起 {weeks} 周",
    ),
    "unchanged": ("nothing changes", "不作改变"),
    "typed": ("As typed: {name}: {words}", "命令写法：{name}：{words}"),
    "first": ("First estimate", "初步估算"),
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
        "given (cutting planes); the gap is how far a plan may be above its best.",
        "路途：无论拜访日期和顺序如何安排，相同专员完成相同拜访的路途成本不会低于所列下界（割平面法）；差距表示计划与最优之间的最大距离。",
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
