/*
 * Values: what a typed text means, in both directions. No DOM in here.
 *
 * Each reader returns {value} or {problem}; a problem keeps the typed text as the value, so that nothing typed is lost.
 * The rules are those of values.py; tests/test_forms_browser.py holds the two against each other.
 */
const PERIODS = ["shift", "day", "week", "month"];
const MINUTES = {
  s: 1 / 60,
  sec: 1 / 60,
  secs: 1 / 60,
  second: 1 / 60,
  seconds: 1 / 60,
  m: 1,
  min: 1,
  mins: 1,
  minute: 1,
  minutes: 1,
  h: 60,
  hr: 60,
  hrs: 60,
  hour: 60,
  hours: 60,
  d: 1440,
  day: 1440,
  days: 1440,
  w: 10080,
  wk: 10080,
  wks: 10080,
  week: 10080,
  weeks: 10080,
};
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const clone = (value) => (value === undefined ? undefined : structuredClone(value));

/** Tell whether a value or a cell holds nothing at all. Zero is something. */
function isEmpty(value) {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** Compare two JSON values; the order of keys does not matter. */
function same(a, b) {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

const quoted = (text) => `“${text.length > 60 ? `${text.slice(0, 57)}…` : text}”`;

/** Read a number as people write one: 12.5, 12,5, 1,240, 1 240, 40 %, 6 people (where the unit is people). */
function parseNumber(text, unit = "") {
  let said = text
    .trim()
    .replace(/[\u00a0\u2009\u202f]/g, " ")
    .replace(/^\u2212/, "-")
    .replace(/^[~≈]\s*/, "");
  const words = /^([-+]?[\d.,][\d.,\s]*?)\s*(%|[a-z]+)$/i.exec(said);
  if (words && unit.toLowerCase().startsWith(words[2].toLowerCase())) said = words[1];
  if (/^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(said)) said = said.replace(/,/g, "");
  else if (/^[-+]?[1-9]\d{0,2}( \d{3})+([.,]\d+)?$/.test(said)) said = said.replace(/ /g, "").replace(",", ".");
  else if (/^[-+]?\d+,\d+$/.test(said)) said = said.replace(",", ".");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(said)) return null;
  const found = Number(said);
  return Number.isFinite(found) ? found : null;
}

const ABOUT = /^(?:[~≈]|(?:about|around|approximately|approx\.?|roughly|circa|ca\.?)\s)\s*/;
const NUMBERS = {
  a: 1,
  an: 1,
  one: 1,
  ...Object.fromEntries(
    "two three four five six seven eight nine ten eleven twelve".split(" ").map((word, at) => [word, at + 2]),
  ),
  ...{ fifteen: 15, twenty: 20, thirty: 30, forty: 40, "forty-five": 45, fifty: 50, sixty: 60, ninety: 90 },
};
const NUMBER_WORD = new RegExp(
  `\\b(?:${Object.keys(NUMBERS)
    .sort((a, b) => b.length - a.length)
    .join("|")})\\b`,
  "g",
);
/** After the words for numbers became digits: what is left of halves and quarters, and how it is written in digits. */
const PARTS_OF_ONE = [
  [/(\d+)½/g, "$1.5"],
  [/½/g, "0.5"],
  [/(\d+) and 1 half ([a-z]+)/g, "$1.5 $2"],
  [/(\d+) ([a-z]+) and 1 half$/g, "$1.5 $2"],
  [/(?:1 )?half (?:of )?(?:1 )?([a-z]+)/g, "0.5 $1"],
  [/(?:1 )?quarter (?:of )?(?:1 )?([a-z]+)/g, "0.25 $1"],
  [/3 quarters of 1 ([a-z]+)/g, "0.75 $1"],
  [/1 couple of /g, "2 "],
];
const withoutAbout = (text) => text.toLowerCase().trim().split(/\s+/).join(" ").replace(ABOUT, "");

/** Return a spoken duration with its numbers in digits: "an hour and a half" is "1.5 hour". */
function inDigits(text) {
  const said = withoutAbout(text).replace(NUMBER_WORD, (word) => NUMBERS[word]);
  return PARTS_OF_ONE.reduce((left, [spoken, written]) => left.replace(spoken, written), said);
}

/** Return the minutes in a duration as people say it, null when it is not one. A bare number is minutes. */
function parseDuration(said) {
  if (typeof said === "number") return Number.isFinite(said) && said >= 0 ? said : null;
  // 1,500 is a thousand and a half thousand to some and one and a half to others: not guessed.
  if (typeof said !== "string" || said.length > 100 || /\d,\d{3}(?!\d)/.test(said)) return null;
  const text = inDigits(said);
  if (/^\d+(?:[.,]\d+)?$/.test(text)) return Number(text.replace(",", "."));
  const clock = /^(\d{1,4}):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]) + Number(clock[3] || 0) / 60;
  const spoken = /^(\d{1,4})\s*h\s*([0-5]?\d)$/i.exec(text);
  if (spoken) return Number(spoken[1]) * 60 + Number(spoken[2]);
  const part = /\s*(\d+(?:[.,]\d+)?)\s*([a-z]+)\s*(?:,|and)?/iy;
  let total = 0;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    const unit = found && MINUTES[found[2].toLowerCase()];
    if (!unit) return null;
    total += Number(found[1].replace(",", ".")) * unit;
  }
  return text ? total : null;
}

const plain = (number) => String(Math.round(number * 100) / 100);

/** Say minutes in one unit that people compare in: 90 min, 26 h, 3.5 days. */
function sayMinutes(minutes) {
  if (minutes > 0 && minutes < 1) return `${plain(minutes * 60)} s`;
  if (minutes < 600) return `${plain(minutes)} min`;
  return minutes < 4320 ? `${plain(minutes / 60)} h` : `${plain(minutes / 1440)} days`;
}

const iso = (year, month, day) => {
  const found = new Date(Date.UTC(2000, month - 1, day));
  found.setUTCFullYear(year, month - 1, day);
  const good = year > 0 && year < 10000 && found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
  return good
    ? `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
    : null;
};

/** Read a date: 2026-11-24, 24 Nov 2026, Nov 24 2026, 24.11.2026, and 24/11/2026 where only one order is possible. */
function parseDate(text) {
  const said = text.trim();
  let found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(said);
  if (found) return iso(Number(found[1]), Number(found[2]), Number(found[3]));
  found =
    /^(\d{1,2})\.? *([a-z]{3,9})\.?,? *(\d{4})$/i.exec(said) || /^([a-z]{3,9})\.? *(\d{1,2}),? *(\d{4})$/i.exec(said);
  if (found) {
    const [day, name] = /^\d/.test(found[1]) ? [found[1], found[2]] : [found[2], found[1]];
    const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
    return month ? iso(Number(found[3]), month, Number(day)) : null;
  }
  found = /^(\d{1,2})([./])(\d{1,2})\2(\d{4})$/.exec(said);
  if (!found) return null;
  const [first, second, year] = [Number(found[1]), Number(found[3]), Number(found[4])];
  if (found[2] === "." || first > 12 || first === second) return iso(year, second, first);
  return second > 12 ? iso(year, first, second) : null;
}

const PERIOD_WORDS = { wk: "week", mo: "month", mth: "month", yr: "year" };
const ADVERBS = { daily: "day", weekly: "week", monthly: "month", quarterly: "quarter", yearly: "year", annually: "year" };
const OFTEN = { once: 1, twice: 2, thrice: 3, "": 1 };
/** Periods that no answer has, in months. */
const IN_MONTHS = { quarter: 3, year: 12 };
const PERIOD = "(shift|day|week|wk|month|mth|mo|quarter|year|yr)s?\\.?";
const RATES = {
  every: new RegExp(`^every (other|\\w+) ${PERIOD}$`),
  each: new RegExp(`^(.*?)\\s*(?:/|\\b(?:per|an?|each|every)\\b)\\s*${PERIOD}$`),
  adverb: new RegExp(`^(.*?)\\s*\\b(${Object.keys(ADVERBS).join("|")})$`),
};

/**
 * Read an amount and, where it is said, its period: 21, 21 a week, 21/wk, 21 weekly, twice a week, daily, every two
 * weeks. "5 a year" is 0.4167 a month, because an answer has no year.
 */
function parseRate(text) {
  const said = withoutAbout(text);
  const spaced = RATES.every.exec(said);
  if (spaced) {
    const step = spaced[1] === "other" ? 2 : (NUMBERS[spaced[1]] ?? parseNumber(spaced[1]));
    return step ? inPeriod(1 / step, spaced[2], text) : { amount: text, per: null };
  }
  const found = RATES.each.exec(said) || RATES.adverb.exec(said);
  const [, before, word] = found || [null, said, null];
  const times = before.replace(/\s*(?:\btimes?|(?<=\d)\s*x)$/, "");
  const amount = String((found || before) && Object.hasOwn(OFTEN, times) ? OFTEN[times] : (NUMBERS[times] ?? times));
  if (!found) return { amount: parseNumber(amount) === null ? text : amount, per: null };
  return word in IN_MONTHS || word in PERIOD_WORDS || word in ADVERBS
    ? inPeriod(parseNumber(amount) ?? amount, word, text)
    : { amount, per: word };
}

/** Return an amount in a period that an answer may have. */
function inPeriod(amount, word, text) {
  const per = PERIOD_WORDS[word] || ADVERBS[word] || word;
  if (!(per in IN_MONTHS)) return { amount: typeof amount === "number" ? plainest(amount) : amount, per };
  if (typeof amount !== "number") return { amount: text, per: null };
  return { amount: plainest(amount / IN_MONTHS[per]), per: "month" };
}

const plainest = (number) => String(Math.round(number * 10000) / 10000);

/** Return what is wrong with a number under its constraint, in words; null when nothing is. */
function outside(number, { min, max, integer } = {}, of = "", say = plain) {
  const unit = of ? ` (${of})` : "";
  if (min !== undefined && min !== null && number < min)
    return `${say(number)} is below ${say(min)}. Enter ${say(min)} or more${unit}.`;
  if (max !== undefined && max !== null && number > max)
    return `${say(number)} is above ${say(max)}. Enter ${say(max)} or less${unit}.`;
  if (integer && !Number.isInteger(number)) return `${say(number)} is not a whole number. Enter a whole number${unit}.`;
  return null;
}

/** Two ends in one field: 30-60, 30–60 min, 1 h to 2 h. */
const RANGE = /^\s*~?\s*[\d.,]+\s*[a-z%]*\s*(?:-|–|\bto\b)\s*[\d.,]+\s*[a-z%]*\s*$/i;

function readNumber(spec, text, example = "12") {
  const number = parseNumber(text, spec.type === "percent" ? "%" : spec.unit);
  if (number === null) {
    const range = RANGE.test(text);
    const remedy = range
      ? "Enter the likely number here, and the two ends as Low and High under More."
      : `Enter a number, for example ${example}.`;
    return {
      value: text.trim(),
      problem: `${quoted(text.trim())} is not ${range ? "one number" : "a number"}. ${remedy}`,
    };
  }
  return { value: number, problem: outside(number, spec.constraint, spec.unit) };
}

/** Readers by type of a text typed into one field (or pasted into one cell). */
const READERS = {
  text: (_, text) => ({ value: text }),
  number: (spec, text) => readNumber(spec, text),
  percent: (spec, text) =>
    readNumber({ ...spec, unit: "percent", constraint: { min: 0, max: 100, ...spec.constraint } }, text, "40"),
  amount: (spec, text) =>
    readNumber(
      { ...spec, constraint: { ...spec.constraint, min: Math.max(0, spec.constraint?.min ?? 0) } },
      text,
      "21",
    ),
  /** The field of a rate, in which the period may stand too. */
  said_rate: (spec, text) => READERS.amount(spec, parseRate(text).amount),
  duration(spec, text) {
    const minutes = parseDuration(text);
    if (minutes === null) {
      const problem = RANGE.test(text)
        ? "is not one duration. Enter the likely one here, and the two ends as Low and High under More."
        : "is not a duration. Say it as 45 min, 1h 30m or 2 days (a bare number is minutes).";
      return { value: text.trim(), problem: `${quoted(text.trim())} ${problem}` };
    }
    return { value: text.trim(), problem: outside(minutes, { ...spec.constraint, integer: false }, "", sayMinutes) };
  },
  date(_, text) {
    const found = parseDate(text);
    if (found) return { value: found };
    const twoWays = /^\s*\d{1,2}\/\d{1,2}\/\d{4}\s*$/.test(text)
      ? "could be read in two ways, or is not a day"
      : "is not a date";
    return { value: text.trim(), problem: `${quoted(text.trim())} ${twoWays}. Write it as 2026-11-24.` };
  },
  choice(spec, text) {
    const said = text.trim().toLowerCase();
    const found = spec.choices.find(
      (choice) => choice.id.toLowerCase() === said || choice.label.toLowerCase() === said,
    );
    if (found) return { value: found.id };
    if (spec.other) return { value: text.trim() };
    const labels = spec.choices.map((choice) => choice.label).join(", ");
    return { value: text.trim(), problem: `${quoted(text.trim())} is not one of the choices: ${labels}.` };
  },
  rate(spec, text) {
    const said = parseRate(text);
    const { value, problem } = READERS.amount(spec, said.amount);
    return { value: { amount: value, per: said.per || spec.per || "month" }, problem };
  },
};

/** Return the text that a field shows for a stored value. */
function typed(value) {
  if (isEmpty(value)) return "";
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** Read rows and cells from a spreadsheet's clipboard text: tabs, line ends, and cells in quotation marks. */
function parseCells(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/y;
  while (cell.lastIndex <= text.length) {
    const [, inQuotes, bare, end] = cell.exec(text);
    rows.at(-1).push(inQuotes === undefined ? bare : inQuotes.replace(/""/g, '"'));
    if (end === "") break;
    if (end !== "\t") rows.push([]);
  }
  return rows.filter((row) => row.some((item) => item.trim() !== ""));
}

const choiceLabel = (spec, id) => spec.choices.find((choice) => choice.id === id)?.label ?? String(id);

/** Say a value in one line, for a comparison beside the question. */
function sayValue(spec, value) {
  if (isEmpty(value)) return "no answer";
  if (spec.type === "rate" && isObject(value)) return `${typed(value.amount)} a ${value.per}`;
  if (spec.type === "percent" && typeof value === "number") return `${value} %`;
  if (spec.type === "duration" && typeof value === "number") return sayMinutes(value);
  if (spec.type === "choice") return choiceLabel(spec, value);
  if (spec.type === "multi" && isObject(value)) {
    return [...(value.chosen || []).map((id) => choiceLabel(spec, id)), ...(value.other || [])].join(", ");
  }
  if (spec.type === "tags" && Array.isArray(value)) return value.join(", ");
  if (spec.type === "table" && Array.isArray(value)) {
    const says = (row) =>
      spec.columns
        .filter((column) => !isEmpty(row[column.id]))
        .map((column) => sayValue(column, row[column.id]))
        .join(" · ");
    const shown = value.slice(0, 5).filter(isObject).map(says).join("; ");
    return `${value.length} ${value.length === 1 ? "row" : "rows"}: ${shown}${value.length > 5 ? "; …" : ""}`;
  }
  return typed(value);
}

const STATUS_WORDS = { unknown: "don’t know", not_applicable: "not applicable", declined: "declined" };

/** Say a whole answer in one line. */
function sayAnswer(spec, answer) {
  if (!answer) return "no answer";
  const parts = [STATUS_WORDS[answer.status] || sayValue(spec, answer.value)];
  if (answer.status === "not_applicable" && answer.reason) parts.push(answer.reason);
  if (!isEmpty(answer.low) || !isEmpty(answer.high)) parts.push(sayRange(answer));
  if (answer.basis) parts.push(answer.basis);
  if (answer.note) parts.push(`note: ${answer.note}`);
  return parts.join(" · ");
}

function sayRange({ low, high }) {
  if (isEmpty(low)) return `up to ${typed(high)}`;
  return isEmpty(high) ? `from ${typed(low)}` : `${typed(low)} to ${typed(high)}`;
}
