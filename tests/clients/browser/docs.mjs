// Takes the pictures of the documentation into content/docs: `node docs.mjs SITES`. The folder SITES has the sources of
// the sites `harbour` and `mina`, and their output below `built/`. `screens.sh --docs` calls this.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { files, launch, served } from "./browser.mjs";

const [sites] = process.argv.slice(2);
const docs = new URL("../../../content/docs/", import.meta.url).pathname;
const NOW = "2026-11-25T12:00:00Z";
const LARGEST = 60_000;

const browser = await launch();

const shown = async (width, height) => {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  return page;
};

const take = async (page, name) => {
  const path = join(docs, name === "new-sites" ? "." : "reference", `${name}.webp`);
  // Pages are as white as those that show them.
  await page.evaluate(() => {
    const frame = document.createElement("div");
    frame.style.cssText = "border: 1px solid #8a8f98; inset: 0; position: fixed; z-index: 2147483647";
    document.documentElement.append(frame);
  });
  await page.screenshot({ path, type: "webp", quality: 60 });
  const size = statSync(path).size;
  console.log(`${name}.webp: ${size} bytes`);
  if (size > LARGEST) throw new Error(`${name}.webp is larger than ${LARGEST} bytes`);
  await page.close();
};

const [harbour, mina] = [await files(join(sites, "built", "harbour")), await files(join(sites, "built", "mina"))];

const front = await shown(1080, 820);
await front.goto(harbour.url, { waitUntil: "load" });
await take(front, "theme-front");

// Three telephones side by side: by day, by night, and from right to left.
const phones = await shown(1190, 720);
const frame = (url) => `<iframe src="${url}" width="390" height="720"></iframe>`;
await phones.setContent(
  `<style>body { display: flex; gap: 10px; margin: 0; background: #8a8f98 } iframe { border: 0; background: #fff }</style>
  ${frame(`${harbour.url}/news/2026/11/night-ferry/`)}${frame(`${harbour.url}/?dark`)}${frame(`${mina.url}/news/2026/11/ferry/`)}`,
  { waitUntil: "networkidle0" },
);
const night = phones.frames().find((one) => one.url().endsWith("?dark"));
await night.evaluate(() => (document.documentElement.style.colorScheme = "dark"));
await take(phones, "theme-phones");

// The fronts of the five kinds of new sites, made smaller.
const env = { ...process.env, SOURCE_DATE_EPOCH: String(Date.parse(NOW) / 1000) };
const kinds = [];
for (const kind of ["paper", "blog", "docs", "podcast", "releases"]) {
  const root = join(sites, `new-${kind}`);
  execFileSync(process.env.DATELINE, ["new", root, "--kind", kind], { env });
  execFileSync(process.env.DATELINE, ["build", "--root", root], { env });
  kinds.push(await files(join(root, "public")));
}
const fronts = await shown(1190, 710);
const small = ({ url }) => `<div><iframe src="${url}/" width="960" height="864"></iframe></div>`;
await fronts.setContent(
  `<style>body { display: flex; flex-wrap: wrap; gap: 10px; justify-content: center; margin: 0; background: #8a8f98 }
  div { height: 350px; overflow: hidden; width: 390px } iframe { border: 0; background: #fff; scale: 0.40625; transform-origin: 0 0 }</style>
  ${kinds.map(small).join("")}`,
  { waitUntil: "networkidle0" },
);
await take(fronts, "new-sites");
kinds.forEach((one) => one.close());

// The desk lists withheld articles, so the site gets two.
const root = join(sites, "harbour");
const article = join(root, "content/news/night-ferry.md");
const text = readFileSync(article, "utf8");
const more = (name, title, lines) => writeFileSync(join(root, `content/news/${name}.md`), `+++\ntitle = "${title}"\n${lines}\n+++\n\nText.\n`);
more("budget", "The council’s budget, line by line", "published = 2026-11-26T06:00:00+00:00\nauthors = [\"tom\"]");
more("regatta", "Who rows in the winter regatta", "draft = true\ndate = 2026-11-25");
await served(process.env.DATELINE, root, async (url) => {
  const desk = await shown(1080, 900);
  await desk.goto(`${url}_dateline/`, { waitUntil: "load" });
  await take(desk, "serve-desk");
  const page = await shown(1080, 640);
  await page.goto(`${url}news/2026/11/night-ferry/`, { waitUntil: "load" });
  writeFileSync(article, text.replace(/^updated = .*$/m, 'updated = "2026-11-31"'));
  await page.waitForFunction(() => document.querySelector("dateline-overlay"));
  await take(page, "serve-overlay");
}, ["--now", NOW]);

harbour.close();
mina.close();
await browser.close();
