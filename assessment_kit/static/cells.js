/*
 * Cells of a table: the editors' face for one value of a column.
 */

/** One cell. Same face as an editor, and `value` is what it holds now. */
function makeCell(column, on, labels) {
  const names = { "aria-labelledby": labels };
  let line;
  if (column.type === "rate") {
    line = rateFields(column, on, names, column.label);
    line.node = h("div", { class: "akf-cell akf-cell-rate" }, line.input, line.period);
  } else if (column.type === "choice") {
    line = column.other ? suggestField(column, on, names) : selectField(column, on, names);
    line.node = h("div", { class: "akf-cell" }, line.input, line.list);
  } else {
    line = typedField(
      column.type,
      column,
      on,
      { ...names, ...(column.type === "text" ? { rows: 1, dir: "auto" } : {}) },
      { area: column.type === "text" },
    );
    line.node = h("div", { class: "akf-cell" }, line.input, column.type === "text" ? null : line.echo);
  }
  return line;
}

/** A closed list, blank at first. A text that is none of its choices stays visible as one. */
function selectField(column, on, names) {
  const input = h(
    "select",
    { class: "akf-input", ...names, onchange: () => on.commit() },
    h("option", { value: "" }, "–"),
    column.choices.map((choice) => h("option", { value: choice.id, title: choice.anchor }, choice.label)),
  );
  return {
    input,
    focus: () => input.focus(),
    busy: () => false,
    show(value) {
      const text = typed(value);
      input.querySelector("option[data-kept]")?.remove();
      if (text && !column.choices.some((choice) => choice.id === text))
        input.append(h("option", { value: text, "data-kept": true }, text));
      input.value = text;
      if (line(text)) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    },
    read: () => input.value || undefined,
    problems: () => [line(input.value)].filter(Boolean),
  };
  function line(text) {
    return text ? READERS.choice(column, text).problem : null;
  }
}

/** An open list: suggestions, or one's own words. */
function suggestField(column, on, names) {
  const id = newId("list");
  const field = makeField({ attributes: { ...names, list: id, dir: "auto" }, ontype: on.type, oncommit: on.commit });
  return {
    input: field.input,
    focus: () => field.input.focus(),
    busy: () => field.touched,
    list: h(
      "datalist",
      { id },
      column.choices.map((choice) => h("option", { value: choice.label })),
    ),
    show(value) {
      field.show(isEmpty(value) ? "" : choiceLabel(column, typed(value)));
    },
    read: () => (field.text.trim() ? READERS.choice(column, field.text).value : undefined),
    problems: () => [],
  };
}
