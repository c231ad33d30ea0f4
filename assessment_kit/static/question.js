/*
 * One question: its words, its editor, and what stands beside it (last time, the measurement, two versions, problems).
 */
const GROUPS = ["choice", "multi", "table", "rate"];
const fromSource = ({ source }) => (source ? ` from ${source}` : "");

function makeQuestion(spec, form) {
  const names = {
    field: newId("field"),
    label: newId("label"),
    hint: newId("hint"),
    unit: newId("unit"),
    problems: newId("problems"),
  };
  const hasUnit = spec.type === "rate" || ((spec.unit || spec.type === "percent") && NUMERIC.includes(spec.type));
  const describing = [spec.hint && names.hint, hasUnit && names.unit, names.problems];
  names.describedby = describing.filter(Boolean).join(" ");

  const store = form.store;
  let extras = null;
  let remote = [];
  let undoUntilEdit = false;

  const on = {
    type() {
      dropUndo();
      takeValue();
      form.later();
      refresh();
    },
    commit() {
      dropUndo();
      takeValue();
      refresh();
      form.commit();
    },
    undo: offerUndo,
  };
  const editor = EDITORS[spec.type](spec, on, names);

  /* Words */
  const core = spec.core ? h("span", { class: "akf-core", title: "Part of the short, 30-minute path" }, "core") : null;
  const later = h("span", { class: "akf-core akf-later", hidden: true }, "if there is time");
  const words = [h("span", { id: names.label, class: "akf-question-text" }, spec.label), core && " ", core, " ", later];
  const group = GROUPS.includes(spec.type);
  // A rate has one field that the question names, and its period beside it.
  const inLegend = spec.type === "rate" ? h("label", { for: names.field }, words) : words;
  const title = group
    ? h("legend", { class: "akf-label" }, inLegend)
    : h("label", { class: "akf-label", for: names.field }, words);
  const hint = spec.hint ? h("p", { class: "akf-hint", id: names.hint }, spec.hint) : null;
  const guidance = spec.guidance
    ? h(
        "details",
        { class: "akf-guidance" },
        h("summary", {}, "For the facilitator", h("span", { class: "akf-hidden" }, `: ${spec.label}`)),
        h("p", {}, spec.guidance),
      )
    : null;

  /* Beside the answer */
  const status = h("p", { class: "akf-status", hidden: true });
  const measured = h("p", { class: "akf-measured", hidden: true });
  const problems = h("ul", { class: "akf-problems", id: names.problems, hidden: true });
  const notice = h("div", { class: "akf-notice", role: "status" });
  const beside = h("div", { class: "akf-beside" });
  const summary = h("span", { class: "akf-more-summary" });
  const more = h(
    "details",
    {
      class: "akf-more",
      ontoggle: () => {
        if (more.open) openExtras();
      },
    },
    h("summary", {}, "More", h("span", { class: "akf-hidden" }, ` about: ${spec.label}`), summary),
  );

  const answerBox = h(
    "div",
    { class: "akf-answer" },
    h("div", { class: "akf-editor" }, editor.node, status, measured, problems, notice),
    beside,
  );
  const node = h(
    group ? "fieldset" : "div",
    {
      class: "akf-question",
      "data-question": spec.id,
      "data-type": spec.type,
      "aria-describedby": group ? names.describedby : null,
    },
    title,
    hint,
    answerBox,
    h("div", { class: "akf-foot" }, more, guidance),
  );

  function openExtras() {
    if (extras) return;
    extras = makeExtras(
      spec,
      (fields) => {
        store.setFields(spec.id, fields);
        show();
        form.commit();
        if (fields.status === "not_applicable") extras.focus("reason");
      },
      (fields) => {
        store.setFields(spec.id, fields);
        form.later();
        refresh();
      },
    );
    extras.show(store.get(spec.id));
    more.append(extras.node);
  }

  /* A typed answer in the place of a measured one: possible, but not by accident. */
  function takeValue() {
    const before = store.get(spec.id);
    const value = editor.read();
    store.setValue(spec.id, value);
    if (before?.said && before.basis === "measured" && !same(before.value, value)) {
      store.setFields(spec.id, {
        basis: undefined,
        definition: undefined,
        period: undefined,
        n: undefined,
        source: undefined,
      });
      offerUndo(
        `This replaces what was measured${fromSource(before)} (${sayValue(spec, before.value)}).`,
        () => put(before),
      );
    }
  }

  function put(answer) {
    store.put(spec.id, answer);
    show();
    form.commit();
  }

  function offerUndo(text, undo, list = []) {
    undoUntilEdit = false;
    const again =
      undo &&
      button(
        "Undo",
        () => {
          notice.replaceChildren();
          undo();
          editor.focus();
        },
        { class: "akf-button akf-quiet" },
      );
    const close = list.length
      ? button("Dismiss", () => notice.replaceChildren(), { class: "akf-button akf-quiet" })
      : null;
    const shown = list.slice(0, 20).map((line) => h("li", {}, line));
    if (list.length > 20) shown.push(h("li", {}, `and ${list.length - 20} more`));
    notice.replaceChildren(
      h("span", {}, text, " "),
      again || "",
      close || "",
      shown.length ? h("ul", { class: "akf-problems" }, shown) : "",
    );
  }

  function dropUndo() {
    if (undoUntilEdit) notice.replaceChildren();
    undoUntilEdit = false;
  }

  /* Showing */
  function refresh() {
    const answer = store.get(spec.id);
    setText(summary, sumUp(answer));
    const word = STATUS_WORDS[answer?.status];
    const because = answer?.status === "not_applicable" && answer.reason ? `: ${answer.reason}` : "";
    setText(
      status,
      word
        ? `Marked as “${word}”${because}. An answer above replaces it.`
        : "",
    );
    setHidden(status, !word);
    node.toggleAttribute("data-answered", Boolean(answer && (word || !isEmpty(answer.value))));
    const isMeasured = answer?.basis === "measured" && (answer.said || answer.source);
    const parts = isMeasured
      ? [
          `Measured${fromSource(answer)}.`,
          answer.said && `The team said: ${sayAnswer(spec, answer.said)}`,
        ]
      : [];
    setText(measured, parts.filter(Boolean).join(" "));
    setHidden(measured, !isMeasured);
    showProblems(answer);
  }

  function showProblems(answer) {
    const answered = !answer || !answer.status || answer.status === "answered";
    const inEditor = answered && !(editor.busy() && spec.type !== "table") ? editor.problems() : [];
    const local = [...inEditor, ...(extras ? extras.problems() : []), ...spreadProblems(spec, answer)];
    // The browser knows at once; what only the kernel knows comes with its answer.
    setList(problems, local.length ? local : remote);
  }

  /** Show the stored answer, except where somebody is typing. */
  function show() {
    const answer = store.get(spec.id);
    if (!editor.busy() || spec.type === "table") editor.show(answer?.value);
    if (extras) extras.show(answer);
    refresh();
  }

  /* Last time, and two versions */
  const slots = { previous: null, collision: null };
  function fill(slot, content) {
    const key = JSON.stringify(content ?? null);
    if (slots[slot]?.key === key) return;
    slots[slot]?.node?.remove();
    slots[slot] = { key, node: content ? (slot === "previous" ? previousBox(content) : collisionBox(content)) : null };
    if (slots[slot].node) beside[slot === "collision" ? "prepend" : "append"](slots[slot].node);
    answerBox.toggleAttribute("data-beside", beside.children.length > 0);
  }

  function previousBox({ text, answer, date }) {
    const take = () => {
      const before = store.get(spec.id);
      put(sameAsLastTime(answer, before));
      offerUndo(`Taken over from ${date}.`, () => put(before));
      undoUntilEdit = true;
    };
    return h(
      "div",
      { class: "akf-previous" },
      h("span", { class: "akf-small" }, `Last time, ${date}`),
      h("span", { class: "akf-previous-text", dir: "auto" }, text),
      answer && button("Same as last time", take, { "aria-label": `Same as last time: ${spec.label}` }),
    );
  }

  function collisionBox({ mine, theirs }) {
    const choose = (choice) => {
      put(clone(choice === "mine" ? mine : theirs) ?? undefined);
      form.send({ type: "resolve", id: spec.id, choice });
      fill("collision", null);
      editor.focus();
    };
    const row = (name, answer, choice, action) =>
      h(
        "div",
        { class: "akf-collision-row" },
        h("span", { class: "akf-small" }, name),
        h("span", { dir: "auto" }, sayAnswer(spec, answer)),
        button(action, () => choose(choice), { "aria-label": `${action}: ${spec.label}` }),
      );
    return h(
      "div",
      { class: "akf-collision", role: "alert" },
      h("p", {}, "This answer was changed in two places. Which one should stay?"),
      row("Here", mine, "mine", "Keep this one"),
      row("Elsewhere", theirs, "theirs", "Take that one"),
    );
  }

  return {
    spec,
    node,
    show,
    refresh,
    focus() {
      node.scrollIntoView({ block: "center", behavior: "instant" });
      editor.focus();
    },
    setPlanned: (planned) => setHidden(later, planned),
    setRemote(texts) {
      remote = texts || [];
      showProblems(store.get(spec.id));
    },
    setPrevious: (content) => fill("previous", content),
    setCollision: (content) => fill("collision", content),
  };
}

/**
 * Return an answer that says the same as an earlier one. A measurement of last time is no measurement of this time, so
 * it comes over as an estimate; what was noted today stays.
 */
function sameAsLastTime(earlier, now = {}) {
  const taken = {};
  for (const key of ["status", "value", "low", "high", "median", "worst", "basis", "reason"])
    if (!isEmpty(earlier[key])) taken[key] = clone(earlier[key]);
  if (taken.basis === "measured") taken.basis = "estimated";
  const { note, follow_up: followUp, said } = now;
  return {
    ...taken,
    ...(note && { note }),
    ...(followUp && { follow_up: followUp }),
    ...(said && { said: clone(said) }),
  };
}
