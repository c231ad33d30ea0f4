/*
 * What one view of a form sends to the kernel, and what the kernel has heard of it. No DOM in here.
 *
 * A notebook may be open in several tabs, each with a view of the same form. So a view has a name, counts its own edits,
 * and sends only what was changed in it, with what that replaces: two tabs never overwrite what they did not touch.
 */
function makeTraffic(model, store, section) {
  const view = Math.random().toString(36).slice(2, 12);
  const keep = makeKeep(model.get("document"), section, view);
  let edit = 0;
  const told = () => model.get("feedback")?.edit?.[view] ?? 0;
  return {
    keep,
    /** Send what is not sent yet, and tell whether there was something. */
    commit() {
      const { changed, was } = store.sent(edit + 1);
      if (!Object.keys(changed).length) return false;
      edit += 1;
      keep.sent(edit, changed, was);
      try {
        model.send({ type: "commit", section, view, edit, changed, was });
      } catch (error) {
        console.error(error); // The kernel is gone: the form says so when no answer comes, and has kept everything.
      }
      return true;
    },
    /** Forget what the kernel says it has saved. */
    heard() {
      const { saved, edit: edits } = model.get("feedback") || {};
      if (["saved", "conflict"].includes(saved?.state)) keep.saved(edits);
    },
    /** Tell whether the kernel has said what became of everything that was sent. */
    answered: () => told() >= edit,
    /** Take the kernel's answers, but for what it had not heard of; return the questions that changed. */
    take: () => store.take(model.get("answers") || {}, Math.max(model.get("based_on")?.[view] ?? 0, told())),
  };
}
