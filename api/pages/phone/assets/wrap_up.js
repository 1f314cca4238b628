// The loop of the day: kit checked before leaving, kit back at the end, report, papers, urgent matters.
"use strict";
rounds.wrapUp = (() => {
  const { words, day: model, report } = rounds;
  const { text } = words;
  const $ = (id) => document.getElementById(id);

  // What to take, with what was ticked so far.
  function kit() {
    const ticked = new Map((model.day.report?.kit ?? []).map((line) => [line.item, line]));
    return model.day.plan.kit.map((item) => ticked.get(item) ?? { item, packed: false, back: false });
  }

  function boxes(place, field) {
    place.replaceChildren(...kit().map((line) => {
      const item = report.tick(line.item, line.item);
      item.querySelector("input").checked = line[field];
      return item;
    }));
  }

  const ticks = (place) => new Set([...place.querySelectorAll("input:checked")].map((box) => box.value));

  function draw() {
    const { report: said, plan } = model.day;
    const started = Boolean(said?.started), ended = Boolean(said?.ended);
    $("kit").hidden = !plan.kit.length;
    if (!$("kit").dataset.drawn) $("kit").open = !started;
    $("kit").dataset.drawn = "1";
    boxes($("kit-items"), "packed");
    const lines = kit();
    $("kit-count").textContent = `${lines.filter((line) => line.packed).length}/${lines.length}`;
    $("kit-count").className = `badge ${lines.every((line) => line.packed) ? "good" : "warn"}`;
    $("start-day").hidden = started || !plan.stops.length;
    $("kit-back").hidden = !plan.kit.length;
    boxes($("kit-back").querySelector("ul"), "back");
    const open = plan.stops.filter((stop) => ["open", "under_way"].includes(model.state(stop.customer_id)));
    $("unreported").hidden = !open.length;
    $("unreported").textContent = text("unreported", { names: words.list(open.map((stop) => stop.name)) });
    if (!$("wrap-up-form").contains(document.activeElement)) {
      $("day-summary").value = said?.summary ?? "";
      $("day-urgent").value = said?.urgent ?? "";
      $("day-documents").checked = said?.documents ?? false;
    }
    $("day-closed").hidden = !ended;
    $("day-closed").textContent = ended ? text("closed") : "";
  }

  $("kit-items").addEventListener("change", async () => {
    const packed = ticks($("kit-items"));
    await model.sayDay({ kit: kit().map((line) => ({ ...line, packed: packed.has(line.item) })) });
    draw();
  });
  $("start-day").addEventListener("click", async () => {
    await model.sayDay({ started: words.now().clock, kit: kit() });
    $("kit").open = false;
    document.dispatchEvent(new CustomEvent("rounds:changed"));
  });
  $("wrap-up-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const back = ticks($("kit-back"));
    await model.sayDay({
      ended: words.now().clock, summary: $("day-summary").value, urgent: $("day-urgent").value,
      documents: $("day-documents").checked, kit: kit().map((line) => ({ ...line, back: back.has(line.item) })),
    });
    draw();
    $("day-closed").scrollIntoView({ block: "nearest" });
  });
  return { draw };
})();
