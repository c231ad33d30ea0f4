/*
 * Editors of choices and tags: radio cards with written anchors, check boxes with "other", words as chips.
 */

EDITORS.choice = (spec, on, names) => {
  const name = newId("choice");
  let free = null;
  const clear = button(
    "Clear this choice",
    () => {
      pick(null);
      radios[0].focus();
      on.commit();
    },
    { class: "akf-button akf-quiet" },
  );
  const radios = [];
  const card = (value, label, anchor) => {
    const id = newId("anchor");
    const radio = h("input", {
      type: "radio",
      name,
      value,
      "aria-describedby": anchor ? id : null,
      onchange: () => {
        refresh();
        on.commit();
      },
    });
    radios.push(radio);
    return h(
      "label",
      { class: "akf-card" },
      radio,
      h(
        "span",
        { class: "akf-card-text" },
        h("span", { class: "akf-card-label" }, label),
        anchor && h("span", { class: "akf-card-anchor", id }, anchor),
      ),
    );
  };
  const cards = spec.choices.map((choice) => card(choice.id, choice.label, choice.anchor));
  if (spec.other) {
    // A value that no choice can have: an id is never empty.
    cards.push(card("", "Something else"));
    free = makeField({
      attributes: { "aria-label": `Something else: ${spec.label}`, dir: "auto" },
      ontype: () => {
        radios.at(-1).checked = true;
        refresh();
        on.type();
      },
      oncommit: () => on.commit(),
    });
    cards.push(free.input);
  }
  const chosen = () => radios.find((radio) => radio.checked);
  const pick = (value) => {
    for (const radio of radios) radio.checked = radio.value === value;
    refresh();
  };
  const refresh = () => {
    setHidden(clear, !chosen());
    if (free) setHidden(free.input, chosen() !== radios.at(-1));
  };
  const wrong = h("p", { class: "akf-kept", hidden: true });
  let kept;
  refresh();
  return {
    node: h(
      "div",
      { class: spec.choices.some((choice) => choice.anchor) ? "akf-cards" : "akf-cards akf-cards-short" },
      cards,
      wrong,
      clear,
    ),
    focus: () => (chosen() || radios[0]).focus(),
    busy: () => Boolean(free?.touched),
    show(value) {
      const known = spec.choices.some((choice) => choice.id === value);
      kept = !known && !spec.other && !isEmpty(value) ? value : undefined;
      if (free && !known && !isEmpty(value)) {
        pick("");
        free.show(String(value));
        refresh();
      } else pick(known ? value : null);
      setText(wrong, kept === undefined ? "" : `Kept as it was: ${typed(kept)}`);
      setHidden(wrong, kept === undefined);
    },
    read() {
      const radio = chosen();
      if (!radio) return kept;
      return radio.value || free?.text.trim() || undefined;
    },
    problems: () => (chosen() || kept === undefined ? [] : [READERS.choice(spec, typed(kept)).problem]),
  };
};

/** Words as chips: comma or Enter ends one, Backspace takes the last one back into the field. */
function chipField(spec, on, attributes, placeholder) {
  let words = [];
  const list = h("ul", { class: "akf-chips", "aria-label": `Entered: ${spec.label}`, hidden: true });
  const draw = () =>
    setList(list, words, (word) => {
      const remove = iconButton("×", `Remove ${word}`, () => {
        const at = words.indexOf(word);
        words = words.filter((_, index) => index !== at);
        draw();
        field.input.focus();
        on.commit();
      });
      return h("li", { class: "akf-chip", dir: "auto" }, h("span", {}, word), remove);
    });
  const split = (text) =>
    text
      .split(/[,\n\r\t]+/)
      .map((word) => word.trim())
      .filter(Boolean);
  const add = (text) => {
    words = [...words, ...split(text).filter((word, at, all) => !words.includes(word) && all.indexOf(word) === at)];
    field.input.value = "";
    field.touched = false;
    draw();
    on.commit();
  };
  const field = makeField({
    attributes: { placeholder, dir: "auto", ...attributes },
    ontype() {
      if (/[,\n]/.test(field.text)) add(field.text);
      else on.type();
    },
    oncommit() {
      add(field.text);
    },
  });
  field.input.addEventListener("keydown", (event) => {
    if (event.key !== "Backspace" || field.text !== "" || !words.length) return;
    event.preventDefault();
    field.input.value = words.at(-1);
    field.touched = true;
    words = words.slice(0, -1);
    draw();
    on.type();
  });
  field.input.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[,\n\t]/.test(text.trim())) return;
    event.preventDefault();
    add(`${field.text},${text}`);
  });
  return {
    list,
    field,
    // A word that is still being typed counts: a kernel that dies now must not take it along.
    words: () => [...words, ...split(field.text).filter((word) => !words.includes(word))],
    show(value) {
      if (field.touched || same(value, words)) return;
      words = [...value];
      draw();
    },
  };
}

EDITORS.tags = (spec, on, names) => {
  const chips = chipField(
    spec,
    on,
    { id: names.field, "aria-describedby": names.describedby },
    "Type, then comma or Enter",
  );
  return {
    node: h("div", { class: "akf-tags" }, chips.list, chips.field.input),
    focus: () => chips.field.input.focus(),
    busy: () => chips.field.touched,
    show: (value) => chips.show(Array.isArray(value) ? value.map(String) : isEmpty(value) ? [] : [typed(value)]),
    read: () => (chips.words().length ? chips.words() : undefined),
    problems: () => [],
  };
};

EDITORS.multi = (spec, on) => {
  const boxes = spec.choices.map((choice) =>
    h("input", { type: "checkbox", value: choice.id, onchange: (event) => choose(event.currentTarget) }),
  );
  // A guide names this choice so: "none of these" beside another one would say both.
  const none = boxes.find((box) => box.value === "none");
  const others = () => boxes.filter((box) => box !== none && box.checked);
  function choose(box) {
    const out = !box.checked || !none ? [] : box === none ? others() : none.checked ? [none] : [];
    for (const each of out) each.checked = false;
    on.commit();
    if (!out.length) return;
    const again = () => {
      for (const each of out) each.checked = true;
      box.checked = false;
      on.commit();
    };
    const labels = out.map((each) => `“${choiceLabel(spec, each.value)}”`).join(", ");
    on.undo(`“${choiceLabel(spec, box.value)}” took out ${labels}.`, again);
  }
  const cards = spec.choices.map((choice, at) =>
    h(
      "label",
      { class: "akf-card" },
      boxes[at],
      h(
        "span",
        { class: "akf-card-text" },
        h("span", { class: "akf-card-label" }, choice.label),
        choice.anchor && h("span", { class: "akf-card-anchor" }, choice.anchor),
      ),
    ),
  );
  const chips =
    spec.other && chipField(spec, on, { "aria-label": `Other: ${spec.label}` }, "Other: type, then comma or Enter");
  let kept = {};
  return {
    node: h(
      "div",
      {},
      h("div", { class: "akf-cards akf-cards-short" }, cards),
      chips && h("div", { class: "akf-tags akf-other" }, chips.list, chips.field.input),
    ),
    focus: () => boxes[0].focus(),
    busy: () => Boolean(chips?.field.touched),
    show(value) {
      kept = isObject(value) ? value : {};
      const chosen = Array.isArray(kept.chosen) ? kept.chosen : [];
      for (const box of boxes) box.checked = chosen.includes(box.value);
      if (chips) chips.show(Array.isArray(kept.other) ? kept.other.map(String) : []);
    },
    read() {
      // Choices of a guide that has since changed stay with the answer.
      const known = new Set(spec.choices.map((choice) => choice.id));
      const strangers = (Array.isArray(kept.chosen) ? kept.chosen : []).filter((id) => !known.has(id));
      const chosen = [...boxes.filter((box) => box.checked).map((box) => box.value), ...strangers];
      const other = chips ? chips.words() : kept.other || [];
      if (!chosen.length && !other.length) return undefined;
      const value = { ...kept, chosen };
      if (other.length) value.other = other;
      else delete value.other;
      return value;
    },
    problems: () =>
      none?.checked && (others().length || chips?.words().length)
        ? [`“${choiceLabel(spec, "none")}” stands beside something else. Keep one of the two.`]
        : [],
  };
};
