// The theme in a real browser: `node .ci/screens.mjs SITES OUT [--accept]`.
// SITES has the built sites `harbour` (left to right) and `mina` (right to left). Each kind of page is opened in phone
// and desktop width, light and dark: nothing may be logged as an error or asked of another origin, axe-core finds
// nothing, nothing is wider than the window, and the picture is that of tests/screens, but for a few pixels.
// `--accept` takes the pictures as the new references. `--look` only takes pictures.
import { createServer } from "node:http";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(new URL("./tools/package.json", import.meta.url));
const puppeteer = require("puppeteer-core").default ?? require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [sites, out, ...flags] = process.argv.slice(2);
const accept = flags.includes("--accept");
const look = flags.includes("--look");
const only = flags.find((flag) => flag.startsWith("--only="))?.slice(7);
const references = new URL("../tests/screens/", import.meta.url).pathname;
mkdirSync(out, { recursive: true });
if (accept) mkdirSync(references, { recursive: true });

const types = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml", xml: "application/xml", json: "application/json", jpg: "image/jpeg", png: "image/png", webp: "image/webp", txt: "text/plain; charset=utf-8" };
export function serve(folder) {
  return new Promise((done) => {
    const server = createServer((request, response) => {
      let path = join(folder, decodeURIComponent(new URL(request.url, "http://x").pathname));
      if (existsSync(path) && statSync(path).isDirectory()) path = join(path, "index.html");
      const found = existsSync(path);
      if (!found) path = join(folder, "404.html");
      response.writeHead(found ? 200 : 404, { "content-type": types[path.split(".").pop()] ?? "application/octet-stream" });
      response.end(readFileSync(path));
    });
    server.listen(0, "127.0.0.1", () => done({ url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }));
  });
}

const pages = {
  harbour: { front: "/", article: "/news/2026/11/night-ferry/", wire: "/news/2026/11/gale/", section: "/news/", archive: "/archive/", 404: "/404.html", subscribe: "/subscribe/", author: "/authors/ines/", withdrawn: "/news/2026/11/withdrawn/", page: "/about/" },
  mina: { front: "/", article: "/news/2026/11/ferry/", wire: "/news/2026/11/gale/", section: "/news/", archive: "/archive/", 404: "/404.html", subscribe: "/subscribe/" },
};
const widths = { phone: [390, 844], desktop: [1280, 900] };

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--hide-scrollbars", "--font-render-hinting=none", "--disable-lcd-text"] });
const problems = [];
let taken = 0;

/** How many of a hundred pixels differ by more than the eye forgives. */
async function difference(one, other) {
  const page = await browser.newPage();
  const share = await page.evaluate(async (urls) => {
    const data = async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height);
    };
    const [a, b] = [await data(urls[0]), await data(urls[1])];
    if (a.width !== b.width || Math.abs(a.height - b.height) > 24) return 100;
    const length = Math.min(a.data.length, b.data.length);
    let differing = 0;
    for (let at = 0; at < length; at += 4) {
      const most = Math.max(Math.abs(a.data[at] - b.data[at]), Math.abs(a.data[at + 1] - b.data[at + 1]), Math.abs(a.data[at + 2] - b.data[at + 2]));
      if (most > 64) differing += 1;
    }
    return (differing * 400) / length;
  }, [one, other].map((bytes) => `data:image/webp;base64,${Buffer.from(bytes).toString("base64")}`));
  await page.close();
  return share;
}

for (const [site, kinds] of Object.entries(pages)) {
  if (!existsSync(join(sites, site))) continue;
  const server = await serve(join(sites, site));
  for (const [kind, path] of Object.entries(kinds)) {
    for (const [width, [w, h]] of Object.entries(widths)) {
      for (const scheme of ["light", "dark"]) {
        const name = `${site}-${kind}-${width}-${scheme}`;
        if (only && !name.includes(only)) continue;
        const page = await browser.newPage();
        page.on("console", (message) => message.type() === "error" && problems.push(`${name}: ${message.text()}`));
        page.on("pageerror", (error) => problems.push(`${name}: ${error.message}`));
        page.on("request", (request) => {
          if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) problems.push(`${name} asks ${request.url()}`);
        });
        await page.setViewport({ width: w, height: h });
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
        await page.goto(server.url + path, { waitUntil: "load" });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) problems.push(`${name}: ${wide} pixels wider than the window`);
        const shot = await page.screenshot({ type: "webp", quality: 70, fullPage: true });
        taken += 1;
        writeFileSync(join(out, `${name}.webp`), shot);
        if (look) writeFileSync(join(out, `${name}.png`), await page.screenshot({ fullPage: true }));
        const reference = join(references, `${name}.webp`);
        if (accept) writeFileSync(reference, shot);
        else if (!look && !existsSync(reference)) problems.push(`${name}: there is no reference`);
        else if (!look) {
          const share = await difference(readFileSync(reference), shot);
          if (share > 0.5) problems.push(`${name}: ${share.toFixed(2)} % of the pixels differ from tests/screens (${join(out, name)}.webp)`);
        }
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
        for (const { id, help, nodes } of violations) problems.push(`${name}: axe ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`);
        await page.close();
      }
    }
  }
  server.close();
}
await browser.close();
for (const problem of [...new Set(problems)]) console.log(problem);
console.log(`${taken} pictures, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
