/*
 * A section's form: the answers in this page, the traffic with the kernel, and which questions are shown.
 *
 * The page is ahead of the kernel: what somebody types is shown and kept at once, sent when it is committed, and only
 * replaced from outside where the kernel had seen it. forms.py joins these files and exports `render`.
 */
const PAUSE = 600; // ms after the last keystroke until a text is committed by itself
const SOON = 400; // ms without an answer until "Saving …" is worth a change on the screen
const LATE = 5000; // ms without an answer until it is worth a word

function render({ model, el, signal }) {
  const spec = model.get("section");
  const store = makeStore(model.get("answers"));
  const timers = {};
  const questions = new Map();
  let showAll = false;
  let lastFocus = null;
  const traffic = makeTraffic(model, store, spec.id);

  const form = {
    store,
    later() {
      clearTimeout(timers.pause);
      timers.pause = setTimeout(form.commit, PAUSE);
      showRelevant();
    },
    commit() {
      clearTimeout(timers.pause);
      showRelevant();
      if (traffic.commit()) waitFor();
    },
    send: (message) => model.send(message),
    lastFocus: () => lastFocus,
    focusAgain(node) {
      if (!node?.isConnected) return;
      node.scrollIntoView({ block: "center", behavior: "instant" });
      node.focus({ preventScroll: true });
    },
    goToRescue() {
      const field = root.closest(".aki-shell")?.querySelector(".aki-rescue input");
      field?.scrollIntoView({ block: "center", behavior: "instant" });
      field?.focus({ preventScroll: true });
    },
    goTo(id) {
      if (questions.has(id)) questions.get(id).focus();
      else {
        document.dispatchEvent(new CustomEvent("akf-goto", { detail: id }));
        model.send({ type: "goto", id });
      }
    },
  };

  /* Saved, or not yet */
  const feedback = () => model.get("feedback") || {};
  let waiting = "";
  function waitFor() {
    // A form that nothing listens to has nothing to wait for.
    if (!feedback().saved) return;
    clearTimeout(timers.soon);
    clearTimeout(timers.late);
    const unless = (word) => () => {
      if (!traffic.answered()) {
        waiting = word;
        panel.show(feedback(), waiting);
      }
    };
    timers.soon = setTimeout(unless("soon"), SOON);
    timers.late = setTimeout(unless("late"), LATE);
  }

  /* The page */
  const panel = makePanel(spec, form);
  const list = h("div", { class: "akf-questions" });
  const leftovers = makeLeftovers(traffic.keep, store, questions, form);
  const skipped = button(
    "",
    () => {
      showAll = true;
      showRelevant();
    },
    { class: "akf-button", hidden: true },
  );
  const root = h(
    "section",
    {
      class: "akf mathjax_ignore tex2jax_ignore",
      lang: spec.language,
      "aria-labelledby": panel.headId,
      "data-lm-suppress-shortcuts": "true",
      "data-section": spec.id,
    },
    panel.head,
    panel.bar,
    panel.notes,
    leftovers.node,
    list,
    skipped,
  );
  for (const group of groupsOf(spec.questions))
    list.append(
      makeGroup(group, (each) => {
        const question = makeQuestion(each, form);
        questions.set(each.id, question);
        return question.node;
      }),
    );
  if (spec.insights?.length)
    root.append(
      h(
        "details",
        { class: "akf-look-for" },
        h("summary", {}, "What to look for in this section"),
        h(
          "ul",
          {},
          spec.insights.map((text) => h("li", {}, text)),
        ),
      ),
    );

  function showRelevant() {
    const elsewhere = model.get("elsewhere") || {};
    const answerOf = (id) => store.get(id) ?? elsewhere[id];
    const { core_only: coreOnly, questions: planned } = model.get("minutes") || {};
    const short = coreOnly && !showAll;
    let left = 0;
    for (const [id, { node, spec: each, setPlanned }] of questions) {
      setPlanned(!planned || planned.includes(id));
      const relevant = isRelevant(spec.rules, id, answerOf);
      const notNow = short && relevant && !each.core && !store.get(id) && !node.contains(document.activeElement);
      left += notNow ? 1 : 0;
      setHidden(node, !relevant || notNow);
    }
    for (const group of list.children)
      setHidden(group, ![...group.querySelectorAll(".akf-question")].some((node) => !node.hidden));
    setHidden(skipped, !left);
    setText(skipped, left ? `Show the ${left} ${left === 1 ? "question" : "questions"} outside the short path` : "");
  }

  /* From the kernel */
  function takeAnswers() {
    const taken = traffic.take();
    if (leftovers.node.children.length) leftovers.show();
    for (const id of taken) questions.get(id)?.show();
    if (taken.length) showRelevant();
  }
  function takeFeedback() {
    const said = feedback();
    if (traffic.answered()) {
      waiting = "";
      clearTimeout(timers.soon);
      clearTimeout(timers.late);
    }
    panel.show(said, waiting);
    traffic.heard();
    for (const [id, question] of questions) question.setRemote(said.problems?.[id]);
    takeAnswers();
  }
  const takeBeside = () => {
    const [previous, collisions] = [model.get("previous") || {}, model.get("collisions") || {}];
    for (const [id, question] of questions) {
      question.setPrevious(previous[id]);
      question.setCollision(collisions[id]);
    }
  };
  const takeMinutes = () => {
    showAll = false;
    panel.showMinutes(model.get("minutes") || {});
    showRelevant();
  };
  const watched = {
    "change:answers": takeAnswers,
    "change:based_on": takeAnswers,
    "change:feedback": takeFeedback,
    "change:previous": takeBeside,
    "change:collisions": takeBeside,
    "change:elsewhere": showRelevant,
    "change:minutes": takeMinutes,
  };
  for (const [event, take] of Object.entries(watched)) model.on(event, take);

  for (const question of questions.values()) question.show();
  takeBeside();
  takeFeedback();
  takeMinutes();

  /* Nothing of what happens in a field is a command to the notebook. */
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      // The browser would offer to save the page; what is meant is this.
      event.preventDefault();
      form.commit();
    }
  });
  for (const name of ["keyup", "keypress", "copy", "cut", "paste"])
    root.addEventListener(name, (event) => event.stopPropagation());
  root.addEventListener("contextmenu", (event) => {
    if (event.target.closest("input, textarea")) event.stopPropagation();
  });
  root.addEventListener("focusin", (event) => {
    if (!root.contains(event.relatedTarget)) model.send({ type: "focus", section: spec.id });
  });
  list.addEventListener("focusin", (event) => (lastFocus = event.target));
  let scroller = null;
  const goTo = async (event) => {
    const question = questions.get(event.detail);
    if (!question) return;
    if (question.node.hidden && !showAll) {
      showAll = true;
      showRelevant();
    }
    await bringIntoPage(root, scroller);
    question.focus();
  };
  document.addEventListener("akf-goto", goTo);
  window.addEventListener("pagehide", form.commit);
  const hide = () => {
    if (document.visibilityState === "hidden") form.commit();
  };
  document.addEventListener("visibilitychange", hide);

  // Later: what another view of this kernel has just sent may be on its way.
  timers.leftovers = setTimeout(leftovers.show, SOON);
  addStyle();
  el.replaceChildren(root);
  el.classList.add("akf-host");
  const around = new ResizeObserver(() => {
    if (!root.offsetWidth) return;
    scroller = root.closest(".jp-WindowedPanel-outer");
    around.disconnect();
    for (
      let node = el.parentElement;
      node && !node.classList.contains("jp-Cell") && node !== document.body;
      node = node.parentElement
    ) {
      if (node.closest(".jp-OutputArea, .jupyter-widgets")) node.classList.add("akf-around");
    }
  });
  around.observe(root);
  return () => {
    form.commit();
    around.disconnect();
    Object.values(timers).forEach(clearTimeout);
    for (const [event, take] of Object.entries(watched)) model.off(event, take);
    document.removeEventListener("akf-goto", goTo);
    document.removeEventListener("visibilitychange", hide);
    window.removeEventListener("pagehide", form.commit);
  };
}

/** JupyterLab takes a cell far out of sight out of the page: scroll until it is there again. */
async function bringIntoPage(root, scroller) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));
  for (let top = 0; !root.isConnected && scroller?.isConnected && top < scroller.scrollHeight; ) {
    scroller.scrollTop = top;
    await frame();
    top += Math.max(200, scroller.clientHeight * 0.8);
  }
}

/** Links to a question from beside the forms, such as in what is to be corrected. */
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("[data-akf-goto]");
  if (!link) return;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("akf-goto", { detail: link.dataset.akfGoto }));
});

/**
 * The style sheet, once for all forms of a page. Handed over with each widget, as anywidget would, it would be replaced
 * with every section and the whole of JupyterLab be styled again.
 */
function addStyle() {
  let style = document.getElementById("akf-style");
  if (!style) document.head.append((style = h("style", { id: "akf-style" })));
  setText(style, STYLE);
}

/** Questions that follow each other under one topic and one key question of the guide. */
function groupsOf(questions) {
  const groups = [];
  for (const each of questions) {
    const last = groups.at(-1);
    if (last && last.topic === each.topic && last.key === each.key_question) last.questions.push(each);
    else
      groups.push({
        topic: each.topic,
        newTopic: last?.topic !== each.topic,
        key: each.key_question,
        questions: [each],
      });
  }
  return groups;
}

function makeGroup({ topic, newTopic, key, questions }, make) {
  // Where the first label is the guide's own words, repeating them above would only be noise.
  const ownWords = questions[0].label === key;
  return h(
    "div",
    { class: "akf-group", "data-topic": Boolean(topic && newTopic) },
    topic && newTopic && h("h3", { class: "akf-topic" }, topic),
    !ownWords && h("p", { class: "akf-key" }, key),
    questions.map(make),
  );
}
