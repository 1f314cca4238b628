// The page's setting and texts, figures and times in the reader's language.
"use strict";
rounds.setting = JSON.parse(document.getElementById("setting").textContent);
rounds.words = (() => {
  const where = document.documentElement.lang;
  const zone = rounds.setting.timezone;
  const date = (day) => new Date(`${day}T12:00:00Z`);
  const shape = (options) => new Intl.DateTimeFormat(where, { timeZone: "UTC", ...options });
  const short = shape({ weekday: "short", day: "numeric", month: "short" });
  const long = shape({ weekday: "long", day: "numeric", month: "long" });
  const chinese = where.startsWith("zh");
  const local = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  return {
    text(key, values = {}) {
      return rounds.setting.texts[key].replace(/%\((\w+)\)s/g, (_, name) => values[name]);
    },
    list: (parts) => parts.join(chinese ? "、" : ", "),
    sentences: (parts) => parts.join(chinese ? "" : " "),
    aside: (part) => (chinese ? `（${part}）` : ` (${part})`),
    comma: chinese ? "，" : ", ",
    colon: chinese ? "：" : ": ",
    day: (day) => short.format(date(day)),
    longDay: (day) => long.format(date(day)),
    km: (metres) => (metres / 1000).toLocaleString(where, { maximumFractionDigits: 1 }),
    span(seconds) {
      const minutes = Math.max(1, Math.round(seconds / 60));
      const part = (n, unit) => n.toLocaleString(where, { style: "unit", unit, unitDisplay: "narrow" });
      return [minutes >= 60 ? part(Math.floor(minutes / 60), "hour") : "", minutes % 60 ? part(minutes % 60, "minute") : ""].filter(Boolean).join(chinese ? "" : " ");
    },
    seconds: (clock) => clock.split(":").reduce((sum, part, k) => sum + Number(part) * [3600, 60, 1][k], 0),
    clock: (seconds) => [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60].map((n) => String(n).padStart(2, "0")).join(":"),
    hm: (clock) => clock.slice(0, 5),
    // A UUID of version 4 without dashes; also where the page did not come through HTTPS.
    id() {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    },
    // Day and time of day where the service's people are.
    now(at = new Date()) {
      const [day, time] = local.format(at).split(" ");
      return { day, clock: time.slice(0, 5) };
    },
    add(day, days) {
      const moved = date(day);
      moved.setUTCDate(moved.getUTCDate() + days);
      return moved.toISOString().slice(0, 10);
    },
  };
})();
