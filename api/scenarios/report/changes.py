"""Changes in the words of the people who decide on them, English or Simplified Chinese."""

from collections.abc import Sequence

from api.scenarios.report.texts import Language
from routing.domain import WEEKDAY_NAMES, Location
from routing.export.words import clock
from routing.frequency import parse_frequency
from routing.scenario import Change, Customers, Scenario
from routing.scenario.market import (
    ChangeDuration,
    ChangeFrequency,
    ChangeWindows,
    CloseCustomers,
    OpenCustomer,
    ReopenCustomers,
)
from routing.scenario.people import AddLeave, AddRep, ChangeHours, CostRates, MoveRep, RemoveRep
from routing.scenario.rules import BalanceTolerance, DailyStandard, LockTerritories, ScaleTravel

_DAYS_ZH = "一二三四五六日"


def scenario_in_words(scenario: Scenario, language: Language) -> str:
    """All changes of a scenario in a row; empty when there is none."""
    words = [change_in_words(change, language) for change in scenario.changes]
    if language is Language.CHINESE:
        return "；".join(words)
    return "; ".join(w if k == 0 else w[0].lower() + w[1:] if w.startswith("All ") else w for k, w in enumerate(words))


def change_in_words(change: Change, language: Language) -> str:
    """One change; one of a kind that this module does not know in the words of the command line."""
    zh = language is Language.CHINESE
    match change:
        case AddRep():
            name = f" {change.rep_id}" if change.rep_id else ""
            like = change.like and (f"，工时与费率同 {change.like}" if zh else f", hours and rates as {change.like}")
            home = _place(change.home_base)
            return f"增加1名客户专员{name}，驻地 {home}{like}" if zh else f"One more rep{name}, home at {home}{like}"
        case RemoveRep():
            return f"减少客户专员 {change.rep_id}" if zh else f"Rep {change.rep_id} leaves"
        case MoveRep():
            home = _place(change.home_base)
            return f"{change.rep_id} 的驻地迁至 {home}" if zh else f"Rep {change.rep_id} starts from {home}"
        case ChangeHours():
            return _hours(change, zh)
        case AddLeave():
            first, last = change.first.isoformat(), change.last.isoformat()
            if zh:
                return f"{_reps(change.rep_ids, zh)}：{first}" + (f" 至 {last}" if last != first else "") + " 休假"
            return f"{_reps(change.rep_ids, zh)} off on {first}" + (f" to {last}" if last != first else "")
        case CostRates():
            return _rates(change, zh)
        case ChangeFrequency():
            every = _rhythm(change.every, zh)
            return f"{_who(change.who, zh)}：{every}" if zh else f"{_who(change.who, zh)}: {every}"
        case ChangeDuration():
            return _duration(change, zh)
        case ChangeWindows():
            return (
                f"{_who(change.who, zh)}：可拜访时间 {change.hours}"
                if zh
                else (f"{_who(change.who, zh)}: visits at {change.hours}")
            )
        case CloseCustomers():
            return f"{_who(change.who, zh)}：停止拜访" if zh else f"{_who(change.who, zh)}: no more visits"
        case ReopenCustomers():
            return f"{_who(change.who, zh)}：恢复拜访" if zh else f"{_who(change.who, zh)}: visited again"
        case OpenCustomer():
            return _opened(change, zh)
        case ScaleTravel():
            return f"路途时间为原来的 {change.factor:g} 倍" if zh else f"Travel takes {change.factor:g} times as long"
        case LockTerritories():
            return (
                f"{_reps(change.rep_ids, zh)}：客户不更换专员"
                if zh
                else (f"{_reps(change.rep_ids, zh)}: no customer changes rep")
            )
        case DailyStandard(visits=None):
            return (
                f"取消渠道 {change.channel} 的日拜访标准" if zh else f"No daily standard for channel {change.channel}"
            )
        case DailyStandard():
            return (
                f"渠道 {change.channel}：每天 {change.visits} 次拜访为满负荷"
                if zh
                else (f"Channel {change.channel}: a full day has {change.visits} visits")
            )
        case BalanceTolerance():
            share = f"{100 * change.tolerance:g} %"
            return f"工作量允许偏离平均值 {share}" if zh else f"Workloads may lie {share} from the mean"
        case _:
            return str(change)


def _place(place: Location) -> str:
    return f"{place.lat:.10g}, {place.lon:.10g}"


def _reps(rep_ids: Sequence[str], zh: bool) -> str:
    if not rep_ids:
        return "所有专员" if zh else "All reps"
    return "、".join(rep_ids) if zh else ", ".join(rep_ids)


def _who(who: Customers, zh: bool) -> str:
    """The chosen customers: of all named grades and channels, and those named besides."""
    comma = "、" if zh else ", "
    groups = []
    if who.grades or who.channels:
        grades, channels = comma.join(who.grades), comma.join(who.channels)
        if zh:
            groups.append((f"渠道 {channels} 的" if channels else "") + (f" {grades} 级客户" if grades else "客户"))
        else:
            groups.append((f"{grades} customers" if grades else "Customers") + (f" of {channels}" if channels else ""))
    if who.customers:
        groups.append(("客户 " if zh else "Customer " if not groups else "customer ") + comma.join(who.customers))
    return ("及" if zh else " and ").join(groups).strip() or ("所有客户" if zh else "All customers")


def _rhythm(every: str, zh: bool) -> str:
    """The notation as it was given; in Chinese, where it is no more than visits per weeks and weekdays, those."""
    rule = parse_frequency(every)
    if not zh or rule.slots or rule.weeks:
        return every
    weeks = "每周" if rule.period_weeks == 1 else f"每 {float(rule.period_weeks):g} 周"
    days = (
        "" if len(rule.weekdays) == len(WEEKDAY_NAMES) else "、".join(f"周{_DAYS_ZH[d]}" for d in sorted(rule.weekdays))
    )
    return f"{weeks} {rule.visits} 次" + (f"（{days}）" if days else "")


def _hours(change: ChangeHours, zh: bool) -> str:
    parts = []
    if change.start is not None:
        parts.append(f"{clock(change.start)} 上班" if zh else f"from {clock(change.start)}")
    if change.end is not None:
        parts.append(f"{clock(change.end)} 下班" if zh else f"until {clock(change.end)}")
    if change.longer_s:
        minutes = f"{abs(change.longer_s) / 60:g}"
        if zh:
            parts.append(f"每天{'延长' if change.longer_s > 0 else '缩短'} {minutes} 分钟")
        else:
            parts.append(f"{minutes} min {'more' if change.longer_s > 0 else 'less'} a day")
    who = _reps(change.rep_ids, zh)
    return f"{who}：{'，'.join(parts)}" if zh else f"{who}: {', '.join(parts)}"


def _rates(change: CostRates, zh: bool) -> str:
    units = ((change.per_hour, "每小时" if zh else "per hour"), (change.per_km, "每公里" if zh else "per km"))
    rates = [f"{unit} {rate:g}" if zh else f"{rate:g} {unit}" for rate, unit in units if rate is not None]
    who = _reps(change.rep_ids, zh)
    return f"{who}：{'，'.join(rates)}" if zh else f"{who}: {', '.join(rates)}"


def _duration(change: ChangeDuration, zh: bool) -> str:
    who = _who(change.who, zh)
    if change.seconds is not None:
        minutes = f"{change.seconds * change.factor / 60:g}"
        return f"{who}：每次拜访 {minutes} 分钟" if zh else f"{who}: {minutes} min a visit"
    share = f"{100 * abs(change.factor - 1):.3g} %"
    if zh:
        return f"{who}：每次拜访{'延长' if change.factor >= 1 else '缩短'} {share}"
    return f"{who}: visits {share} {'longer' if change.factor >= 1 else 'shorter'}"


def _opened(change: OpenCustomer, zh: bool) -> str:
    name = f" {change.customer_id}" if change.customer_id else ""
    kind = (f" {change.grade} 级" if zh else f"{change.grade}, ") if change.grade else ""
    channel = (f"渠道 {change.channel}，" if zh else f"{change.channel}, ") if change.channel else ""
    place, every = _place(change.location), _rhythm(change.every, zh)
    if zh:
        return f"新增{kind}客户{name}（{place}）：{channel}{every}，每次 {change.minutes:g} 分钟"
    return f"New customer{name} at {place}: {kind}{channel}{every}, {change.minutes:g} min"
