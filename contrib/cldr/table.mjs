// Makes the tables of src/language/cldr/ from the JSON that the Unicode Consortium publishes for each version of CLDR:
//
//     npm install --legacy-peer-deps cldr-core cldr-dates-full cldr-numbers-full cldr-misc-full \
//       cldr-cal-persian-full cldr-cal-buddhist-full
//     node contrib/cldr/table.mjs src/language/cldr
//
// `locales.txt` has a line for each locale: its name, its parent, and the fields below with tabs between them. A field
// is empty where it is the parent's. `plurals.txt` has a line for each set of plural rules: the languages, the rules.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [target] = process.argv.slice(2);
const load = (name, file) => {
  const path = join("node_modules", name, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
};

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const months = (names) => Object.values(names).join("|");
const days = (names) => DAYS.map((day) => names[day]).join("|");
const pattern = (value) => (typeof value === "string" ? value : value._value);
const separator = (form) => form.replace("{0}", "").replace("{1}", "");

// What depends on the calendar. The era of today is the second of the Gregorian calendar, the only one of the others.
function ofCalendar({ months: names, dateFormats, dateTimeFormats, eras }) {
  const { availableFormats } = dateTimeFormats;
  return [
    months(names.format.wide),
    months(names["stand-alone"].wide),
    months(names.format.abbreviated),
    months(names["stand-alone"].abbreviated),
    ...["full", "long", "medium", "short"].map((length) => pattern(dateFormats[length])),
    pattern(availableFormats.yMMMM ?? availableFormats.yyyyMMMM),
    pattern(availableFormats.y ?? availableFormats.yyyy),
    pattern(dateTimeFormats.long),
    eras.eraAbbr["1"] ?? eras.eraAbbr["0"],
  ];
}

function ofLocale(locale) {
  const dates = load("cldr-dates-full", `main/${locale}/ca-gregorian.json`)?.main[locale].dates.calendars.gregorian;
  const numbers = load("cldr-numbers-full", `main/${locale}/numbers.json`)?.main[locale].numbers;
  const lists = load("cldr-misc-full", `main/${locale}/listPatterns.json`)?.main[locale].listPatterns;
  if (!dates || !numbers || !lists) return undefined;
  const digits = numbers.defaultNumberingSystem;
  const symbols = numbers[`symbols-numberSystem-${digits}`];
  const whole = numbers[`decimalFormats-numberSystem-${digits}`].standard.split(";")[0].split(".")[0];
  const sizes = whole.split(",").slice(1).map((group) => group.length).reverse();
  const marks = load("cldr-misc-full", `main/${locale}/delimiters.json`)?.main[locale].delimiters ?? {};
  const { quotationStart, quotationEnd, alternateQuotationStart, alternateQuotationEnd } = marks;
  const quotes = [quotationStart, quotationEnd, alternateQuotationStart, alternateQuotationEnd];
  const { am, pm } = dates.dayPeriods.format.abbreviated;
  const list = lists["listPattern-type-standard"];
  return [
    ...ofCalendar(dates),
    days(dates.days.format.wide),
    days(dates.days["stand-alone"].wide),
    days(dates.days.format.abbreviated),
    `${am}|${pm}`,
    pattern(dates.timeFormats.short),
    digits,
    symbols.decimal,
    symbols.group,
    sizes.join("|"),
    numbers.minimumGroupingDigits,
    ["2", "start", "middle", "end"].map((part) => separator(list[part])).join("|"),
    quotationStart ? quotes.join("|") : "",
  ];
}

const { parentLocale } = load("cldr-core", "supplemental/parentLocales.json").supplemental.parentLocales;
const coverage = load("cldr-core", "coverageLevels.json").effectiveCoverageLevels;
const parentOf = (locale) => parentLocale[locale] ?? (locale.includes("-") ? locale.slice(0, locale.lastIndexOf("-")) : "und");

const known = new Map();
const names = readdirSync("node_modules/cldr-dates-full/main").filter((name) => name === "und" || coverage[name]);
for (const name of names) {
  const fields = ofLocale(name);
  if (fields) known.set(name, fields);
}
const lines = [];
const add = (name, parent, fields) => {
  const inherited = known.get(parent) ?? [];
  const own = fields.map((field, at) => (field === inherited[at] ? "" : field));
  while (own.length && own.at(-1) === "") own.pop();
  lines.push([name, parent, ...own].join("\t"));
};
for (const [name, fields] of known) {
  let parent = name === "und" ? "" : parentOf(name);
  while (parent && parent !== "und" && !known.has(parent)) parent = parentOf(parent);
  add(name, parent === "root" ? "und" : parent, fields);
}
for (const [locale, calendar] of [["fa", "persian"], ["fa-AF", "persian"], ["th", "buddhist"]]) {
  const dates = load(`cldr-cal-${calendar}-full`, `main/${locale}/ca-${calendar}.json`)?.main[locale].dates.calendars[calendar];
  // What these calendars have of the root is not translated: the language's own patterns are better.
  const root = known.get("und");
  const own = known.get(locale);
  add(`${locale}@${calendar}`, locale, ofCalendar(dates).map((field, at) => (field === root[at] ? own[at] : field)));
}
writeFileSync(join(target, "locales.txt"), lines.sort().join("\n") + "\n");

const rules = load("cldr-core", "supplemental/plurals.json").supplemental["plurals-type-cardinal"];
const byRules = new Map();
for (const [language, categories] of Object.entries(rules)) {
  const written = Object.entries(categories)
    .map(([category, rule]) => [category.replace("pluralRule-count-", ""), rule.split("@")[0].trim()])
    .filter(([category]) => category !== "other")
    .map(([category, rule]) => `${category}: ${rule}`)
    .join("; ");
  byRules.set(written, [...(byRules.get(written) ?? []), language]);
}
const plurals = [...byRules].map(([rule, languages]) => `${languages.join(" ")}\t${rule}`);
writeFileSync(join(target, "plurals.txt"), plurals.sort().join("\n") + "\n");
