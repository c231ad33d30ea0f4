/*
 * The what-if of automating tasks: a slider and tick boxes that move hours left, people's time and the 50 % line.
 *
 * All arithmetic is done beforehand, for each task (what_if.py): here numbers are added up and written down. What is
 * said comes as templates in the same data (page_what_if.py), so that page and Python say the same of the same choice.
 * akParts is the list of what loader.js calls for each part of a page that appears.
 */
(() => {
  "use strict";
  if (window.akWhatIf) return;
  window.akWhatIf = true;

  /* -- Numbers as wording.py writes them --------------------------------------------------------------------------- */

  function number(value) {
    const size = Math.abs(value);
    if (size > 0 && size < 0.0001) return value > 0 ? "<0.0001" : ">-0.0001";
    const digits = size >= 20 || Number.isInteger(value) ? 0 : size >= 1 ? 1 : size >= 0.1 ? 2 : 4;
    const rounded = Math.floor(size * 10 ** digits + 0.5) / 10 ** digits;
    const text = rounded.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return (value < 0 ? "-" : "") + (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);
  }

  function percent(value) {
    if (value >= 99.5 && value < 100) return (Math.floor(value * 10) / 10).toFixed(1) + " %";
    return number(Math.abs(value) < 10 ? value : Math.floor(value + 0.5)) + " %";
  }

  const WRITE = {
    hours: (value) => number(value) + " h",
    people: (value) => (number(value) === "1" ? "1 person" : number(value) + " people"),
    share: percent,
    months: (value) => (number(value) === "1" ? "1 month" : number(value) + " months"),
  };

  function interval(ends, kind) {
    const [low, high] = ends.slice(1).map(WRITE[kind]);
    // "0.5 to 1 people": the unit is said once, and behind a range it is that of many.
    return low === high ? "" : low.replace(/ (h|people|person|%)$/, "") + " to " + high.replace(/ person$/, " people");
  }

  /* -- Sums -------------------------------------------------------------------------------------------------------- */

  // The last digits of a float are no reason to round another way than Python does.
  const clean = (value) => Math.round(value * 1e9) / 1e9;

  function sum(parts) {
    if (parts.some((part) => part === null)) return null;
    return [0, 1, 2].map((end) => clean(parts.reduce((total, part) => total + part[end], 0)));
  }

  function after(data, chosen) {
    const taken = data.options.filter((option) => chosen.has(option.key));
    const kept = data.options.filter((option) => !chosen.has(option.key));
    const rest = (name, then, now) => sum([data[name], ...taken.map((option) => option[then]), ...kept.map((option) => option[now])]);
    const share = rest("restShare", "leftShare", "share"), left = rest("rest", "left", "hours");
    const efforts = taken.map((option) => option.effort);
    return {
      tasks: taken.reduce((total, option) => total + option.count, 0),
      left,
      together: data.other === null ? left : sum([left, data.other]),
      saved: sum([[0, 0, 0], ...taken.map((option) => option.saved)]),
      people: sum([[0, 0, 0], ...taken.map((option) => option.people)]),
      share,
      operational: data.otherShare === null ? share : sum([share, data.otherShare]),
      effort: efforts.includes(null) ? null : clean(efforts.reduce((total, hours) => total + hours, 0)),
    };
  }

  /* -- Words ------------------------------------------------------------------------------------------------------- */

  function state(ends, cap, words) {
    const [value, low, high] = ends;
    if (value <= cap) return high <= cap ? words.below : words.perhapsBelow;
    return low > cap ? words.above : words.perhapsAbove;
  }

  function facts(data, then, now) {
    const found = { count: then.tasks.toLocaleString("en-GB"), all: data.tasks.toLocaleString("en-GB") };
    for (const [name, kind] of [["left", "hours"], ["together", "hours"], ["saved", "hours"], ["people", "people"], ["share", "share"], ["operational", "share"]]) {
      if (then[name] === null) continue;
      const span = interval(then[name], kind);
      found[name] = WRITE[kind](then[name][0]);
      found[name + "_span"] = span ? " (" + span + ")" : "";
      found[name + "_range"] = span ? span + "; " : "";
      found[name + "_today"] = WRITE[kind](now[name][0]);
    }
    if (then.operational !== null) found.state = state(then.operational, data.cap, data.words.states);
    if (then.effort !== null) found.effort = WRITE.hours(then.effort);
    if (then.effort !== null && then.saved[0] > 0) found.months = WRITE.months(clean(then.effort / then.saved[0]));
    return found;
  }

  function fill(template, found) {
    // Numbers keep their units at the end of a line.
    return template.replace(/\{(\w+)\}/g, (_, name) => found[name]).replace(/(\d) (?=(?:%|h)(?!\w))/g, "$1\u00a0");
  }

  // "First" are the tasks that save most: the options stand in that order.
  function choiceCase(then, inOrder) {
    if (then.tasks === 0) return "none";
    const one = then.tasks === 1;
    return inOrder ? (one ? "one" : "first") : one ? "own_one" : "own";
  }

  function effortCase(then) {
    return then.tasks === 0 ? "none" : then.effort === null ? "unknown" : "known";
  }

  /* -- The part of the page ---------------------------------------------------------------------------------------- */

  function start(box) {
    const data = JSON.parse(box.querySelector("script.ak-what-if-data").textContent);
    const form = box.querySelector("form"), slider = form.querySelector("input[type=range]");
    const ticks = data.options.map((option) => box.querySelector('input[data-ak-key="' + option.key + '"]'));
    const now = after(data, new Set());
    let view = null, touched = false;

    function chosen() {
      return new Set(ticks.filter((tick) => tick.checked).map((tick) => tick.dataset.akKey));
    }

    function draw(then, found) {
      if (view === null || then.left === null) return;
      const [today, row] = JSON.parse(box.querySelector("#ak-what-if .ak-specification").textContent).data.values;
      const other = data.other === null ? 0 : data.other[0];
      const toil = then.left[0];
      Object.assign(row, { value: toil, low: then.left[1], high: then.left[2], toil, other: toil + other, gone: Math.max(toil + other, now.left[0] + other) });
      for (const [part, template] of Object.entries(data.words.row)) row[part] = fill(template, found);
      row.spread = interval(then.left, "hours");
      view.data("month", [today, row]).runAsync();
    }

    function update() {
      const keys = chosen(), then = after(data, keys), found = facts(data, then, now);
      const first = ticks.findIndex((tick) => !tick.checked);
      const inOrder = first < 0 || ticks.slice(first).every((tick) => !tick.checked);
      slider.value = String(keys.size);
      const words = fill(data.words.slider[choiceCase(then, inOrder)], found);
      form.querySelector("[data-ak-top]").textContent = words;
      slider.setAttribute("aria-valuetext", words);
      for (const [name, [value, note]] of Object.entries(data.words.outputs)) {
        box.querySelector('[data-ak-value="' + name + '"]').textContent = fill(value, found);
        box.querySelector('[data-ak-note="' + name + '"]').textContent = fill(note, found);
      }
      const effort = data.words.effort[effortCase(then)];
      box.querySelector('[data-ak-value="effort"]').textContent = fill(effort[0], found);
      box.querySelector('[data-ak-note="effort"]').textContent = fill(effort[1], found);
      const sentence = fill(data.words.sentence[keys.size ? "some" : "none"], found);
      const said = (sentence + " " + fill(effort[2], found)).trim();
      box.querySelector("[data-ak-sentence]").textContent = said;
      // What stands around the drawing says what is drawn: heading, text alternative, numbers.
      box.querySelector("#ak-what-if-title").textContent = fill(data.words.title[choiceCase(then, inOrder)], found);
      box.querySelector("#ak-what-if .ak-plot").setAttribute("aria-label", data.words.alternative.replace("{sentence}", () => said));
      for (const cell of box.querySelectorAll("#ak-what-if [data-ak-fill]")) cell.textContent = fill(cell.dataset.akFill, found);
      // The charts above show the month as it is until the reader tries something out.
      if (touched) window.akLinks.choose(box, [...keys]);
      draw(then, found);
    }

    slider.addEventListener("input", () => {
      ticks.forEach((tick, place) => { tick.checked = place < Number(slider.value); });
      touched = true;
      update();
    });
    for (const tick of ticks) {
      tick.addEventListener("change", () => {
        touched = true;
        update();
      });
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    box.addEventListener("ak-drawn", (event) => {
      if (event.target.id !== "ak-what-if") return;
      view = event.detail.view;
      update();
    });
    for (const tick of box.querySelectorAll("input[type=checkbox]")) tick.hidden = false;
    for (const tick of ticks) tick.disabled = false;
    form.hidden = false;
    // Under the drawing that it moves. (What is inside .ak-controls belongs to Vega, which empties it.)
    box.querySelector("#ak-what-if .ak-controls").before(form);
    // A browser that comes back to the page may have kept another choice than the one in the file.
    update();
  }

  (window.akParts = window.akParts || []).push((root) => {
    const found = [...root.querySelectorAll("[data-ak-what-if]:not([data-ak-ready])")];
    if (root.matches && root.matches("[data-ak-what-if]:not([data-ak-ready])")) found.unshift(root);
    for (const box of found) {
      box.dataset.akReady = "";
      start(box);
    }
  });
})();
