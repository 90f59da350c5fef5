// Asks twenty questions of a paper with 4,500 articles: `node corpus.mjs DATELINE`. `search.sh` calls this.
// With so many, four letters choose the file of a word. All articles are made of the same few words, so that every question has
// many answers. The one that is meant must be among the first three, and no question may move more than 100 KB.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const [dateline] = process.argv.slice(2);
const ARTICLES = 4500;
const MOST = 100 * 1000;
const root = mkdtempSync(join(tmpdir(), "corpus-"));
const write = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

let state = 7;
/** One of `values`, the same in every run. */
const one = (values) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return values[Math.floor((state / 2 ** 32) * values.length)];
};
const list = (words) => words.split(",");
const WORDS = {
  place: list("Arnby,Coldharbour,Dunmere,Eastness,Fairlea,Greywick,Holmstead,Inverdale,Kingsreach,Lowmoor,Millbrook,Northgate,Oxfold,Penrow,Quayside,Ravensey"),
  thing: list("ferry,bridge,library,levy,clinic,tram,reservoir,market,school,harbour,orchard,tunnel,museum,theatre,windmill,ledger,timetable,festival,quarry,lock"),
  kind: list("old,costly,quiet,disputed,narrow,public,temporary,ambitious,modest,overdue,regional,fragile,seasonal,private"),
  did: list("closed,delayed,rebuilt,sold,measured,welcomed,rejected,inspected,doubled,postponed,praised,flooded"),
  who: list("pupils,nurses,fishers,drivers,tenants,growers,councillors,musicians,volunteers,engineers,commuters,traders"),
  body: list("the council,the board,the county,the trust,the union,the company,the court,the archive,the league,the bank"),
  when: list("last spring,on Tuesday,overnight,this month,before the holidays,after the storm,two winters ago,at short notice"),
};
const FRAMES = [
  "{body} {did} the {kind} {thing} in {place} {when}, as {who} had expected.",
  "For {who} the {thing} matters less than the {kind} {thing} of {place}.",
  "Nobody at {body} would say who {did} the {thing}.",
  "In {place}, where the {thing} has been {kind} for years, {who} {did} it.",
  "A second {thing}, {kind} and {kind}, was {did} {when}.",
  "Of all that {body} {did}, only the {thing} at {place} was {kind}.",
];
const TITLES = ["{place}'s {thing} is {did} again", "Why {who} want a {kind} {thing}", "The {kind} {thing} of {place}", "How {who} {did} the {thing}", "{place} and {place} share a {thing}"];
const fill = (frame) => {
  const text = frame.replace(/\{(\w+)\}/g, (_, name) => one(WORDS[name]));
  return text[0].toUpperCase() + text.slice(1);
};
const sentences = (count) => Array.from({ length: count }, () => fill(one(FRAMES))).join(" ");
const TAGS = ["Transport", "Housing", "Health", "Schools", "Water", "Trade", "Courts", "Weather"];
const AUTHORS = ["Ada Lovell", "Bo Lindqvist", "Cato Berg", "Dora Finch"];
const SECTIONS = ["news", "culture", "business", "sport"];

// What is asked, then the article that is meant, where it has something of its own: title, standfirst, tag, author, text.
const questions = [
  ["ferry to ravensey sold", { title: "Ravensey ferry is sold to its crew" }],
  ["the levy on orchards", { title: "A levy on every orchard" }],
  ["night tram kingsreach", { title: "Kingsreach gets a night tram" }],
  ["library flooded manuscripts", { title: "Library flooded", text: "The manuscripts were on the lowest shelf." }],
  ["librarys manuscripts", { title: "Library flooded" }],
  ["swimming pool oxfold", { title: "Nine lanes at last", standfirst: "Oxfold opens a swimming pool." }],
  ["lighthouse", { title: "A keeper looks back", standfirst: "The lighthouse went dark a decade ago." }],
  ["windmil sails", { title: "New sails for the windmill" }],
  ["harbor dredging", { title: "Dredging the harbour takes a year" }],
  ["asbestos school", { title: "Classes move to the town hall", text: "Inspectors found asbestos above the gym of the school." }],
  ["beekeeping", { title: "Hives on the roof", tag: "Beekeeping" }],
  ["Zoë Marchetti", { title: "A column about rain", author: "Zoë Marchetti" }],
  ["zoe marchetti rain", { title: "A column about rain" }],
  ["bridge toll lorries", { title: "Lorries pay the bridge toll from May" }],
  ["1953 flood", { title: "What the flood of 1953 left", standfirst: "Seventy years on, the dikes are higher." }],
  ["museum director resigns", { title: "Museum director resigns over quarry deal" }],
  ["nurses strike", { title: "Nurses vote to strike" }],
  ["strik ballot nurses", { title: "Nurses vote to strike", text: "The ballot was close." }],
  ["theatre greywick opera", { title: "Opera returns to the Greywick theatre" }],
  ["quarterly results of the bank of penrow", { title: "Bank of Penrow misses its targets", standfirst: "Quarterly results disappoint." }],
];
const meant = new Map();
for (const [, given] of questions) meant.set(given.title, { ...meant.get(given.title), ...given });
const planted = [...meant.values()];

write("site.toml", 'title = "The Reach"\nbase_url = "https://reach.example/"\nauthority = "reach.example,2010"\ntimezone = "UTC"\narchive = false\npage_size = 500\n\n[feeds]\nterms = false\nsections = false\n\n[search]\nenabled = true\n');
write("content/_index.md", "");
for (const section of SECTIONS) write(`content/${section}/_index.md`, `+++\ntitle = "${section[0].toUpperCase()}${section.slice(1)}"\n+++\n`);
const spacing = Math.floor(ARTICLES / (planted.length + 1));
for (let at = 0; at < ARTICLES; at += 1) {
  const own = at % spacing === spacing - 1 ? planted[Math.floor(at / spacing)] ?? {} : {};
  const day = new Date(Date.UTC(2010, 0, 1) + at * 1.3 * 864e5).toISOString();
  const head = [`title = ${JSON.stringify(own.title ?? fill(one(TITLES)))}`, `date = ${day}`, `standfirst = ${JSON.stringify(own.standfirst ?? sentences(1))}`, `tags = ${JSON.stringify([one(TAGS), ...(own.tag ? [own.tag] : [])])}`, `authors = ["${own.author ?? one(AUTHORS)}"]`];
  write(`content/${one(SECTIONS)}/a${at}.md`, `+++\n${head.join("\n")}\n+++\n${sentences(6)} ${own.text ?? ""}\n\n${sentences(8)}\n`);
}
execFileSync(dateline, ["build", "--root", root, "--now", "2026-11-24T12:00:00Z"], { stdio: ["ignore", "ignore", "inherit"] });

const { searcher } = createRequire(import.meta.url)(join(root, "public/search.js"));
const faults = [];
let largest = 0;
for (const [question, { title }] of questions) {
  const files = new Map();
  const read = (path) => {
    if (!files.has(path)) files.set(path, readFileSync(join(root, "public/search", path.split("?")[0])));
    return Promise.resolve(JSON.parse(files.get(path)));
  };
  const engine = searcher(read);
  const numbers = await engine.find(question, {});
  const cards = await engine.cards(numbers.slice(0, 10));
  const first = cards.slice(0, 3).map((card) => card.title);
  if (!first.includes(title)) faults.push(`“${question}” finds ${first.join(" | ") || "nothing"}, and not “${title}”`);
  const moved = [...files.values()].reduce((sum, file) => sum + file.length, 0);
  largest = Math.max(largest, moved);
  if (moved > MOST) faults.push(`“${question}” moves ${moved} bytes: ${[...files].map(([path, file]) => `${path} ${file.length}`).join(", ")}`);
}
rmSync(root, { recursive: true });
faults.forEach((fault) => console.error(fault));
console.log(`${questions.length} questions among ${ARTICLES} articles: ${faults.length} faults; the largest moves ${Math.ceil(largest / 1000)} KB`);
process.exit(faults.length ? 1 : 0);
