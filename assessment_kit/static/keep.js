/*
 * What was typed and is not known to be saved, by document and section: the next view of the form offers it again.
 *
 * A kernel that stops takes with it what it had not written. The page still has it, and so has the tab after a reload;
 * it is never put back by itself, because meanwhile somebody may have answered.
 */
const inMemory = new Map();

function makeKeep(document, section, view) {
  const key = `assessment-kit ${document} ${section}`;
  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? inMemory.get(key) ?? "{}");
    } catch {
      return JSON.parse(inMemory.get(key) ?? "{}");
    }
  };
  function write(views) {
    for (const name of Object.keys(views)) if (!Object.keys(views[name]).length) delete views[name];
    const text = Object.keys(views).length ? JSON.stringify(views) : null;
    if (text === null) inMemory.delete(key);
    else inMemory.set(key, text);
    try {
      if (text === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, text);
    } catch {
      // Full, or not allowed here: then it is kept as long as the page lives.
    }
  }
  const change = (act) => {
    if (!document) return;
    const views = read();
    act(views);
    write(views);
  };
  return {
    sent(edit, changed, was) {
      change((views) => {
        const own = (views[view] ??= {});
        for (const id of Object.keys(changed)) own[id] = { edit, entry: changed[id], was: own[id]?.was ?? was[id] };
      });
    },
    /** Forget what is saved: `edits` says by view up to which edit. */
    saved(edits = {}) {
      if (!document || !inMemory.has(key)) return;
      change((views) => {
        for (const [name, kept] of Object.entries(views))
          for (const id of Object.keys(kept)) if (kept[id].edit <= (edits[name] ?? 0)) delete kept[id];
      });
    },
    /** Return what earlier views had sent and nobody saved, by question; the latest where there are several. */
    left() {
      if (!document) return {};
      const { [view]: _, ...others } = read();
      return Object.assign({}, ...Object.values(others));
    },
    /** Forget some of what `left` returned. */
    drop(ids) {
      change((views) => {
        for (const [name, kept] of Object.entries(views)) if (name !== view) for (const id of ids) delete kept[id];
      });
    },
  };
}

/** The offer of what is left, above the questions. */
function makeLeftovers(keep, store, questions, form) {
  const box = h("div", { class: "akf-leftovers", role: "status" });
  const shown = () =>
    Object.entries(keep.left()).filter(([id, { entry }]) => {
      const open = questions.has(id) && !same(store.get(id) ?? null, entry);
      if (!open) keep.drop([id]);
      return open;
    });
  function take() {
    const left = shown();
    // What was known when it was typed goes along: who answered since is not overwritten but asked.
    for (const [id, { entry, was }] of left) store.putLate(id, entry ?? undefined, was ?? undefined);
    end(left);
    form.commit();
    for (const [id] of left) questions.get(id).show();
  }
  function end(left) {
    keep.drop(left.map(([id]) => id));
    box.replaceChildren();
  }
  return {
    node: box,
    show() {
      const left = shown();
      const key = JSON.stringify(left);
      if (box.akfKey === key && box.children.length === (left.length ? 3 : 0)) return;
      box.akfKey = key;
      if (!left.length) return box.replaceChildren();
      const count = `${left.length} ${left.length === 1 ? "answer" : "answers"}`;
      box.replaceChildren(
        h("p", { class: "akf-ask" }, `Typed before the kernel stopped, and not saved: ${count}.`),
        h(
          "ul",
          { class: "akf-contradictions" },
          left.map(([id, { entry }]) => {
            const { spec } = questions.get(id);
            return h("li", { dir: "auto" }, `${spec.label} `, h("strong", {}, sayAnswer(spec, entry)));
          }),
        ),
        h(
          "div",
          { class: "akf-line" },
          button("Take them", take),
          button("Drop them", () => end(shown()), { class: "akf-button akf-quiet" }),
        ),
      );
    },
  };
}
