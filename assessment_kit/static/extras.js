/*
 * What is said about an answer, behind "More": don't know, not applicable, how sure, from what to what, source, note.
 *
 * Nothing of it is in the page until somebody opens it: sixty closed drawers should cost nothing.
 */
const NUMERIC = ["number", "rate", "percent", "duration"];
const STATUSES = [
  ["unknown", "Don’t know"],
  ["not_applicable", "Not applicable"],
  ["declined", "Declined"],
];
const BASES = [
  ["measured", "Measured"],
  ["estimated", "Estimated"],
  ["guess", "A guess"],
];

/** Sum up in a few words what a closed drawer holds. */
function sumUp(answer = {}) {
  const parts = [STATUS_WORDS[answer.status], answer.basis];
  if (!isEmpty(answer.low) || !isEmpty(answer.high)) parts.push(sayRange(answer));
  if (!isEmpty(answer.median)) parts.push(`median ${typed(answer.median)}`);
  if (!isEmpty(answer.worst)) parts.push(`worst ${typed(answer.worst)}`);
  if (!isEmpty(answer.n)) parts.push(`n = ${answer.n}`);
  if (answer.source) parts.push("source");
  if (answer.note) parts.push("note");
  if (answer.follow_up) parts.push("follow up");
  return parts.filter(Boolean).join(" · ");
}

/** Buttons of which one, or none, is pressed. */
function toggles(name, options, onpick) {
  const buttons = options.map(([value, text]) =>
    h(
      "button",
      {
        type: "button",
        class: "akf-toggle",
        "aria-pressed": "false",
        "data-value": value,
        onclick: (event) => onpick(event.currentTarget.getAttribute("aria-pressed") === "true" ? undefined : value),
      },
      text,
    ),
  );
  return {
    node: h("div", { class: "akf-toggles", role: "group", "aria-label": name }, buttons),
    show(value) {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each.dataset.value === value));
    },
  };
}

/** The drawer's inside. `change(fields)` takes new values; undefined removes one. */
function makeExtras(spec, change, typing) {
  const fields = {};
  const numeric = NUMERIC.includes(spec.type);
  const unit = spec.type === "percent" ? "%" : spec.type === "duration" ? "" : spec.unit;

  function textField(key, text, { area = false, placeholder = null } = {}) {
    const id = newId(key);
    const field = makeField({
      area,
      attributes: { id, dir: "auto", placeholder },
      ontype: () => typing({ [key]: field.text || undefined }),
      oncommit: () => change({ [key]: field.text || undefined }),
    });
    fields[key] = { show: (value) => field.show(typed(value)), problems: () => [], input: field.input };
    return h("div", { class: "akf-extra akf-extra-text" }, h("label", { for: id }, text), field.input);
  }

  function numberField(key, text, type, more = {}) {
    const id = newId(key);
    const line = typedField(
      type,
      { ...spec, constraint: {}, ...more },
      { type: () => typing({ [key]: line.read() }), commit: () => change({ [key]: line.read() }) },
      { id },
    );
    fields[key] = { ...line, problems: () => line.problems().map((problem) => `${text}: ${problem}`) };
    return h(
      "div",
      { class: "akf-extra" },
      h("label", { for: id }, text),
      h("div", { class: "akf-line" }, line.input, line.echo),
    );
  }

  const status = toggles("Instead of an answer", STATUSES, (value) =>
    change({ status: value, ...(value === "not_applicable" ? {} : { reason: undefined }) }),
  );
  const reason = textField("reason", "Why does it not apply?");
  const basis = toggles("How sure", BASES, (value) => change({ basis: value }));
  const followId = newId("follow");
  const follow = h("input", {
    type: "checkbox",
    id: followId,
    onchange: () => change({ follow_up: follow.checked || undefined }),
  });
  const type = spec.type === "rate" ? "amount" : spec.type;
  const group = (title, ...nodes) =>
    h(
      "div",
      { class: "akf-extra-group" },
      h("span", { class: "akf-extra-title", "aria-hidden": "true" }, title),
      ...nodes,
    );

  const node = h(
    "div",
    { class: "akf-extras" },
    group("Instead of an answer", status.node, reason),
    !["text", "tags", "date"].includes(spec.type) && group("How sure", basis.node),
    numeric &&
      group(
        `Range${unit ? `, ${unit}` : ""}`,
        h("div", { class: "akf-line" }, numberField("low", "Low", type), numberField("high", "High", type)),
      ),
    spec.type === "duration" &&
      group(
        "If you know them",
        h(
          "div",
          { class: "akf-line" },
          numberField("median", "Median", "duration"),
          numberField("worst", "Worst", "duration"),
          numberField("n", "Out of how many", "number", { unit: "", constraint: { min: 1, integer: true } }),
        ),
      ),
    ["percent", "rate"].includes(spec.type) &&
      group(
        "If it was counted",
        h(
          "div",
          { class: "akf-line" },
          numberField("n", spec.type === "rate" ? "How many in all" : "Out of how many", "number", {
            unit: "",
            constraint: { min: 1, integer: true },
          }),
        ),
      ),
    textField("source", "Source", { placeholder: "Ticket tool, on-call log, memory …" }),
    textField("note", "Note", { area: true }),
    h("label", { class: "akf-check" }, follow, h("span", {}, "Follow up on this after the conversation")),
  );

  return {
    node,
    show(answer = {}) {
      status.show(answer.status);
      basis.show(answer.basis);
      setHidden(reason, answer.status !== "not_applicable");
      follow.checked = answer.follow_up === true;
      for (const [key, field] of Object.entries(fields)) field.show(answer[key]);
    },
    focus(key) {
      fields[key]?.input.focus();
    },
    problems: () => Object.values(fields).flatMap((field) => field.problems()),
  };
}

/** Say what is wrong between the parts of an answer: the order of low, value and high; a missing reason. */
function spreadProblems(spec, answer = {}) {
  if (answer.status === "not_applicable")
    return (answer.reason || "").trim() ? [] : ["Say in one sentence why it does not apply."];
  if (answer.status !== "answered" || !NUMERIC.includes(spec.type)) return [];
  const number = (value) =>
    spec.type === "duration" ? parseDuration(value) : typeof value === "number" ? value : null;
  const likely = number(isObject(answer.value) ? answer.value.amount : answer.value);
  const [low, high] = [number(answer.low ?? null), number(answer.high ?? null)];
  const found = [];
  if (likely === null) return found;
  const said = sayValue(spec, answer.value);
  if (low !== null && low > likely)
    found.push(`Low (${typed(answer.low)}) is above the likely value (${said}). Exchange them, or correct one.`);
  if (high !== null && high < likely)
    found.push(`High (${typed(answer.high)}) is below the likely value (${said}). Exchange them, or correct one.`);
  return found;
}
