/*
 * Links the charts inside one [data-ak-linked] element: what a reader points at in one is marked in all of them.
 *
 * A chart takes part by the parameters akPicked and akChosen (charts_linked.py), its rows by their field "key", and an
 * element of the page by data-ak-key. Pointing marks for as long as it lasts, a click until the next one or Escape; the
 * words for what is marked (script.ak-linked-words: {hint, chosen, words}) stand below each chart, so that a telephone, which
 * cannot point, and a keyboard, which moves from one tick box to the next, get them too.
 */
(() => {
  "use strict";
  // The scripts may arrive twice, when the first cell of a notebook runs again.
  if (window.akLinks) return;

  const groups = new Map();

  function groupOf(element) {
    const box = element && element.closest && element.closest("[data-ak-linked]");
    if (!box) return null;
    if (!groups.has(box)) {
      const given = box.querySelector("script.ak-linked-words");
      const { hint, chosen: outlines, words } = given ? JSON.parse(given.textContent) : { hint: "", words: {} };
      groups.set(box, { box, hint, outlines, words: new Map(Object.entries(words)), views: [], lines: [], pinned: "", shown: "", chosen: [] });
    }
    return groups.get(box);
  }

  // What is marked stands below every chart; how to mark something only below the first, and not again and again.
  function speak(group) {
    const found = group.words.get(group.shown);
    const outlines = group.chosen.length ? (group.outlines || "").trim() : "";
    group.lines.forEach((line, place) => {
      line.textContent = found || [place ? "" : group.hint, outlines].join(" ").trim();
    });
  }

  function show(group, key) {
    if (group.shown === key) return;
    group.shown = key;
    for (const view of group.views) view.signal("akPicked", key).runAsync();
    speak(group);
    for (const marked of group.box.querySelectorAll("[data-ak-key]")) {
      const row = marked.closest("tr") || marked;
      row.classList.toggle("ak-picked", key !== "" && marked.dataset.akKey === key);
    }
  }

  function pin(group, key) {
    group.pinned = group.pinned === key ? "" : key;
    show(group, group.pinned);
  }

  function keyOf(item) {
    const key = item && item.datum && item.datum.key;
    return typeof key === "string" ? key : "";
  }

  function connect(figure, view) {
    const group = groupOf(figure);
    const taking = view.getState({ signals: (name) => name === "akPicked", data: () => false }).signals;
    if (!group || !taking || !("akPicked" in taking)) return;
    const line = document.createElement("p");
    line.className = "ak-picked-words";
    figure.querySelector(".ak-controls").append(line);
    group.lines.push(line);
    speak(group);
    group.views.push(view);
    view.signal("akPicked", group.shown).signal("akChosen", group.chosen).runAsync();
    view.addEventListener("click", (event, item) => pin(group, keyOf(item)));
    view.addEventListener("mouseover", (event, item) => show(group, keyOf(item) || group.pinned));
    view.addEventListener("mouseout", () => show(group, group.pinned));
  }

  function key(event) {
    const marked = event.target.closest && event.target.closest("[data-ak-key], tr");
    const holder = marked && (marked.dataset.akKey ? marked : marked.querySelector("[data-ak-key]"));
    return holder ? holder.dataset.akKey : "";
  }

  for (const [name, on] of [["focusin", true], ["mouseover", true], ["focusout", false], ["mouseout", false]]) {
    document.addEventListener(name, (event) => {
      const found = key(event), group = found && groupOf(event.target);
      if (group) show(group, on ? found : group.pinned);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const group of groups.values()) {
      group.pinned = "";
      show(group, "");
    }
  });
  document.addEventListener("ak-drawn", (event) => connect(event.target, event.detail.view));

  window.akLinks = {
    /* Mark these keys as chosen in every chart of the group that an element is in. */
    choose(element, keys) {
      const group = groupOf(element);
      if (!group) return;
      group.chosen = keys;
      for (const view of group.views) view.signal("akChosen", keys).runAsync();
      speak(group);
    },
  };
})();
