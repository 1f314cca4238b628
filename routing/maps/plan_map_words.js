/* Words of the map in English and Simplified Chinese. */
function roundsWords(language) {
  "use strict";
  const ZH = {
    "Visit plan": "拜访计划", "travel times estimated": "行程时间为估算", "Travel times: estimated": "行程时间：估算",
    "Rep": "专员", "Week": "周", "All weeks": "所有周", "Day": "日期", "No visits": "没有拜访", "Customers": "客户",
    "Layers": "图层", "Territories": "区域", "Day routes": "每日路线", "Start and end places": "起点和终点",
    "Background": "底图", "No background": "无底图", "Find a customer": "查找客户", "Customer name or id": "客户名称或编号",
    "No customer is called that.": "没有找到该客户。", "Leave": "出发", "Back": "返回", "Break": "休息", "Hide": "收起",
    "Show": "展开", "Print": "打印", "No grade": "无等级", "No rep": "未分配专员", "Visits in this plan": "本计划中的拜访",
    "No visit in this plan": "本计划中没有拜访", "not planned": "未安排", "see pop-up": "见弹窗", "Start of": "起点：",
    "End of": "终点：", "Navigate with": "导航", "phone's own": "手机地图", "Plan": "计划", "Routes follow the roads.": "路线沿道路绘制。",
    "Lines are straight from stop to stop, not along the roads.": "直线连接各站点，未沿道路绘制。", "Language": "语言",
    "work": "工作", "Light map": "浅色地图", "Street map": "街道地图", "Streets": "街道", "Amap": "高德地图",
  };
  const CAUSES = {
    capacity: "应拜访的日期均已排满。", time_window: "应拜访日期的营业时间内没有空位。", pattern: "有空位，但不在其拜访节奏要求的日期。",
    daily_limit: "已达到每日拜访次数或渠道日工作标准。", skills: "可服务的专员没有空位，或无人具备所需技能。",
    calendar: "没有客户营业且专员上班的日期。", not_computed: "该区域的路线未能计算。", contradiction: "其约定互相矛盾。",
  };
  const CURES = [
    [/^(\d+) min of overtime on the day of the visit/, "当天加班 $1 分钟即可"], [/^A visit outside the opening hours/, "可在营业时间之外拜访"],
    [/^A visit off its rhythm \(open and allowed: ([^)]*)\)/, "可不按节奏拜访（营业且允许：$1）"],
    [/^One visit more than the limit on that day/, "当天可超出限额一次"], [/^Let a rep without the skill, or an excluded one, serve it/, "可由无此技能或被排除的专员服务"],
    [/^Plan this project again\./, "请重新计算本项目的计划。"],
  ];
  const zh = language === "zh";
  const DAYS = { Mon: "周一", Tue: "周二", Wed: "周三", Thu: "周四", Fri: "周五", Sat: "周六", Sun: "周日" };
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const two = (n) => String(n).padStart(2, "0");
  const inChinese = (day) => {
    const [weekday, date, month, year] = day.split(" ");
    return { weekday: DAYS[weekday], short: (MONTHS.indexOf(month) + 1) + "月" + date + "日", year: year };
  };
  const say = (words) => (zh && ZH[words]) || words;
  return {
    say: say,
    clock: (s) => two(Math.floor(s / 3600) % 24) + ":" + two(Math.floor((s % 3600) / 60)),
    span: (s) => {
      const m = Math.round(s / 60), hours = Math.floor(m / 60), rest = m % 60;
      if (zh) return m >= 60 ? hours + " 小时 " + two(rest) + " 分" : m + " 分钟";
      return m >= 60 ? hours + " h " + two(rest) + " min" : m + " min";
    },
    km: (m) => (m < 99950 ? (m / 1000).toFixed(1) : Math.round(m / 1000).toLocaleString("en")) + (zh ? " 公里" : " km"),
    visits: (n) => n.toLocaleString("en") + (zh ? " 次拜访" : n === 1 ? " visit" : " visits"),
    /* "Mon 2 Mar 2026": whole, without the year, the parts for a button */
    day: (day) => { if (!zh) return day; const c = inChinese(day); return c.year + "年" + c.short + " " + c.weekday; },
    shortDay: (day) => { if (!zh) return day.replace(/ \d{4}$/, ""); const c = inChinese(day); return c.short + " " + c.weekday; },
    dayParts: (day) => { const words = day.split(" "); return zh ? [inChinese(day).weekday, words[1]] : words.slice(0, 2); },
    title: (first, weeks, english) => (zh ? inChinese(first).year + "年" + inChinese(first).short + "起，" + weeks + " 周" : english),
    weekFrom: (n, day) => (zh ? "第 " + n + " 周，" + day + "起" : "Week " + n + ", from " + day),
    allReps: (n) => (zh ? "全部专员（" + n + "）" : "All reps (" + n + ")"),
    grade: (grade) => (grade ? (zh ? grade + " 级" : "Grade " + grade) : say("No grade")),
    rep: (name) => (zh ? "专员：" : "Rep: ") + name,
    /* why a visit is left out, and what would let it in */
    reason: (cause, reason, cure) => {
      if (!zh) return [reason, cure].filter(Boolean).join(" ");
      const found = CURES.find(([pattern]) => pattern.test(cure));
      const dated = (text) => text.replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?: (\d\d) ([A-Z][a-z]{2})\b)?/g, (all, name, date, month) =>
        (date ? MONTHS.indexOf(month) + 1 + "月" + Number(date) + "日 " : "") + DAYS[name]);
      const help = found ? dated(cure.replace(found[0], found[1])).replace(/ \(/, "（").replace(/\)\.$/, "）。").replace(/, /g, "、") : cure;
      return (CAUSES[cause] || reason) + help;
    },
    more: (n) => (zh ? "另有 " + n + " 次" : "and " + n + " more"),
    rhythm: (english) => (!zh ? english : english
      .replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, (name) => DAYS[name])
      .replace(/^weekly/, "每周一次").replace(/^(\d+) times a week/, "每周 $1 次").replace(/^every (\d+) weeks/, "每 $1 周一次")
      .replace(/^every (\d+) days/, "每 $1 天一次").replace(/^(\d+) visits? in ([\d.]+) weeks/, "每 $2 周 $1 次").replace(/^no visits/, "不拜访")
      .replace(/(\S+) of week (\d+)/g, "第 $2 周$1").replace(/weeks? ([\d, and]+\d|\d)/, "第 $1 周")
      .replace(/ (and|or) /g, "、").replace(/, on /, "，").replace(/, /g, "，")),
  };
}
