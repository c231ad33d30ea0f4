/*
 * Tables: a real <table> with typed cells; add, remove with undo, reorder, paste from a spreadsheet.
 *
 * A row keeps what it had under names that this guide does not know; a cell keeps its value until somebody edits it.
 * A row with nothing in it is a place to type, not a part of the answer.
 */

/** Say a column above its cell, with the unit where the label does not say it already. */
function cardLabel({ type, label, unit }) {
  const says = !unit || label.toLowerCase().includes(unit.toLowerCase());
  return ["number", "percent"].includes(type) && !says ? `${label}, ${unit}` : label;
}

EDITORS.table = (spec, on, names) => {
  let rows = [];
  const heads = Object.fromEntries(spec.columns.map((column) => [column.id, newId("column")]));
  const body = h("tbody");
  const head = h(
    "thead",
    {},
    h(
      "tr",
      {},
      h("th", { scope: "col", class: "akf-row-number" }, h("span", { class: "akf-hidden" }, "Row")),
      spec.columns.map((column) =>
        h(
          "th",
          { scope: "col", "data-type": column.type, title: column.hint },
          h("span", { id: heads[column.id] }, column.label),
          column.required && h("span", { class: "akf-required" }, " (needed)"),
          h(
            "span",
            { class: "akf-column-unit" },
            column.type === "percent" && !column.unit ? "%" : column.type === "duration" ? "" : column.unit,
          ),
        ),
      ),
      h("th", { scope: "col" }, h("span", { class: "akf-hidden" }, "Move or remove the row")),
    ),
  );
  const table = h(
    "table",
    { class: "akf-table", "data-columns": spec.columns.length > 6 ? "many" : spec.columns.length > 4 ? "some" : "few" },
    head,
    body,
  );
  const hints = spec.columns.filter((column) => column.hint);
  const legend = hints.length
    ? h(
        "details",
        { class: "akf-columns-hint" },
        h("summary", {}, "What belongs in each column"),
        h(
          "dl",
          {},
          hints.map((column) => h("div", {}, h("dt", {}, column.label), h("dd", {}, column.hint))),
        ),
      )
    : null;

  function makeRow(stored = {}) {
    const rowName = newId("row");
    const row = { stored, cells: {} };
    const here = () => rows.indexOf(row);
    for (const column of spec.columns) {
      const take = () => {
        const value = row.cells[column.id].read();
        row.stored = { ...row.stored };
        if (isEmpty(value)) delete row.stored[column.id];
        else row.stored[column.id] = value;
      };
      row.cells[column.id] = makeCell(
        column,
        {
          type() {
            take();
            on.type();
          },
          commit() {
            take();
            on.commit();
          },
        },
        `${heads[column.id]} ${rowName}`,
      );
      row.cells[column.id].show(stored[column.id]);
    }
    row.number = h("span", { id: rowName });
    row.node = h(
      "tr",
      {},
      h("th", { scope: "row", class: "akf-row-number" }, row.number),
      spec.columns.map((column) =>
        h(
          "td",
          { "data-type": column.type },
          h(
            "span",
            { class: "akf-cell-label", "aria-hidden": "true" },
            cardLabel(column),
          ),
          row.cells[column.id].node,
        ),
      ),
      h(
        "td",
        { class: "akf-row-tools" },
        (row.up = iconButton("↑", "Move up", () => move(here(), -1, row.up))),
        (row.down = iconButton("↓", "Move down", () => move(here(), 1, row.down))),
        (row.remove = iconButton("×", "Remove", () => remove(here()))),
      ),
    );
    row.node.addEventListener("keydown", (event) => onKey(event, row));
    row.node.addEventListener("paste", (event) => onPaste(event, row));
    return row;
  }

  function draw() {
    rows.forEach((row, at) => {
      if (body.children[at] !== row.node) body.insertBefore(row.node, body.children[at] || null);
      setText(row.number, `Row ${at + 1}`);
      row.up.setAttribute("aria-label", `Move row ${at + 1} up`);
      row.down.setAttribute("aria-label", `Move row ${at + 1} down`);
      row.remove.setAttribute("aria-label", `Remove row ${at + 1}`);
      row.up.disabled = at === 0;
      row.down.disabled = at === rows.length - 1;
    });
    while (body.children.length > rows.length) body.lastChild.remove();
    for (const column of spec.columns) column.required && refreshRequired(column);
  }

  const blank = (row) =>
    spec.columns.every((column) => isEmpty(row.stored[column.id])) && Object.keys(row.stored).length === 0;
  const read = () => rows.filter((row) => !blank(row)).map((row) => row.stored);

  function refreshRequired(column) {
    for (const row of rows)
      row.cells[column.id].input.toggleAttribute("data-needed", !blank(row) && isEmpty(row.stored[column.id]));
  }

  function add(at, stored) {
    const row = makeRow(stored);
    rows.splice(at, 0, row);
    return row;
  }

  function move(at, step, focus) {
    const to = at + step;
    if (to < 0 || to >= rows.length) return;
    const [row] = rows.splice(at, 1);
    rows.splice(to, 0, row);
    draw();
    // A node that was moved in the page has lost the focus; a button at the end of its way is no place for it.
    (focus?.disabled ? (row.up.disabled ? row.down : row.up) : focus)?.focus();
    on.commit();
  }

  function remove(at) {
    const [row] = rows.splice(at, 1);
    const after = rows[at];
    if (!rows.length) add(0);
    draw();
    rows[Math.min(at, rows.length - 1)].remove.focus();
    on.commit();
    if (blank(row)) return;
    on.undo(`Row ${at + 1} removed.`, () => {
      if (rows.length === 1 && blank(rows[0])) rows = [];
      const place = after && rows.includes(after) ? rows.indexOf(after) : Math.min(at, rows.length);
      rows.splice(place, 0, row);
      draw();
      row.cells[spec.columns[0].id].focus();
      on.commit();
    });
  }

  function onKey(event, row) {
    const cell = spec.columns.findIndex((column) => row.cells[column.id].node.contains(event.target));
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const focus = event.target;
      const caret = focus.selectionStart;
      move(rows.indexOf(row), event.key === "ArrowUp" ? -1 : 1, focus);
      if (typeof caret === "number") focus.setSelectionRange(caret, caret);
    } else if (
      event.key === "Enter" &&
      cell >= 0 &&
      !event.shiftKey &&
      !event.isComposing &&
      !event.ctrlKey &&
      !event.metaKey
    ) {
      // As in a spreadsheet: down in the same column, and a new row behind the last one.
      event.preventDefault();
      const at = rows.indexOf(row);
      if (at === rows.length - 1) {
        add(at + 1);
        draw();
      }
      rows[at + 1].cells[spec.columns[cell].id].focus();
    }
  }

  function onPaste(event, row) {
    const column = spec.columns.findIndex((item) => row.cells[item.id].node.contains(event.target));
    const text = event.clipboardData?.getData("text/plain") ?? "";
    let cells = parseCells(text);
    if (column < 0 || !cells.length || (cells.length === 1 && cells[0].length === 1)) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
    const before = { rows: [...rows], stored: new Map(rows.map((item) => [item, item.stored])) };
    // A first line that repeats the headings is no row, and tells which column is which.
    const title = (word) => spec.columns.findIndex((item) => item.label.toLowerCase() === word.trim().toLowerCase());
    let targets = null;
    if (cells[0].filter((word) => word.trim()).every((word) => title(word) >= 0)) {
      targets = cells[0].map(title);
      cells = cells.slice(1);
    }
    const bad = [];
    // From the first column on (or under headings) they are new rows; from another one on, cells of the rows below.
    const fresh = column === 0 || targets !== null;
    const start = rows.indexOf(row) + (fresh && !blank(row) ? 1 : 0);
    cells.forEach((words, line) => {
      const at = start + line;
      const here = fresh ? line === 0 && rows[at] === row : at < rows.length;
      const target = here ? rows[at] : add(at);
      words.forEach((word, offset) => put(target, targets ? targets[offset] : column + offset, word, at, offset, bad));
    });
    draw();
    on.commit();
    const shown = `${cells.length} ${cells.length === 1 ? "row" : "rows"} pasted.`;
    on.undo(
      bad.length ? `${shown} ${bad.length === 1 ? "One cell needs" : `${bad.length} cells need`} a look.` : shown,
      () => {
        rows = before.rows;
        for (const [item, stored] of before.stored) {
          item.stored = stored;
          for (const each of spec.columns) item.cells[each.id].show(stored[each.id]);
        }
        draw();
        on.commit();
      },
      // A wrong type is named with the question's other problems; what has no column is named only here.
      bad.filter(Boolean),
    );
  }

  function put(target, at, word, line, offset, bad) {
    if (word.trim() === "") return;
    const column = spec.columns[at];
    if (!column) {
      bad.push(
        `Row ${line + 1}: ${quoted(word.trim())} in column ${offset + 1} was left out, the table has no column for it.`,
      );
      return;
    }
    const { value, problem } = READERS[column.type](column, word);
    target.stored = { ...target.stored, [column.id]: value };
    target.cells[column.id].show(value);
    if (problem) bad.push("");
  }

  add(0);
  draw();
  const more = button("Add a row", () => {
    const row = add(rows.length);
    draw();
    row.cells[spec.columns[0].id].focus();
  });
  return {
    node: h(
      "div",
      { class: "akf-table-box" },
      h("div", { class: "akf-scroll" }, table),
      h("div", { class: "akf-line" }, more, legend),
    ),
    focus: () => rows[0].cells[spec.columns[0].id].focus(),
    busy: () => rows.some((row) => Object.values(row.cells).some((cell) => cell.busy())),
    show(value) {
      const wanted = Array.isArray(value) ? value.filter(isObject) : [];
      if (same(read(), wanted)) return;
      const empties = rows.filter(blank);
      const filled = rows.filter((row) => !blank(row));
      rows = wanted.map((stored, at) => {
        const row = filled[at];
        if (!row) return makeRow(stored);
        row.stored = stored;
        for (const column of spec.columns) row.cells[column.id].show(stored[column.id]);
        return row;
      });
      if (!rows.length || empties.some((row) => row.node.contains(document.activeElement)))
        rows.push(empties[0] || makeRow());
      draw();
    },
    read() {
      for (const column of spec.columns) if (column.required) refreshRequired(column);
      const value = read();
      return value.length ? value : undefined;
    },
    problems() {
      const found = [];
      rows
        .filter((row) => !blank(row))
        .forEach((row, at) => {
          for (const column of spec.columns) {
            const cell = row.cells[column.id];
            if (cell.busy()) continue;
            for (const problem of cell.problems()) found.push(`Row ${at + 1}, ${column.label}: ${problem}`);
            if (column.required && isEmpty(row.stored[column.id]) && !row.node.contains(document.activeElement)) {
              found.push(`Row ${at + 1}: the cell is empty. Enter ${column.label.toLowerCase()}.`);
            }
          }
        });
      return found;
    },
  };
};
