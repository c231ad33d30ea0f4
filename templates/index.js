(() => {
  "use strict";
  const find = document.getElementById("find"), only = document.getElementById("only");
  const said = document.getElementById("shown"), clear = document.getElementById("clear");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  // Everything is read once; a key stroke only compares.
  const rows = [...document.querySelectorAll("tr[data-t]")].map((row) => [row, +row.dataset.t]);
  const heat = [...document.querySelectorAll(".ak-heat tr[data-t]")];
  const teams = heat.map(() => ({ words: "", has: new Set() }));
  const note = (number, words) => { if (teams[number]) teams[number].words += " " + plain(words); };
  const has = (number, what) => { if (teams[number]) teams[number].has.add(what); };
  for (const row of heat) {
    const number = +row.dataset.t;
    note(number, row.querySelector("th").textContent);
    if (row.querySelector(".s0")) has(number, "gaps");
    if (row.cells[row.cells.length - 2].textContent !== "none") has(number, "ask");
    if (row.querySelector(".late")) has(number, "late");
  }
  for (const row of document.querySelectorAll(".ak-trend tr[data-t]")) has(+row.dataset.t, "twice");
  const owners = [...document.querySelectorAll("tr.owner")].map((row) => {
    const under = [];
    for (let next = row.nextElementSibling; next && !next.matches(".owner"); next = next.nextElementSibling) under.push(next);
    const name = row.querySelector("bdi").textContent;
    for (const entry of under) note(+entry.dataset.t, name + " " + entry.cells[0].textContent);
    return [row, under];
  });
  const themes = [...document.querySelectorAll("tr[data-teams]")].map((row) => {
    const numbers = row.dataset.teams.split(" ").map(Number);
    for (const number of numbers) note(number, row.querySelector("th").textContent);
    return [row, new Set(numbers)];
  });
  let picked = null;

  function filter() {
    const words = plain(find.value).split(/\s+/).filter(Boolean), kind = only.value;
    const shown = teams.map((team, number) => (!picked || picked[1].has(number)) && (!kind || team.has.has(kind))
      && words.every((word) => team.words.includes(word)));
    const filtered = words.length > 0 || kind !== "" || picked !== null;
    for (const [row, number] of rows) row.hidden = !shown[number];
    for (const [row, under] of owners) row.hidden = under.every((entry) => entry.hidden);
    for (const [row, numbers] of themes) row.hidden = filtered && row !== (picked && picked[0]) && ![...numbers].some((number) => shown[number]);
    const count = shown.filter(Boolean).length;
    const because = picked ? ` with “${picked[0].querySelector("bdi").textContent}”` : "";
    said.textContent = filtered ? `${count} of ${teams.length} teams${because}` : `${teams.length} teams`;
    clear.hidden = !filtered;
  }

  for (const theme of themes) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "show only these";
    button.className = "index-pick";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const before = picked;
      if (before) before[0].querySelector(".index-pick").setAttribute("aria-pressed", "false");
      picked = before && before[0] === theme[0] ? null : theme;
      button.setAttribute("aria-pressed", String(picked !== null));
      filter();
    });
    theme[0].querySelector("td b").after(button);
  }
  find.addEventListener("input", filter);
  only.addEventListener("change", filter);
  clear.addEventListener("click", () => {
    if (picked) picked[0].querySelector(".index-pick").setAttribute("aria-pressed", "false");
    picked = null;
    find.value = only.value = "";
    filter();
    find.focus();
  });
  document.getElementById("tools").hidden = teams.length === 0;
  filter();
})();
