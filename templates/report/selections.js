/*
 * What ties the drawn charts of a page to one another and to the words around them. It only listens to "ak-drawn", which
 * the loader sends when a chart is there: without it, or without scripts, everything can still be read and opened.
 *
 *   data-ak-opens="score-"   around a figure: a click on a row whose datum has the id "x" opens and shows #score-x, and
 *                            the row of whatever was opened last is marked (parameter "chosen" of the chart)
 *   parameters "link_..."    are one parameter for all charts of a part of the page (.ak): a selection in one of them
 *                            reaches every other that declares the same name
 *   data-ak-weeks            around a figure with a brush "link_weeks": gets two lists of weeks beside the brush, and says
 *                            how many incidents are chosen
 */
(() => {
  "use strict";
  // A notebook's first cell may run again.
  if (window.akLinked) return;
  window.akLinked = true;

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function parametersOf(figure) {
    const specification = JSON.parse(figure.querySelector(".ak-specification").textContent);
    const found = [...(specification.params || [])];
    for (const layer of specification.layer || []) found.push(...(layer.params || []));
    return found.map((parameter) => parameter.name);
  }

  /* -- A row opens what is behind it ------------------------------------------------------------------------------- */

  function opens(figure, view, prefix, names) {
    const mark = (id) => {
      if (names.includes("chosen")) view.signal("chosen", id).runAsync();
    };
    view.addEventListener("click", (_, item) => {
      const details = item && item.datum && document.getElementById(prefix + item.datum.id);
      if (!details) return;
      details.open = true;
      const summary = details.querySelector("summary");
      summary.focus({ preventScroll: true });
      details.scrollIntoView({ block: "nearest" });
    });
    // By key, by click, or by the browser's own search: however it was opened, its row shows it.
    document.addEventListener("toggle", (event) => {
      const id = event.target.id || "";
      if (!id.startsWith(prefix)) return;
      const last = [...document.querySelectorAll("details[open]")].filter((each) => each.id.startsWith(prefix)).pop();
      mark(event.target.open ? id.slice(prefix.length) : last ? last.id.slice(prefix.length) : "");
    }, true);
  }

  /* -- A selection that several charts share ------------------------------------------------------------------------- */

  const parts = new Map();

  function share(figure, view, name) {
    const part = figure.closest(".ak") || document.body;
    const groups = parts.get(part) || new Map();
    parts.set(part, groups);
    // JupyterLab draws a cell's charts anew: those that are gone are no longer told.
    const peers = (groups.get(name) || []).filter((peer) => peer.figure.isConnected && peer.figure !== figure);
    groups.set(name, [...peers, { figure, view }]);
    view.addSignalListener(name, (_, value) => {
      for (const peer of groups.get(name)) {
        if (peer.view !== view && !same(peer.view.signal(name), value)) peer.view.signal(name, value).runAsync();
      }
      figure.dispatchEvent(new CustomEvent("ak-linked", { bubbles: true, detail: { name, value } }));
    });
  }

  /* -- Weeks that are chosen: by brush, and by two lists for who has no mouse --------------------------------------- */

  const DAY = 24 * 3600 * 1000, WEEK = 7 * DAY;
  // As wording.day writes it: browsers of one language differ ("Sep", "Sept").
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const written = (time) => {
    const day = new Date(time);
    return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
  };

  function made(name, text, parent) {
    const found = document.createElement(name);
    if (text) found.textContent = text;
    parent.append(found);
    return found;
  }

  function weeks(figure, view) {
    const rows = JSON.parse(figure.querySelector(".ak-specification").textContent).data.values;
    const mondays = [...new Set(rows.map((row) => row.week))].sort().map((week) => Date.parse(week));
    const controls = figure.querySelector(".ak-controls");
    controls.replaceChildren();
    const line = made("div", "", controls);
    line.className = "ak-line";
    const lists = ["Weeks from", "to"].map((text, end) => {
      const list = made("select", "", made("label", text + " ", line));
      for (const monday of mondays) made("option", written(monday + end * 6 * DAY), list).value = monday;
      list.value = mondays[end ? mondays.length - 1 : 0];
      return list;
    });
    const all = made("button", "All weeks", line), told = made("output", "", controls);
    all.type = "button";
    told.setAttribute("aria-live", "polite");

    function say() {
      const range = view.signal("link_weeks").week, type = (view.signal("link_type") || {}).name;
      const inRange = (monday) => !range || (monday + WEEK / 2 >= range[0] && monday + WEEK / 2 <= range[1]);
      const found = rows.filter((row) => inRange(Date.parse(row.week)) && (!type || type.includes(row.name)));
      const number = (some) => some.reduce((sum, row) => sum + row.n, 0).toLocaleString("en-GB");
      const chosen = mondays.filter(inRange);
      if (chosen.length) lists.forEach((list, end) => (list.value = chosen[end ? chosen.length - 1 : 0]));
      const when = chosen.length + (chosen.length === 1 ? " week" : " weeks") + (type ? ": " + type.join(", ") : "");
      told.textContent = range || type ? number(found) + " of " + number(rows) + " incidents in " + when : "";
      all.hidden = !range;
    }

    function brush(pixels) {
      view.signal("link_weeks_x", pixels).runAsync();
    }

    lists.forEach((list, end) => {
      list.addEventListener("change", () => {
        // The list that was not touched gives way.
        if (Number(lists[0].value) > Number(lists[1].value)) lists[1 - end].value = list.value;
        const x = view.scale("x");
        brush([x(Number(lists[0].value)), x(Number(lists[1].value) + WEEK)]);
      });
    });
    all.addEventListener("click", () => {
      lists[0].focus();
      brush([0, 0]);
    });
    for (const name of ["link_weeks", "link_type"]) view.addSignalListener(name, say);
    say();
  }

  document.addEventListener("ak-drawn", ({ target: figure, detail: { view } }) => {
    const names = parametersOf(figure), around = figure.closest("[data-ak-opens]");
    if (around) opens(figure, view, around.dataset.akOpens, names);
    for (const name of names) if (name.startsWith("link_")) share(figure, view, name);
    if (figure.closest("[data-ak-weeks]")) weeks(figure, view);
  });
})();
