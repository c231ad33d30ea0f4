/*
 * Finds and filters the teams of a portfolio: rows, sums, bars and counts follow what is typed, chosen or picked.
 *
 * It changes only what stands in the page already, and works the same in the index, in a report and in JupyterLab, where
 * cells appear one after the other. What can be used with it alone is out of sight until data-ak-filter is set here.
 */
(() => {
  "use strict";
  // The first cell of a notebook may run again.
  if (window.akFilter) return;
  window.akFilter = true;
  document.documentElement.dataset.akFilter = "";

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const one = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const numbersOf = (row) => row.dataset.teams.split(" ").map(Number);

  /* -- Numbers as wording.py writes them --------------------------------------------------------------------------- */

  function number(value) {
    if (value > 0 && value < 0.0001) return "<0.0001";
    const digits = value >= 20 || Number.isInteger(value) ? 0 : value >= 1 ? 1 : value >= 0.1 ? 2 : 4;
    const rounded = Math.floor(value * 10 ** digits + 0.5) / 10 ** digits;
    return rounded.toLocaleString("en-GB", { maximumFractionDigits: digits });
  }

  const counted = (amount, noun) => amount.toLocaleString("en-GB") + " " + noun + (amount === 1 ? "" : "s");

  function small(text) {
    const made = document.createElement("i");
    made.textContent = text;
    return made;
  }

  /* -- What is in the page, read once: a key stroke only compares --------------------------------------------------- */

  let found = null, picked = null;

  function read() {
    const tables = all("table.ak-grid");
    if (found && found.tables.length === tables.length && tables.every((table, place) => table === found.tables[place])) return found;
    const heat = all(".ak-heat tr[data-t]");
    const teams = heat.map(() => ({ words: "", has: new Set() }));
    const note = (place, words) => { if (teams[place]) teams[place].words += " " + plain(words); };
    const has = (place, what) => { if (teams[place]) teams[place].has.add(what); };
    for (const row of heat) {
      const place = Number(row.dataset.t);
      note(place, row.querySelector("th").textContent);
      if (row.querySelector(".s0")) has(place, "gaps");
      if (row.cells[row.cells.length - 2].textContent !== "none") has(place, "ask");
      if (row.querySelector(".late")) has(place, "late");
    }
    for (const row of all(".ak-trend tr[data-t]")) has(Number(row.dataset.t), "twice");
    const owners = all("tr.owner").map((row) => {
      const under = [];
      for (let next = row.nextElementSibling; next && !next.matches(".owner"); next = next.nextElementSibling) under.push(next);
      const name = row.querySelector("bdi").textContent;
      for (const entry of under) note(Number(entry.dataset.t), name + " " + entry.cells[0].textContent);
      return { row, under, words: row.querySelector("i") };
    });
    const themes = all("tr[data-teams]").map((row) => {
      for (const place of numbersOf(row)) note(place, row.querySelector("th").textContent);
      return { row, teams: new Set(numbersOf(row)) };
    });
    const data = one(".ak-filter-numbers");
    found = {
      tables, teams, owners, themes,
      rows: all("tr[data-t]").map((row) => ({ row, team: Number(row.dataset.t) })),
      scrollers: all(".ak-tall"),
      promises: all(".ak-promises tr[data-b]").map((row) => ({ row, bars: row.dataset.b.split(" ").map(Number) })),
      bars: all(".ak-bars").map((table) => [...table.tBodies[0].rows].map((row) => row.cells[1])),
      figures: all(".ak-figs tbody tr[data-t]"),
      numbers: data ? JSON.parse(data.textContent) : { hours: [], figures: [] },
      // What the page says of all teams, to come back to.
      feet: all(".ak-hours .all, .ak-figs .all").map((row) => ({ row, cells: [...row.cells].map((cell) => [...cell.childNodes]) })),
    };
    return found;
  }

  /* -- Sums, counts and middles of the teams that are shown --------------------------------------------------------- */

  function sum(entries) {
    // 0: does not apply to the team; null: nobody knows, so the sum is a least one.
    const known = entries.filter((entry) => entry);
    const least = entries.includes(null) || known.some((entry) => entry[3]) ? "at least " : "";
    const of = small(`${known.length} of ${counted(entries.length, "team")}`);
    if (!known.length) return [small("not known"), of];
    const [value, low, high] = [0, 1, 2].map((end) => number(known.reduce((total, entry) => total + entry[end], 0)));
    return [least + value + " h", ...(low === high ? [] : [small(`${low}–${high} h`)]), of];
  }

  function middle(places, figure) {
    const known = places.filter((place) => found.numbers.figures[place][figure] !== null)
      .sort((a, b) => found.numbers.figures[a][figure] - found.numbers.figures[b][figure]);
    // Of an even number there are two in the middle: both, as they are written in their rows.
    const words = known.slice(Math.ceil(known.length / 2) - 1, Math.floor(known.length / 2) + 1)
      .map((place) => found.figures[place].cells[figure + 1].firstChild.textContent);
    return [known.length ? [...new Set(words)].join(" to ") : "–", small("of " + counted(known.length, "team"))];
  }

  function feet(shown, filtered) {
    const places = [...shown.keys()].filter((place) => shown[place]);
    for (const { row, cells } of found.feet) {
      const hours = row.closest("table").matches(".ak-hours");
      cells.forEach((nodes, place) => {
        const cell = row.cells[place];
        if (!filtered) cell.replaceChildren(...nodes);
        else if (place === 0) cell.textContent = hours ? `${places.length} of ${counted(shown.length, "team")}` : "In the middle of those shown";
        else if (hours) cell.replaceChildren(...sum(places.map((team) => found.numbers.hours[team][place - 1])));
        else cell.replaceChildren(...middle(places, place - 1));
      });
    }
  }

  function promises() {
    const entries = found.promises.filter(({ row }) => !row.hidden);
    found.bars.forEach((cells, table) => {
      const counts = cells.map((_, bar) => entries.filter((entry) => entry.bars[table] === bar).length);
      const most = Math.max(...counts, 1);
      cells.forEach((cell, bar) => {
        cell.classList.toggle("h", counts[bar] > 0);
        cell.style.setProperty("--v", (counts[bar] / most).toFixed(3));
        cell.querySelector("b").textContent = counts[bar].toLocaleString("en-GB");
      });
    });
    for (const { row, under, words } of found.owners) {
      const left = under.filter((entry) => !entry.hidden), late = left.filter((entry) => entry.querySelector(".late")).length;
      row.hidden = left.length === 0;
      words.textContent = counted(left.length, "open action") + (late ? `, ${late.toLocaleString("en-GB")} past ${late === 1 ? "its" : "their"} date` : "");
    }
  }

  /* -- The filter --------------------------------------------------------------------------------------------------- */

  function apply() {
    const tools = one(".ak-filter");
    if (!tools) return;
    for (const part of all(".ak-scroll, .ak-scroll > table")) sizes.observe(part);
    const { teams, rows, themes, scrollers } = read();
    const find = tools.querySelector("[type=search]"), only = tools.querySelector("select");
    const words = plain(find.value).split(/\s+/).filter(Boolean), kind = only.value;
    if (picked && !picked.isConnected) picked = null;
    const chosen = picked && new Set(numbersOf(picked));
    const shown = teams.map((team, place) => (!chosen || chosen.has(place)) && (!kind || team.has.has(kind))
      && words.every((word) => team.words.includes(word)));
    const filtered = words.length > 0 || kind !== "" || picked !== null;
    for (const { row, team } of rows) row.hidden = !shown[team];
    for (const theme of themes) theme.row.hidden = filtered && theme.row !== picked && ![...theme.teams].some((team) => shown[team]);
    for (const button of all(".ak-pick")) button.setAttribute("aria-pressed", String(button.closest("tr") === picked));
    promises();
    feet(shown, filtered);
    for (const part of scrollers) part.classList.toggle("ak-empty", !part.querySelector("tbody tr:not([hidden])"));
    const count = shown.filter(Boolean).length, name = picked && picked.querySelector("bdi").textContent;
    const because = picked ? ` with “${name}”` : "";
    tools.querySelector("[role=status]").textContent = filtered ? `${count} of ${counted(teams.length, "team")}${because}` : counted(teams.length, "team");
    tools.querySelector(".ak-clear").hidden = !filtered;
    const none = tools.querySelector(".ak-none");
    none.hidden = count > 0 || !filtered;
    const asked = [...(words.length ? [`“${find.value.trim()}”`] : []), ...(kind ? [only.selectedOptions[0].text] : []), ...(picked ? [`“${name}”`] : [])];
    none.textContent = none.hidden ? "" : `No team matches ${asked.join(" together with ")}. Try fewer words, or show all.`;
  }

  // Tables that are wider or longer than their place say so (styles: data-ak-wide, data-ak-long).
  const sizes = new ResizeObserver((entries) => {
    for (const part of new Set(entries.map(({ target }) => target.closest(".ak-scroll")))) {
      part.toggleAttribute("data-ak-wide", part.scrollWidth > part.clientWidth + 1);
      part.toggleAttribute("data-ak-long", part.scrollHeight > part.clientHeight + 1);
    }
  });

  document.addEventListener("input", (event) => { if (event.target.closest(".ak-filter")) apply(); });
  document.addEventListener("click", (event) => {
    const pick = event.target.closest(".ak-pick"), clear = event.target.closest(".ak-clear");
    if (!pick && !clear) return;
    if (pick) picked = picked === pick.closest("tr") ? null : pick.closest("tr");
    else {
      const tools = clear.closest(".ak-filter"), find = tools.querySelector("[type=search]");
      picked = null;
      find.value = tools.querySelector("select").value = "";
      find.focus();
    }
    apply();
  });
  apply();
  // In a notebook the tables come later than the filter, and again when a cell runs again.
  if (document.body.dataset.jpThemeLight) {
    new MutationObserver((changes) => {
      const fresh = changes.some(({ addedNodes }) => [...addedNodes].some((node) => node.querySelector && node.querySelector(".ak-filter, table.ak-grid")));
      if (fresh) apply();
    }).observe(document.body, { childList: true, subtree: true });
  }
})();
