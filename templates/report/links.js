/*
 * What ties the drawn charts of a page to one another and to the words around them. It only listens to "ak-drawn", which
 * the loader sends when a chart is there: without it, or without scripts, everything can still be read and opened.
 *
 *   data-ak-opens="score-"   around a figure: a click on a row whose datum has the id "x" opens and shows #score-x, and
 *                            the row of whatever was opened last is marked (parameter "chosen" of the chart)
 *   parameters "link_..."    are one parameter for all charts of a part of the page (.ak): a selection in one of them
 *                            reaches every other that declares the same name
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

  document.addEventListener("ak-drawn", ({ target: figure, detail: { view } }) => {
    const names = parametersOf(figure), around = figure.closest("[data-ak-opens]");
    if (around) opens(figure, view, around.dataset.akOpens, names);
    for (const name of names) if (name.startsWith("link_")) share(figure, view, name);
  });
})();
