// See `article.sh`.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { files, launch, violations } from "./browser.mjs";

const [dateline] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), "article-"));
const faults = [];
const check = (is, fault) => { if (!is) faults.push(fault); };

const write = (path, bytes) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), bytes);
};
const words = "The boat left late, and those who had waited for it were few. ".repeat(30);

/** A silent recording of two seconds. */
const silence = () => {
  const wave = Buffer.alloc(44 + 16000);
  wave.write("RIFF", 0);
  wave.writeUInt32LE(36 + 16000, 4);
  wave.write("WAVEfmt ", 8);
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(1, 20);
  wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(8000, 24);
  wave.writeUInt32LE(8000, 28);
  wave.writeUInt16LE(1, 32);
  wave.writeUInt16LE(8, 34);
  wave.write("data", 36);
  wave.writeUInt32LE(16000, 40);
  return wave.fill(128, 44);
};

write("site.toml", 'title = "Quay"\nbase_url = "https://quay.example/"\nauthority = "quay.example,2026"\ntimezone = "UTC"\n\n[authors.ada]\nname = "Ada Lovell"\nbio = "Writes about boats."\n');
write("content/_index.md", "");
const sections = ["One", "Two", "Three", "Four"].map((name) => `## ${name}\n\n${words}\n\n`).join("");
write("content/news/long/index.md", `+++
title = "A long way"
date = 2026-01-02
authors = ["ada"]
tags = ["boats"]
image = { src = "boat.jpg", alt = "A boat", caption = "Noon", credit = "Ada" }
enclosure = { url = "talk.wav", type = "audio/wav" }
[episode]
chapters = "talk.json"
transcript = "talk.vtt"
+++
${words}

| Boat | ${"A long name of a column | ".repeat(9)}
|---|${"---|".repeat(9)}
| Aidan | ${"1000000 | ".repeat(9)}

<iframe title="A frame" width="1400" height="300" srcdoc="<p>Inside</p>"></iframe>

- [ ] to do

${sections}`);
cpSync("tests/sites/harbour/content/news/ferry.jpg", join(root, "content/news/long/boat.jpg"));
write("content/news/long/talk.wav", silence());
write("content/news/long/talk.json", '{"chapters": [{"startTime": 0, "title": "Hello"}, {"startTime": 1, "title": "Tides"}]}');
write("content/news/long/talk.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ada>Hello.\n");
write("content/docs/_index.md", '+++\ntitle = "Handbook"\nlayout = "docs"\n[docs]\nedit_url = "https://git.example/edit/"\nversion = "1"\nlatest = "/"\n+++\nHow it works.\n');
for (let page = 0; page < 60; page += 1) write(`content/docs/p${page}.md`, `+++\ntitle = "Page ${page}"\nweight = ${page}\n+++\n${sections}`);
execFileSync(dateline, ["build", "--root", root, "--now", "2026-02-01T00:00:00Z"], { stdio: ["ignore", "ignore", "inherit"] });

const server = await files(join(root, "public"));
const browser = await launch();

/** Opens `path` in a window of this width; without JavaScript if `plain`. */
const opened = async (path, width, plain = false) => {
  const page = await browser.newPage();
  page.on("pageerror", (error) => faults.push(`${path}: ${error.message}`));
  page.on("request", (request) => check(/^(data|about|blob):/.test(request.url()) || request.url().startsWith(server.url), `${path} asks ${request.url()}`));
  await page.setJavaScriptEnabled(!plain);
  await page.evaluateOnNewDocument(() => {
    navigator.clipboard.writeText = async (text) => { window.copied = text; };
  });
  await page.setViewport({ width, height: 900 });
  await page.goto(server.url + path, { waitUntil: "load" });
  return page;
};
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const settled = () => new Promise((done) => setTimeout(done, 200));

for (const width of [390, 820, 1280]) {
  for (const path of ["/news/long/", "/docs/", "/docs/p40/"]) {
    const page = await opened(path, width);
    check((await wide(page)) <= 0, `${path} is wider than a window of ${width}`);
    for (const fault of await violations(page)) faults.push(`${path} at ${width}: ${fault}`);
    await page.close();
  }
}

const page = await opened("/news/long/", 1280);
const current = () => page.$$eval(".contents [aria-current]", (links) => links.map((link) => link.textContent).join());
check((await current()) === "One", `at the top the contents mark ${await current()}`);
await page.evaluate(() => document.getElementById("three").scrollIntoView());
await settled();
check((await current()) === "Three", `at the third heading the contents mark ${await current()}`);
await page.evaluate(() => scrollTo(0, 0));
await page.focus("a.zoom");
await page.keyboard.press("Enter");
check(await page.$("dialog.zoomed[open] img"), "a picture does not open by keyboard");
for (const fault of await violations(page, "dialog.zoomed")) faults.push(`an open picture: ${fault}`);
await page.keyboard.press("Escape");
await settled();
check(!(await page.$("dialog.zoomed")), "a picture does not close by Escape");
check(await page.evaluate(() => document.activeElement.matches("a.zoom")), "the focus is not where it was before the picture opened");
await page.click(".chapters summary");
await page.click("[data-seconds='1']");
await page.waitForFunction(() => document.querySelector("audio").currentTime >= 1, { timeout: 5000 }).catch(() => {});
check((await page.$eval("audio", (audio) => audio.currentTime)) >= 1, "a chapter does not lead to its time");
check(page.url().endsWith("/news/long/"), "a chapter leaves the page");
await page.click("a[href='#dl-transcript']");
await settled();
check(await page.$eval("#dl-transcript", (details) => details.open), "the transcript does not open");
await page.click("[data-do='copy']");
await settled();
check((await page.$eval("[data-do='copy']", (button) => button.textContent)) === "Copied", "nothing says that the link was copied");
check((await page.evaluate(() => window.copied)) === "https://quay.example/news/long/", "the link was not copied");
await page.close();

for (const plain of [false, true]) {
  const phone = await opened("/docs/p40/", 390, plain);
  const shown = () => phone.$eval(".docs-tree", (tree) => tree.checkVisibility());
  check(!(await shown()), "the drawer is open at first");
  await phone.click(".docs-menu summary");
  check(await shown(), `the drawer does not open ${plain ? "without JavaScript" : ""}`);
  await phone.close();
}
const docs = await opened("/docs/p40/", 1280);
const seen = await docs.$eval(".docs-tree [aria-current]", (link) => {
  const { top, bottom } = link.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
});
check(seen, "the page's own entry in the tree is out of sight");
check((await docs.$eval(".share, .docs-foot a", (link) => link.href)) === "https://git.example/edit/content/docs/p40.md", "the link to edit is another");
await docs.close();
const without = await opened("/news/long/", 390, true);
check(!(await without.$eval(".share", (share) => share.checkVisibility())), "buttons that do nothing are there without JavaScript");
await without.close();

await browser.close();
server.close();
rmSync(root, { recursive: true });
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults in pages of articles and documentation`);
process.exit(faults.length ? 1 : 0);
