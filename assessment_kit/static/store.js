/*
 * The section's answers in this page, who knows what of them, and which questions they ask for. No DOM in here.
 */

/** The section's answers in this page. */
function makeStore(initial) {
  let answers = clone(initial) || {};
  // What the kernel is known to have: it says with every change what was known when it was typed.
  let base = clone(answers);
  const lastEdit = {};
  const store = {
    changed: new Set(),
    all: () => answers,
    get: (id) => answers[id],
    put(id, answer) {
      if (same(answers[id], answer)) return;
      if (answer === undefined) delete answers[id];
      else answers[id] = answer;
      store.changed.add(id);
    },
    setValue(id, value) {
      const { value: _, reason, ...rest } = answers[id] || {};
      if (!isEmpty(value)) return store.put(id, { ...rest, status: "answered", value });
      if (rest.status === "answered") delete rest.status;
      // How sure one was says nothing without the answer; anything else that was written stays.
      if (Object.keys(rest).every((key) => key === "basis")) return store.put(id, undefined);
      return store.put(id, reason === undefined ? rest : { ...rest, reason });
    },
    setFields(id, fields) {
      const answer = { ...answers[id], ...fields };
      for (const key of Object.keys(answer)) if (answer[key] === undefined) delete answer[key];
      if (!answer.status && !isEmpty(answer.value)) answer.status = "answered";
      if (answer.status === "answered" && isEmpty(answer.value)) delete answer.status;
      store.put(id, Object.keys(answer).length ? answer : undefined);
    },
    /** Put an answer that was typed when the kernel was thought to have `was`. */
    putLate(id, answer, was) {
      store.put(id, answer);
      if (store.changed.has(id)) base[id] = was;
    },
    /** Hand over what `edit` shall send: what changed, and what it replaces; null where there is nothing. */
    sent(edit) {
      const [changed, was] = [{}, {}];
      for (const id of store.changed) {
        if (same(answers[id], base[id])) continue;
        changed[id] = clone(answers[id]) ?? null;
        was[id] = base[id] ?? null;
        base[id] = clone(answers[id]);
        lastEdit[id] = edit;
      }
      store.changed.clear();
      return { changed, was };
    },
    /** Take answers from the kernel, which knew the edits up to `seen`; return the ids that changed. */
    take(incoming, seen) {
      const taken = [];
      for (const id of new Set([...Object.keys(answers), ...Object.keys(base), ...Object.keys(incoming)])) {
        const differs = !same(answers[id], incoming[id]);
        if (lastEdit[id] > seen || (store.changed.has(id) && differs)) continue;
        base[id] = clone(incoming[id]);
        if (!differs) continue;
        if (incoming[id] === undefined) delete answers[id];
        else answers[id] = clone(incoming[id]);
        taken.push(id);
      }
      return taken;
    },
  };
  return store;
}

/** Tell whether a question is asked; the same rules as readings.py. */
function isRelevant(rules, id, answerOf, depth = 0) {
  const rule = rules[id]?.relevant;
  if (!rule || !rules[rule.question] || depth > 50) return true;
  if (!isRelevant(rules, rule.question, answerOf, depth + 1)) return false;
  const spec = rules[rule.question];
  const found = answerOf(rule.question);
  const answer = found && (found.status ?? "answered") === "answered" && !isEmpty(found.value) ? found : null;
  if (rule.answered !== undefined) return Boolean(answer) === rule.answered;
  if (!answer) return false;
  if (rule.above !== undefined || rule.below !== undefined) {
    const amount = isObject(answer.value) ? answer.value.amount : answer.value;
    const number = spec.type === "duration" ? parseDuration(amount) : typeof amount === "number" ? amount : null;
    return number !== null && (rule.above !== undefined ? number > rule.above : number < rule.below);
  }
  const wanted = rule.any_of ?? [rule.equals];
  const chosen = isObject(answer.value) ? answer.value.chosen || [] : [answer.value];
  return chosen.some((item) => wanted.includes(item));
}
