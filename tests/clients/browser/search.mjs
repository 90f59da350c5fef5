// See `search.sh`.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { files, launch, violations } from "./browser.mjs";

const [dateline] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), "search-"));
const faults = [];
const check = (is, fault) => { if (!is) faults.push(fault); };

const write = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

// Section, name, day, title, standfirst, tags, author, text.
const articles = [
  ["news", "bridge", "2024-02-03", "Swing bridge closes for repairs", "Lorries take the ring road until May.", ["Traffic"], "Ada Lovell", "The hydraulics of the bridge have leaked since the storm."],
  ["news", "ferry", "2025-03-01", "The night ferry sails again", "After three years the late boat is back.", ["Ferries"], "Ada Lovell", "Tickets are sold at the quay and on board."],
  ["news", "ferry-fares", "2023-05-01", "Ferry fares rise by a tenth", "Commuters protest at the terminal.", ["Ferries", "Prices"], "Bo Lindqvist", "The company blames fuel."],
  ["news", "flood", "2022-11-11", "High water in the old town", "Cellars were flooded and no one was hurt.", ["Weather"], "Bo Lindqvist", "The gauge showed three metres. The ferry stayed in the harbour."],
  ["news", "mayor", "2025-06-07", "Élodie Müller becomes mayor", "She won by forty votes.", ["Elections"], "Ada Lovell", "The count took all night at the town hall."],
  ["news", "library", "2024-09-09", "A library on a barge", "Books come to the islands once a month.", ["Culture", "Islands"], "Cato Berg", "The barge was a coal lighter once."],
  ["culture", "opera", "2025-01-20", "An opera about the tides", "The chorus sings up to its knees in water.", ["Music"], "Cato Berg", "The conductor wears boots."],
  ["culture", "lighthouse", "2021-08-08", "The last keeper of the lighthouse", "He polished the lens for forty years.", ["History"], "Cato Berg", `${"Gulls were his only company in the long winters. ".repeat(9)}The lamp is electric now, and nobody climbs the stairs.`],
  ["culture", "museum", "2023-02-14", "Museum buys a diving bell", "It is from 1790 and was found in a barn.", ["History", "Museums"], "Dora Finch", "Divers breathed what air was in the bell."],
  ["culture", "bakery", "2020-04-04", "Sourdough at four in the morning", "A night in the bakery on Rope Street.", ["Food"], "Dora Finch", "The oven was built in 1911 and burns beech."],
  ["sport", "regatta", "2024-07-01", "Regatta ends in a dead calm", "Forty boats drifted home.", ["Sailing"], "Bo Lindqvist", "The winners rowed."],
  ["sport", "swimmer", "2022-06-30", "Straße der Schwimmer: across the strait", "Nine hours in cold water.", ["Swimming"], "Ada Lovell", "Jellyfish were the worst of it."],
  ["news", "tram", "2025-09-09", "Trams return to the waterfront", "The rails were under the asphalt all the time.", ["Traffic"], "Dora Finch", "The first line has six stops."],
  ["news", "school", "2023-08-21", "School boat gets a new engine", "Pupils from the islands arrive on time.", ["Islands", "Schools"], "Cato Berg", "It is electric and quiet."],
  ["news", "herring", "2021-03-03", "Herring are back in the bay", "Fishers land the largest catch since 1988.", ["Fishing"], "Bo Lindqvist", "Prices fell within a week."],
  ["news", "cranes", "2020-10-10", "Three cranes come down", "The shipyard sells its last machines.", ["Economy"], "Ada Lovell", "They go to a port in the south."],
  ["culture", "poem", "2022-01-01", "Poems on the pilot boats", "Lines are painted on the hulls.", ["Poetry"], "Dora Finch", "The pilots chose them."],
  ["news", "japan", "2024-04-04", "渡し船の新しい桟橋", "桟橋は春に完成した。", ["日本"], "Cato Berg", "乗客は川を渡る。"],
];
const questions = [
  ["ferry", "ferry"], ["ferries", "ferry"], ["night ferry", "ferry"], ["fery", "ferry-fares"], ["fares", "ferry-fares"], ["swing bridge", "bridge"],
  ["traffic", "tram"], ["Elodie Muller", "mayor"], ["election", "mayor"], ["lighth", "lighthouse"], ["lighthuose", "lighthouse"], ["keeper lens", "lighthouse"],
  ["strasse", "swimmer"], ["diving 1790", "museum"], ["museums", "museum"], ["bakeries", "bakery"], ["islands school", "school"], ["hydraulics", "bridge"],
  ["herring prices", "herring"], ["桟橋", "japan"],
];

write("site.toml", 'title = "The Quay"\nbase_url = "https://quay.example/"\nauthority = "quay.example,2020"\ntimezone = "UTC"\n\n[search]\nenabled = true\n');
write("content/_index.md", "");
for (const section of ["news", "culture", "sport"]) write(`content/${section}/_index.md`, `+++\ntitle = "${section[0].toUpperCase()}${section.slice(1)}"\n+++\n`);
for (const [section, name, day, title, standfirst, tags, author, text] of articles) {
  write(`content/${section}/${name}.md`, `+++\ntitle = ${JSON.stringify(title)}\nstandfirst = ${JSON.stringify(standfirst)}\ndate = ${day}\ntags = ${JSON.stringify(tags)}\nauthors = ["${author}"]\n+++\n${text}\n`);
}
execFileSync(dateline, ["build", "--root", root, "--now", "2026-11-24T12:00:00Z"], { stdio: "inherit" });

const server = await files(join(root, "public"));
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 390, height: 844 });
  page.on("request", (request) => check(request.url().startsWith(server.url) || request.url().startsWith("data:"), `asks for ${request.url()}`));
  page.on("pageerror", (error) => faults.push(String(error)));
  const settled = (text) => page.waitForFunction((text) => document.querySelector(".search-said").textContent.startsWith(text), {}, text);
  const links = () => page.$$eval(".search-found a", (all) => all.map((link) => new URL(link.href).pathname.split("/").at(-2)));
  const asked = async (query) => {
    await page.goto(`${server.url}/search/?q=${encodeURIComponent(query)}`, { waitUntil: "networkidle0" });
    return links();
  };

  for (const [question, wanted] of questions) {
    const found = await asked(question);
    check(found.slice(0, 3).includes(wanted), `“${question}” finds ${found.slice(0, 3).join(", ") || "nothing"}, and not ${wanted}`);
  }
  check((await asked("ferry")).join() === "ferry,ferry-fares,flood", `title before text, newest first: ${await links()}`);

  // Where the words are: in the text, if title and standfirst do not have them.
  const read = [];
  page.on("request", (request) => request.resourceType() === "fetch" && !request.url().includes("/search/") && read.push(new URL(request.url()).pathname));
  await asked("keeper lens");
  await new Promise((done) => setTimeout(done, 500));
  check(!read.length, `words of the standfirst ask for ${read}`);
  await asked("lamp stairs");
  await page.waitForSelector(".search-found .excerpt", { timeout: 5000 }).catch(() => faults.push("no excerpt for words of the text"));
  const explained = await page.$$eval(".search-found .excerpt", (all) => all.map((one) => one.textContent));
  check(explained[0]?.startsWith("… ") && explained[0].includes("nobody climbs the stairs"), `the excerpt is ${explained}`);
  check((await page.$$eval(".excerpt mark", (all) => all.map((mark) => mark.textContent))).join() === "lamp,stairs", "words of the excerpt are not marked");
  check(read.join() === "/culture/lighthouse/", `an excerpt asks for ${read}`);
  await asked("\u4e57\u5ba2");
  await page.waitForSelector(".search-found .excerpt mark", { timeout: 5000 }).catch(() => faults.push("no excerpt in Japanese"));
  check((await page.$$eval(".excerpt mark", (all) => all.map((mark) => mark.textContent))).join() === "\u4e57\u5ba2", "more than the word is marked in Japanese");

  // By keyboard, from an article.
  await page.goto(`${server.url}/news/tram/`, { waitUntil: "networkidle0" });
  await Promise.all([page.waitForNavigation(), page.keyboard.press("/")]);
  check(new URL(page.url()).pathname === "/search/", `/ leads to ${page.url()}`);
  await page.keyboard.press("/");
  await page.keyboard.type("ferry");
  await settled("Results: 3");
  const focused = () => page.evaluate(() => document.activeElement.pathname ?? document.activeElement.name);
  const order = [];
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"]) {
    await page.keyboard.press(key);
    order.push(await focused());
  }
  check(order.join() === "/news/ferry/,/news/ferry-fares/,/news/ferry/,q", `arrows go to ${order}`);
  check((await page.$$eval(".search-found mark", (all) => all.map((mark) => mark.textContent))).includes("ferry"), "words are not marked");
  faults.push(...(await violations(page)));
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector(".search-found li"));
  check((await focused()) === "q", "Escape leaves the words");
  await page.keyboard.type("regatta");
  await settled("Results: 1");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.pathname === "/sport/regatta/");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  check(new URL(page.url()).pathname === "/sport/regatta/", `Enter opens ${page.url()}`);

  // The choices, alone and with words.
  await page.goto(`${server.url}/search/?section=culture&year=2023`, { waitUntil: "networkidle0" });
  check((await links()).join() === "museum", `a section and a year have ${await links()}`);
  await page.goto(`${server.url}/search/?q=forty`, { waitUntil: "networkidle0" });
  await page.select("select[name=author]", "ada-lovell");
  await settled("Results: 1");
  check((await links()).join() === "mayor", `an author has ${await links()}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  check(!wide, "the page is wider than a phone");

  // An address that leads nowhere.
  await page.goto(`${server.url}/2019/night-ferry.html`, { waitUntil: "networkidle0" });
  check((await links())[0] === "ferry", `404 finds ${await links()}`);
} finally {
  await browser.close();
  server.close();
  rmSync(root, { recursive: true });
}
faults.forEach((fault) => console.error(fault));
console.log(faults.length ? "" : `${questions.length} questions, the keyboard, the choices: as they should be`);
process.exit(faults.length ? 1 : 0);
