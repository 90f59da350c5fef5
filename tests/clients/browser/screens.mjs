// Checks the theme in a real browser: `node screens.mjs SITES OUT [--accept] [--look] [--only=PART]`. `screens.sh` calls this.
// SITES has the built sites `harbour` (left to right), `mina` (right to left) and `languages` (both), and `paper`, `blog`, `docs` and `podcast` of
// `demo.mjs`. Each kind of page is opened in phone and desktop width, light and dark, or as it says for itself: on a tablet, on paper.
// It must log no error, request nothing from another origin, pass axe-core, and be no wider than the window. Its picture must equal
// that of tests/screens, but for a few spots.
// `--accept` takes the pictures that differ as the new references. `--look` only takes pictures.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { files, launch, violations } from "./browser.mjs";

const [sites, out, ...flags] = process.argv.slice(2);
const accept = flags.includes("--accept");
const look = flags.includes("--look");
const only = flags.find((flag) => flag.startsWith("--only="))?.slice(7);
const references = new URL("../../screens/", import.meta.url).pathname;
const made = join(references, "made-with.txt");
mkdirSync(out, { recursive: true });
if (accept) mkdirSync(references, { recursive: true });

const USUAL = ["phone-light", "phone-dark", "desktop-light", "desktop-dark"];
// The path of each page, or the path and the pictures that are taken of it.
const pages = {
  harbour: { front: "/", article: "/news/2026/11/night-ferry/", wire: "/news/2026/11/gale/", section: "/news/", archive: "/archive/", 404: "/404.html", subscribe: "/subscribe/", author: "/authors/ines/", topic: "/tags/fishing/", month: "/archive/2026/11/", withdrawn: "/news/2026/11/withdrawn/", page: "/about/" },
  mina: { front: ["/", ...USUAL, "tablet-light"], article: ["/news/2026/11/ferry/", ...USUAL, "tablet-light", "print"], wire: "/news/2026/11/gale/", section: ["/news/", ...USUAL, "tablet-light"], archive: "/archive/", 404: "/404.html", subscribe: "/subscribe/" },
  languages: { front: "/", german: "/de/", article: "/de/nachrichten/neue-faehre/", arabic: "/ar/", "arabic-article": "/ar/news/ferry/", "arabic-section": "/ar/news/", chinese: ["/zh-hant/news/ferry/", ...USUAL, "tablet-light", "print"], "chinese-front": ["/zh-hant/", "phone-light", "desktop-dark"] },
  paper: {
    front: ["/", "phone-light", "phone-dark", "tablet-light", "desktop-light", "desktop-dark", "print"],
    section: ["/culture/", "phone-light", "tablet-light", "tablet-dark", "desktop-light"],
    article: ["/sport/a2/", "phone-dark", "tablet-light", "desktop-light", "print"],
    topic: ["/tags/council/", "tablet-light", "desktop-dark"],
    author: ["/authors/ada/", "phone-light", "tablet-light"],
    archive: ["/archive/", "tablet-light"],
    search: ["/search/?q=ferry+storm", "phone-light", "desktop-dark"],
    404: ["/404.html", "tablet-light"],
  },
  blog: { front: ["/", "phone-light", "tablet-light", "desktop-light", "desktop-dark"], post: ["/posts/a1/", "phone-light", "desktop-light", "print"], page: ["/about/", "tablet-light"], topics: ["/tags/", "phone-dark"] },
  docs: {
    front: ["/", "phone-dark", "tablet-light", "desktop-light"],
    index: ["/docs/", "tablet-light", "desktop-light"],
    page: ["/docs/guide/stations/", "phone-light", "tablet-dark", "desktop-light", "desktop-dark", "print"],
  },
  podcast: { front: ["/", "phone-light", "tablet-light", "desktop-dark"], episodes: ["/episodes/", "phone-dark", "tablet-light", "desktop-light"], episode: ["/episodes/e0/", "phone-light", "desktop-light", "desktop-dark"] },
};
// Sites with photographs: of their long pages the beginning is enough.
const DEMO = ["paper", "blog", "docs", "podcast"];
const LONGEST = 2400;
const widths = { phone: [390, 844], tablet: [820, 1180], desktop: [1280, 900], print: [794, 1123] };

// Another Chromium may draw the edge of a letter otherwise. So it is not pixels that are compared but the mean colour of
// tiles: it hardly moves with the edges of letters, and much if a line is elsewhere, missing, or of another colour.
const TILE = 16;
const VISIBLE = 5;
// Of a hundred tiles: with the Chromium that made the references, and with another one.
const SHARES = { same: 0.05, other: 0.5 };

/** Waits until all pictures of a page are drawn; browsers decode them beside, and after it has loaded. */
const pictured = async () => {
  for (const image of document.images) Object.assign(image, { loading: "eager", decoding: "sync" });
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
};

/** What is wrong with the lead of a front: its picture is at most half a window high, and on a desk its headline is in view. */
const lead = (onDesk) => {
  const [picture, headline] = [".lead .opening img", ".lead h2"].map((one) => document.querySelector(one)?.getBoundingClientRect());
  return [
    picture && picture.height > innerHeight / 2 + 1 && `the lead's picture is ${picture.height} pixels high`,
    onDesk && headline && headline.bottom > innerHeight && `the lead's headline ends at ${headline.bottom} pixels`,
  ].filter(Boolean);
};

/** How many of a hundred tiles are of another colour. */
const difference = (page, one, other) =>
  page.evaluate(async (urls, tile, visible) => {
    const data = async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height);
    };
    const [a, b] = [await data(urls[0]), await data(urls[1])];
    if (a.width !== b.width) return 100;
    const height = Math.min(a.height, b.height);
    // What only one of them has is of another colour.
    const beyond = Math.ceil(Math.abs(a.height - b.height) / tile) * Math.ceil(a.width / tile);
    let [tiles, differing] = [beyond, beyond];
    for (let top = 0; top < height; top += tile) {
      for (let left = 0; left < a.width; left += tile) {
        const [bottom, right] = [Math.min(top + tile, height), Math.min(left + tile, a.width)];
        const sums = [0, 0, 0];
        for (let y = top; y < bottom; y += 1) {
          for (let x = left; x < right; x += 1) {
            const at = (y * a.width + x) * 4;
            for (let channel = 0; channel < 3; channel += 1) sums[channel] += a.data[at + channel] - b.data[at + channel];
          }
        }
        const most = Math.max(...sums.map(Math.abs)) / ((bottom - top) * (right - left));
        tiles += 1;
        if (most > visible) differing += 1;
      }
    }
    return (differing * 100) / tiles;
  }, [one, other].map((bytes) => `data:image/webp;base64,${Buffer.from(bytes).toString("base64")}`), TILE, VISIBLE);

const browser = await launch();
const version = `${(await browser.version()).replace(/^\w+\/(\d+).*/, "Chromium $1")}\n`;
const before = existsSync(made) ? readFileSync(made, "utf8") : "nobody knows what\n";
const bearable = before === version ? SHARES.same : SHARES.other;
const judge = await browser.newPage();
const problems = [];
const names = new Set();
let differing = 0;

for (const [site, kinds] of Object.entries(pages)) {
  const server = await files(join(sites, site));
  for (const [kind, entry] of Object.entries(kinds)) {
    const [path, ...shots] = typeof entry === "string" ? [entry, ...USUAL] : entry;
    for (const shot of shots) {
      const [width, scheme = "light"] = shot.split("-");
      const [w, h] = widths[width];
      const name = `${site}-${kind}-${shot}`;
      if (only && !name.includes(only)) continue;
      names.add(`${name}.webp`);
      const page = await browser.newPage();
      page.on("console", (message) => message.type() === "error" && problems.push(`${name}: ${message.text()}`));
      page.on("pageerror", (error) => problems.push(`${name}: ${error.message}`));
      page.on("request", (request) => {
        if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) problems.push(`${name} asks ${request.url()}`);
      });
      await page.setViewport({ width: w, height: h });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
      if (width === "print") await page.emulateMediaType("print");
      await page.goto(server.url + path, { waitUntil: path.includes("?") ? "networkidle0" : "load" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) problems.push(`${name}: ${wide} pixels wider than the window`);
      problems.push(...(await page.evaluate(lead, width === "desktop")).map((text) => `${name}: ${text}`));
      await page.evaluate(pictured);
      // Chromium shifts a page from right to left that fits into the window if it is asked for all of it.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      const clip = DEMO.includes(site) && height > LONGEST ? { x: 0, y: 0, width: w, height: LONGEST } : undefined;
      const picture = await page.screenshot({ type: "webp", quality: clip ? 60 : 70, clip, fullPage: !clip && height > h });
      writeFileSync(join(out, `${name}.webp`), picture);
      const reference = join(references, `${name}.webp`);
      if (!look) {
        const share = existsSync(reference) ? await difference(judge, readFileSync(reference), picture) : 100;
        if (share > bearable) {
          differing += 1;
          if (accept) writeFileSync(reference, picture);
          else problems.push(`${name}: ${share.toFixed(2)} % of it is not as in tests/screens`);
        }
      }
      problems.push(...(await violations(page)).map((text) => `${name}: ${text}`));
      await page.close();
    }
  }
  server.close();
}
await browser.close();

if (!only && !look) {
  for (const name of readdirSync(references).filter((name) => name.endsWith(".webp") && !names.has(name))) {
    if (accept) rmSync(join(references, name));
    else problems.push(`tests/screens/${name} is of no page`);
  }
}
if (accept) writeFileSync(made, version);
for (const problem of [...new Set(problems)]) console.log(problem);
if (differing && !accept) {
  console.log(`The pictures are in ${out}. If they are as they should be, tests/clients/browser/screens.sh --accept takes them.`);
  if (before !== version) console.log(`The references were made with ${before.trim()}, and this is ${version.trim()}.`);
}
console.log(`${names.size} pictures, ${differing} of them ${accept ? "taken" : "not as they were"}, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
