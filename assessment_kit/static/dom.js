/*
 * The page: elements and fields. Text from a guide or a user only ever becomes a text node or an attribute's value.
 */
let lastId = 0;
const newId = (word) => `akf-${word}-${(lastId += 1)}-${Math.random().toString(36).slice(2, 8)}`;

/** Make an element: h("p", {class: "x", onclick: f}, "text", child, …). A null or false attribute is left out. */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Change a node's text only when it differs: an untouched node is not drawn again. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/** Replace a list's entries by texts, when they differ. */
function setList(list, texts, make = (text) => h("li", {}, text)) {
  const key = JSON.stringify(texts);
  if (list.akfKey === key) return;
  list.akfKey = key;
  list.replaceChildren(...texts.map(make));
  setHidden(list, texts.length === 0);
}

const button = (text, onclick, attributes = {}) =>
  h("button", { type: "button", class: "akf-button", onclick, ...attributes }, text);

/** A button with a drawn sign and a name for those who do not see it. */
function iconButton(sign, name, onclick, attributes = {}) {
  return h(
    "button",
    { type: "button", class: "akf-icon", "aria-label": name, title: name, onclick, ...attributes },
    h("span", { "aria-hidden": "true" }, sign),
  );
}

/**
 * One line (or an area) of text that tells when it is being typed into, and when the typing is done.
 *
 * `touched` is true from the first keystroke until the text is committed: until then nothing from outside replaces it.
 */
function makeField({ area = false, attributes = {}, ontype, oncommit }) {
  const input = h(area ? "textarea" : "input", {
    class: "akf-input",
    ...(area ? { rows: 2 } : { type: "text" }),
    autocomplete: "off",
    ...attributes,
  });
  const field = {
    input,
    touched: false,
    get text() {
      return input.value;
    },
    /** Show a text from outside, unless somebody is typing here. */
    show(text) {
      if (!field.touched && input.value !== text) input.value = text;
    },
    mark(bad) {
      if (bad) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    },
  };
  const done = () => {
    if (!field.touched) return;
    field.touched = false;
    oncommit(field);
  };
  input.addEventListener("input", () => {
    field.touched = true;
    ontype(field);
  });
  input.addEventListener("change", done);
  input.addEventListener("blur", done);
  if (!area)
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) done();
    });
  return field;
}

function periodSelect(value, name, onchange) {
  const select = h(
    "select",
    { class: "akf-input akf-period", "aria-label": name, onchange },
    PERIODS.map((period) => h("option", { value: period }, `a ${period}`)),
  );
  select.value = PERIODS.includes(value) ? value : "month";
  return select;
}
