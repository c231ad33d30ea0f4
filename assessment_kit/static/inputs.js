/*
 * Editors of one value in one line: text, number, percent, duration, date, rate.
 *
 * Every editor has the same face: {node, focus(), busy(), show(value), read(), problems()}.
 * It calls on.type() while something is being typed, on.commit() when it is done.
 */
const EDITORS = {};

/** Which attributes and width a field of a type has. */
const FACES = {
  text: {},
  date: { class: "akf-input akf-date", placeholder: "2026-11-24" },
  number: { class: "akf-input akf-number", inputmode: "decimal" },
  percent: { class: "akf-input akf-number", inputmode: "decimal" },
  amount: { class: "akf-input akf-number", inputmode: "decimal" },
  duration: { class: "akf-input akf-duration", placeholder: "45 min" },
};
FACES.said_rate = FACES.amount;

/** A field of one type with its echo: what the kit understood, where that is not what stands there. */
function typedField(type, spec, on, attributes = {}, { area = false, say = null } = {}) {
  const echo = h("output", { class: "akf-echo", "aria-live": say ? "polite" : "off" });
  const read = () => {
    const text = field.text;
    return text.trim() === "" && type !== "text" ? {} : text === "" ? {} : READERS[type](spec, text);
  };
  const refresh = () => {
    const { value, problem } = read();
    let said = "";
    if (say && !problem && value !== undefined) said = say(value);
    else if (!problem && type === "duration" && value !== undefined) {
      const minutes = parseDuration(value);
      if (sayMinutes(minutes) !== value) said = `= ${sayMinutes(minutes)}`;
    } else if (!problem && type !== "text" && value !== undefined && typed(value) !== field.text.trim())
      said = `= ${typed(value)}`;
    setText(echo, said);
    // While typing, half a word is not a mistake; a mistake that was mended is none at once.
    if (!field.touched || !problem) field.mark(Boolean(problem));
  };
  const field = makeField({
    area,
    attributes: { ...FACES[type], ...attributes },
    ontype() {
      refresh();
      on.type();
    },
    oncommit() {
      refresh();
      on.commit();
    },
  });
  return {
    field,
    echo,
    refresh,
    input: field.input,
    focus: () => field.input.focus(),
    busy: () => field.touched,
    show(value) {
      // "1,240" and 1240 are the same answer: what somebody typed stays as it was typed.
      if (field.touched || same(read().value, isEmpty(value) ? undefined : value)) return;
      field.show(type === "duration" && typeof value === "number" ? sayMinutes(value) : typed(value));
      refresh();
    },
    read: () => read().value,
    problems: () => [read().problem].filter(Boolean),
  };
}

function scalarEditor(type, options) {
  return (spec, on, names) => {
    const line = typedField(
      type,
      spec,
      on,
      { id: names.field, "aria-describedby": names.describedby, dir: type === "text" ? "auto" : null },
      options,
    );
    const unit = spec.type === "percent" && !spec.unit ? "%" : spec.unit;
    const node = h(
      "div",
      { class: "akf-line" },
      line.input,
      unit && h("span", { class: "akf-unit", id: names.unit }, unit),
      line.echo,
    );
    return { ...line, node };
  };
}

EDITORS.text = scalarEditor("text", { area: true });
EDITORS.number = scalarEditor("number");
EDITORS.percent = scalarEditor("percent");
EDITORS.duration = scalarEditor("duration");

EDITORS.date = (spec, on, names) => {
  const line = typedField("date", spec, on, { id: names.field, "aria-describedby": names.describedby });
  // The browser's own calendar, behind a button: its typed half forgets an unfinished date, ours does not.
  const calendar = h("input", { type: "date", class: "akf-calendar", tabindex: "-1", "aria-hidden": "true" });
  calendar.addEventListener("change", () => {
    if (!calendar.value) return;
    line.input.value = calendar.value;
    line.input.dispatchEvent(new Event("input", { bubbles: true }));
    line.input.dispatchEvent(new Event("change", { bubbles: true }));
    line.focus();
  });
  const open = button(
    "Calendar",
    () => {
      calendar.value = parseDate(line.field.text) || "";
      if (calendar.showPicker) calendar.showPicker();
      else calendar.focus();
    },
    { "aria-label": `Calendar for: ${spec.label}` },
  );
  return { ...line, node: h("div", { class: "akf-line" }, line.input, open, calendar, line.echo) };
};

/** An amount with its period. The period stands ready but answers nothing by itself. */
function rateFields(spec, on, attributes, label, onamount = () => {}) {
  const period = periodSelect(spec.per, `Period: ${label}`, () => {
    line.refresh();
    on.commit();
  });
  const usual = period.value;
  // A period that another text has set, or that is read from this one, is said: it must not go along unseen.
  const say = (amount) => {
    onamount(amount);
    const per = parseRate(line.field.text).per || period.value;
    const asTyped = typed(amount) === line.field.text.trim();
    return asTyped && per === usual ? "" : `= ${typed(amount)} a ${per}`;
  };
  const line = typedField(
    "said_rate",
    spec,
    {
      type: on.type,
      commit() {
        takePeriod();
        on.commit();
      },
    },
    attributes,
    { say },
  );
  // Somebody who types "21 a week" means both.
  const takePeriod = () => {
    const said = parseRate(line.field.text);
    if (!said.per) return;
    period.value = said.per;
    line.input.value = said.amount.trim();
    line.refresh();
  };
  let kept = {};
  return {
    ...line,
    period,
    show(value) {
      kept = isObject(value) ? value : {};
      line.show(isObject(value) ? value.amount : value);
      if (PERIODS.includes(kept.per) && !line.busy()) period.value = kept.per;
      line.refresh();
    },
    read() {
      const said = parseRate(line.field.text);
      const amount = line.read();
      return isEmpty(amount) ? undefined : { ...kept, amount, per: said.per || period.value };
    },
  };
}

EDITORS.rate = (spec, on, names) => {
  const unit = h("span", { class: "akf-unit", id: names.unit }, spec.unit || "times");
  const once = (amount) => !spec.unit && setText(unit, amount === 1 ? "time" : "times");
  const rate = rateFields(spec, on, { id: names.field, "aria-describedby": names.describedby }, spec.label, once);
  return { ...rate, node: h("div", { class: "akf-line" }, rate.input, unit, rate.period, rate.echo) };
};
