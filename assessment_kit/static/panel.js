/*
 * The head of a section and what the kernel says back: saved, progress, score, insight, questions to ask now.
 */

function makePanel(spec, form) {
  const saved = h("span", { class: "akf-saved" });
  const progress = h("span", { class: "akf-progress-text" });
  const meter = h("span", { class: "akf-meter", "aria-hidden": "true" }, h("span", { class: "akf-meter-fill" }));
  const score = h("span", { class: "akf-score-text" });
  const band = h("span", { class: "akf-track-band" });
  const dot = h("span", { class: "akf-track-dot" });
  const track = h("span", { class: "akf-track", "aria-hidden": "true", hidden: true }, band, dot);
  const next = button("", () => form.goTo(nextId), { class: "akf-button akf-quiet akf-next", hidden: true });
  const trouble = h("div", { class: "akf-trouble", role: "alert" });
  const insight = h("p", { class: "akf-insight", hidden: true });
  const contradictions = h("ul", { class: "akf-contradictions", hidden: true });
  const asks = h(
    "div",
    { class: "akf-asks", hidden: true },
    h("p", { class: "akf-small" }, "To ask now"),
    contradictions,
  );
  // In the bar, which stays in sight: the way to what stands above the questions, and from there back.
  let before = null;
  const show = (node) => {
    before = form.lastFocus();
    setHidden(back, !before);
    node.scrollIntoView({ block: "center", behavior: "instant" });
    node.focus({ preventScroll: true });
  };
  const why = button("Why, and what to do", () => show(trouble), { class: "akf-button akf-quiet akf-why-not", hidden: true });
  const toAsk = button("", () => show(asks), { class: "akf-button akf-quiet akf-to-ask", hidden: true });
  const elsewhere = button("Save under another name", () => form.goToRescue(), { hidden: true });
  const back = button("Back to where you were", () => form.focusAgain(before), { class: "akf-button akf-quiet", hidden: true });
  const ways = h("div", { class: "akf-line" }, elsewhere, back);
  for (const node of [trouble, asks]) node.setAttribute("tabindex", "-1");
  const minutes = h("span", { class: "akf-minutes" });
  let nextId = null;

  const headId = newId("section");
  const head = h(
    "header",
    { class: "akf-head" },
    h("h2", { id: headId, class: "akf-title" }, spec.title),
    minutes,
    spec.purpose && h("p", { class: "akf-purpose" }, spec.purpose),
    spec.definition && h("p", { class: "akf-definition" }, spec.definition),
  );
  const bar = h(
    "div",
    { class: "akf-bar" },
    saved,
    why,
    toAsk,
    h("span", { class: "akf-progress" }, meter, progress),
    h("span", { class: "akf-score" }, track, score),
    next,
  );
  const notes = h("div", { class: "akf-notes" }, trouble, ways, insight, asks);

  function showSaved({ state, at, message } = {}, waiting = "") {
    const texts = {
      saved: `Saved ${at || ""}`.trim(),
      saving: "Saving …",
      failed: "Not saved",
      conflict: "Changed elsewhere",
    };
    saved.dataset.state = waiting || state || "";
    setText(saved, waiting === "late" ? "Not saved yet" : waiting ? "Saving …" : texts[state] || "");
    const late =
      "The kernel is busy or has stopped. What you typed stays in this page; if it does not become “Saved”, " +
      "restart the kernel and run the notebook again: the form then offers what was typed since.";
    return waiting === "late" ? late : message || "";
  }

  return {
    head,
    bar,
    notes,
    headId,
    /** Show what the kernel said. `waiting` is "", "soon" (a commit is on its way) or "late" (for too long). */
    show(feedback = {}, waiting = "") {
      const message = showSaved(feedback.saved, waiting);
      const troubles = [message, feedback.error].filter(Boolean);
      setList(trouble, troubles, (text) => h("p", {}, text));
      setHidden(why, !troubles.length);
      const benign = feedback.saved?.state === "saved" && !feedback.error && waiting !== "late";
      setText(why, benign ? "What changed" : "Why, and what to do");
      why.toggleAttribute("data-benign", benign);
      setHidden(elsewhere, feedback.saved?.state !== "failed" || waiting === "late");
      const { answered, asked, all_answered: all, all_asked: allAsked } = feedback.progress || {};
      const known = asked !== undefined;
      setText(
        progress,
        known ? `${answered} of ${asked} answered${allAsked ? `, ${all} of ${allAsked} in all` : ""}` : "",
      );
      setHidden(meter, !known);
      if (known) meter.firstChild.style.inlineSize = `${asked ? (100 * answered) / asked : 0}%`;
      const { text, low, high, value } = feedback.score || {};
      setText(score, text || "");
      const drawn = typeof low === "number" && typeof high === "number";
      setHidden(track, !drawn);
      const at = (level) => `${((Math.min(5, Math.max(1, level)) - 1) / 4) * 100}%`;
      if (drawn) {
        band.style.insetInlineStart = at(low);
        band.style.insetInlineEnd = `calc(100% - ${at(high)})`;
        setHidden(dot, typeof value !== "number");
        if (typeof value === "number") dot.style.insetInlineStart = at(value);
      }
      setText(insight, feedback.insight || "");
      setHidden(insight, !feedback.insight);
      const found = feedback.contradictions || [];
      setList(contradictions, found, ({ question, why }) =>
        h("li", {}, h("span", { class: "akf-ask" }, question), why && h("span", { class: "akf-why" }, why)),
      );
      setHidden(asks, !found.length);
      setText(toAsk, found.length ? `${found.length} to ask now` : "");
      setHidden(toAsk, !found.length);
      if (!troubles.length && !found.length) setHidden(back, true);
      nextId = feedback.ask_next?.id ?? null;
      setText(next, nextId ? `Ask next: ${feedback.ask_next.label}` : "");
      setHidden(next, !nextId);
      setHidden(bar, !feedback.saved && !known && !text && !nextId);
      setHidden(notes, !troubles.length && !feedback.insight && !found.length);
    },
    showMinutes({ planned } = {}) {
      setText(minutes, planned ? `${plain(planned)} min planned` : "");
      setHidden(minutes, !planned);
    },
  };
}
