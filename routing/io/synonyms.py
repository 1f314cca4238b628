"""Which column headers mean which field: the table that users see in the manual.

Headers are compared without case, blanks, punctuation and units: ``GPS-Latitude``, ``gps_latitude`` and
``gpsLatitude`` are one.
"""

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" | "))


CUSTOMER_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer_id": _words(
        "id | customer id | customer | customer no | customer number | customer code | external "
        "id | place id | outlet code | outlet id | outlet no | outlet number | store number | "
        "store id | store no | store code | shop id | shop code | reference | ref | code | "
        "account id | account number | account no | account code | location id | site id | client "
        "id | client code | pos id | uid | key | 客户编号 | 客户编码 | 客户代码 | 客户id | 编号 | 门店编号 | "
        "门店编码 | "
        "门店代码 | 网点编号 | codigo | código | codigo cliente | kundennummer | kundennr | kunden nr | "
        "code client"
    ),
    "name": _words(
        "customer name | account | account name | outlet | outlet name | store | store name | "
        "shop | shop name | client | client name | company | company name | business name | place "
        "name | location name | site name | 客户名称 | 客户 | 名称 | 门店名称 | 门店 | 店名 | 网点名称 | nombre | "
        "cliente | nom | kunde | kundenname | firma"
    ),
    "lat": _words(
        "latitude | gps latitude | gps lat | lat deg | y | geo lat | 纬度 | gps纬度 | latitud | breite | breitengrad"
    ),
    "lon": _words(
        "longitude | lng | long | gps longitude | gps lon | gps lng | lon deg | x | geo lon | geo "
        "lng | 经度 | gps经度 | longitud | länge | längengrad"
    ),
    "coordinates": _words(
        "coordinate | coords | lat lon | lat lng | latlng | latlon | lat long | latitude "
        "longitude | gps | gps coordinates | geo | geolocation | geo point | geopoint | position "
        "| wkt | 经纬度 | 坐标 | gps坐标 | 纬度经度 | coordenadas"
    ),
    "grade": _words(
        "class | customer class | customer grade | segment | customer segment | tier | abc | abc "
        "class | rank | customer rank | 客户等级 | 等级 | 级别 | 客户级别 | 分级 | 门店等级"
    ),
    "channel": _words(
        "outlet type | customer type | store type | channel type | trade channel | sales channel "
        "| type | sector type | 渠道 | 渠道类型 | 客户类型 | 门店类型 | canal"
    ),
    "rep_id": _words(
        "rep | assigned to | assigned rep | owner | account owner | user e-mail | user email | "
        "employee number | employee id | sales rep | salesperson | salesman | representative | "
        "rep name | rep code | current rep | merchandiser | agent | 客户经理 | 业务员 | 销售代表 | 负责人 | "
        "客户专员 | vendedor"
    ),
    "rep_locked": _words("locked | lock rep | fixed rep | rep fixed | keep rep | 固定业务员 | 锁定"),
    "territory": _words(
        "sector | area | cluster | route id | route | zone | region | district | patch | beat | "
        "区域 | 片区 | 拜访区域 | 线路 | zona | sector id | territory id | territory name"
    ),
    "visit_frequency": _words(
        "frequency | cadence | call rate | call frequency | visits | calls | visit cycle | visit "
        "rhythm | rhythm | freq | no of visits | number of visits | service frequency | frequency "
        "of visit | frequency of visits | rrule | visit pattern | 拜访频次 | 拜访频率 | 频次 | 频率 | 拜访次数 | "
        "frecuencia | frecuencia de visita | rhythmus | besuchsrhythmus | frequenz | besuchsfrequenz | besuche"
    ),
    "weekdays": _words(
        "days | visit days | visit day | weekday | days of week | day of week | preferred days | "
        "allowed days | day | 拜访日 | 星期 | 拜访星期 | dias"
    ),
    "weeks": _words(
        "week no | week | week number | week numbers | week pattern | visit weeks | weeks of cycle | 周次 | 拜访周"
    ),
    "min_gap": _words(
        "min gap days | minimum gap | min interval | min spacing | min days between | minimum interval | 最小间隔"
    ),
    "max_gap": _words(
        "max gap days | maximum gap | max interval | max spacing | max days between | maximum interval | 最大间隔"
    ),
    "tolerance": _words("tolerance days | gap tolerance | interval tolerance | tolerance in days | 容差"),
    "same_weekday": _words("same day | same weekday wanted | fixed weekday | 固定星期"),
    "service_duration": _words(
        "duration | visit time | visit duration | visit length | service time | call duration | "
        "call length | time on site | stay | stop duration | stop time | dwell time | minutes | "
        "visit minutes | minutes per visit | 拜访时长 | 服务时长 "
        "| 停留时间 | 时长 | 拜访时间 | duracion | duración | dauer | besuchsdauer | minuten"
    ),
    "setup_duration": _words("setup time | setup | parking time | access time | entry time | 准备时间 | 停车时间"),
    "opening_hours": _words(
        "hours | business hours | open hours | time windows | time window | visit window | visit "
        "windows | delivery window | availability | opening times | visiting hours | 营业时间 | 开放时间 "
        "| 时间窗 | 可拜访时间 | horario | öffnungszeiten"
    ),
    "open": _words(
        "opens | opening | opening time | open time | open from | opens at | time window from | "
        "time window start | window start | window from | tw start | tw from | earliest | "
        "earliest time | ready time | from time | start time | time from | 营业开始时间 | 开门时间 | 开始时间 | "
        "开店时间"
    ),
    "close": _words(
        "closes | closing | closing time | close time | open to | open until | closes at | time "
        "window to | time window end | window end | window to | tw end | tw to | latest | latest "
        "time | due time | to time | end time | time to | 营业结束时间 | 关门时间 | 结束时间 | 闭店时间"
    ),
    "same_time": _words("same time | same time of day | fixed time of day | 固定时间 | 固定时段"),
    "window_covers_visit": _words("whole visit in window | visit within window"),
    "sales": _words(
        "value | revenue | turnover | annual sales | sales value | sales volume | annual revenue "
        "| yearly sales | 销售额 | 年销售额 | 营业额 | ventas | umsatz"
    ),
    "potential": _words(
        "potential value | sales potential | potential sales | potential revenue | opportunity | "
        "潜力 | 销售潜力 | 潜在销售额 | potencial"
    ),
    "skills": _words("skill | required skills | skills required | requirements | required skill | 技能 | 所需技能"),
    "preferred_reps": _words("preferred rep | preferred | preferred rep id | wanted rep | 首选业务员"),
    "excluded_reps": _words("excluded rep | excluded | banned reps | not rep | forbidden reps | 排除业务员"),
    "priority": _words("importance | urgency | prio | 优先级 | 重要性 | prioridad"),
    "pinned": _words(
        "pin | appointment | appointments | fixed date | fixed visit | booked | booked visit | 预约 "
        "| 预约时间 | 固定拜访"
    ),
    "active": _words(
        "status | is active | customer status | account status | enabled | 状态 | 客户状态 | 是否有效 | 启用 | estado"
    ),
    "deleted": _words(
        "delete flag | deletion flag | is deleted | delete | inactive | closed down | blocked | 删除标志 | 是否删除"
    ),
    "last_visit": _words(
        "last visit date | last visited | last call | last call date | previous visit | date of "
        "last visit | 上次拜访 | 上次拜访日期 | 上次拜访时间 | 最近拜访 | ultima visita"
    ),
    "next_visit": _words(
        "next visit date | next call | next call date | due date | next due | visit due | 下次拜访 | 下次拜访日期"
    ),
    "contact": _words("contact person | contact name | receiver | 联系人 | contacto"),
    "post": _words("position title | job title | contact post | role | 职务 | 职位"),
    "phone": _words(
        "telephone | tel | mobile | phone number | contact phone | 电话 | 联系电话 | 手机 | telefono | teléfono"
    ),
    "purpose": _words("visit purpose | objective | visit objective | 拜访目的 | 目的"),
    "notes": _words("note | comment | comments | remark | remarks | description | 备注 | 说明 | observaciones"),
}

REP_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "rep_id": _words(
        "id | rep | rep no | rep code | employee number | employee id | employee no | personnel "
        "number | user id | user | agent id | driver id | vehicle id | code | reference | "
        "external id | 编号 | 工号 | 员工编号 | 业务员编号 | 客户经理编号 | rep number | salesperson id"
    ),
    "name": _words(
        "rep name | full name | employee | employee name | salesperson | agent | driver | "
        "representative | sales rep | 姓名 | 名称 | 业务员 | 客户经理 | 客户专员 | 员工姓名 | nombre | vendedor"
    ),
    "email": _words("e-mail | mail | user e-mail | user email | email address | 邮箱 | 电子邮件"),
    "home_lat": _words(
        "lat | latitude | home latitude | start lat | start latitude | base lat | depot lat | gps "
        "latitude | home base lat | 纬度 | 家庭纬度 | 出发纬度 | 起点纬度"
    ),
    "home_lon": _words(
        "lon | lng | longitude | home longitude | home lng | start lon | start lng | start "
        "longitude | base lon | depot lon | gps longitude | home base lon | 经度 | 家庭经度 | 出发经度 | "
        "起点经度"
    ),
    "home": _words(
        "home base | home location | home coordinates | start location | start place | "
        "coordinates | lat lon | base | depot | start point | position | 经纬度 | 坐标 | 出发地 | 起点"
    ),
    "end_lat": _words("end latitude | finish lat | return lat | end place lat | 终点纬度"),
    "end_lon": _words("end longitude | end lng | finish lon | return lon | end place lon | 终点经度"),
    "end": _words(
        "end place | end location | end coordinates | end base | finish | finish location | end point | 终点"
    ),
    "shift_start": _words(
        "start | start time | work start | working from | day start | shift from | starts | "
        "earliest start | 上班时间 | 开始时间 | 工作开始时间 | 上班"
    ),
    "shift_end": _words(
        "shift finish | end time | work end | working to | day end | shift to | ends | finish "
        "time | latest end | 下班时间 | 结束时间 | 工作结束时间 | 下班"
    ),
    "weekdays": _words("days | working days | work days | workdays | days of week | day of week | 工作日 | 工作天"),
    "hours": _words(
        "working hours | work hours | shift | shifts | opening hours | schedule | working time | 工作时间 | 上班时段"
    ),
    "break_start": _words("lunch start | break from | lunch from | pause start | 休息开始 | 午休开始"),
    "break_end": _words("lunch end | break to | lunch to | break until | pause end | 休息结束 | 午休结束"),
    "break_duration": _words(
        "break | lunch | break length | lunch duration | break minutes | break time | lunch break "
        "| pause | 休息时长 | 午休时长"
    ),
    "break_earliest": _words(
        "break window start | earliest break | break earliest start | lunch earliest | break after | 最早休息"
    ),
    "break_latest": _words(
        "break window end | latest break | break latest start | lunch latest | break before | 最晚休息"
    ),
    "overnight": _words("overnight stays | overnight allowed | sleeps away | hotel | 过夜 | 可过夜"),
    "mode": _words(
        "travel mode | transport | vehicle | vehicle type | means of transport | profile | 交通方式 | "
        "出行方式 | 交通工具"
    ),
    "days_off": _words(
        "leave | holiday | holidays | vacation | absence | absences | day off | time off | leave "
        "dates | 休假 | 请假 | 休息日 | 假期"
    ),
    "skills": _words("skill | capabilities | qualifications | competences | 技能"),
    "max_visits_per_day": _words(
        "max visits | max visits day | visits per day | max stops | max stops per day | daily "
        "limit | max calls per day | capacity | 每日最大拜访数 | 每天最多拜访"
    ),
    "cost_per_km": _words("km rate | cost km | rate per km | mileage rate | 每公里成本 | 每公里费用"),
    "cost_per_hour": _words("hourly rate | cost hour | rate per hour | hourly cost | wage | 每小时成本 | 时薪"),
    "active": _words("status | is active | enabled | 状态 | 在职"),
    "deleted": _words("delete flag | is deleted | inactive | left company | 离职"),
}

FREQUENCY_UNITS: Final[Mapping[str, str]] = {
    header: unit
    for unit, words in {
        "week": ("week", "wk", "weekly", "周", "每周"),
        "month": ("month", "mth", "mo", "monthly", "月", "每月"),
        "quarter": ("quarter", "qtr", "quarterly", "季", "每季", "每季度"),
        "year": ("year", "yr", "yearly", "annum", "annual", "年", "每年"),
        "cycle": ("cycle", "call cycle", "周期"),
    }.items()
    for word in words
    for header in (
        (f"{word}拜访次数", f"{word}次数", f"{word}拜访频次")
        if not word.isascii()
        else (
            f"visits {word}",
            f"visits per {word}",
            f"calls {word}",
            f"calls per {word}",
            f"{word} visits",
            f"{word} calls",
            f"frequency per {word}",
            f"frequency {word}",
            f"visit frequency {word}",
            f"visit frequency per {word}",
            f"visits a {word}",
            f"{word} frequency",
            f"times per {word}",
        )
    )
}
"""Header that names a period itself -> the unit that a bare number under it has."""

CUSTOMER_ONLY: Final = frozenset(
    {
        "customer_id",
        "grade",
        "channel",
        "visit_frequency",
        "service_duration",
        "opening_hours",
        "open",
        "close",
        "last_visit",
        "sales",
        "potential",
        "pinned",
        "territory",
        "purpose",
        "priority",
    }
)
REP_ONLY: Final = frozenset(
    {
        "shift_start",
        "shift_end",
        "break_start",
        "break_end",
        "break_duration",
        "break_earliest",
        "break_latest",
        "mode",
        "days_off",
        "overnight",
        "cost_per_km",
        "cost_per_hour",
        "max_visits_per_day",
        "email",
        "end_lat",
        "end",
    }
)
