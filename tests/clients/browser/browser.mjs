// Shared by the checks in a browser: Chromium set up to draw alike everywhere, axe-core, and two servers: one for a folder of
// files, and `dateline serve`.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../tools/package.json", import.meta.url));
const puppeteer = require("puppeteer-core").default ?? require("puppeteer-core");

/** Chromium with no fonts but DejaVu (`fonts.conf`), unhinted, at one pixel a pixel, in no time zone but UTC. */
export const launch = () =>
  puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    env: { ...process.env, FONTCONFIG_FILE: fileURLToPath(new URL("./fonts.conf", import.meta.url)), LANG: "C.UTF-8", TZ: "UTC" },
    args: [
      "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--lang=en-GB", "--force-device-scale-factor=1", "--force-color-profile=srgb",
      "--font-render-hinting=none", "--disable-lcd-text", "--disable-partial-raster",
    ],
  });

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Violations that axe-core finds on `page`, or in one element of it with its shadow trees; a sentence each. */
export const violations = async (page, selector) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((selector) => axe.run(selector ?? document, { resultTypes: ["violations"] }), selector ?? null);
  return violations.map(({ id, help, nodes }) => `axe ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.target.flat().join(" ")).join(", ")}`);
};

const types = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml", xml: "application/xml", json: "application/json", jpg: "image/jpeg", png: "image/png", webp: "image/webp", txt: "text/plain; charset=utf-8" };

/** Serves the files of `folder`. The address has no slash at its end. */
export const files = (folder) =>
  new Promise((done) => {
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

/** Runs `dateline serve` on the site at `root` until `work`, which gets its address, is done. */
export const served = async (dateline, root, work, fields = []) => {
  const child = spawn(dateline, ["serve", "--root", root, "--port", "0", ...fields], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const lines = createInterface({ input: child.stdout });
    const url = await new Promise((found, failed) => {
      const timer = setTimeout(() => failed(new Error("it did not begin")), 120_000);
      lines.on("line", (line) => {
        const address = /^(http:\S+)  the site/.exec(line);
        if (!address) return;
        clearTimeout(timer);
        found(address[1]);
      });
      child.on("exit", () => failed(new Error("it ended")));
    });
    await work(url, child);
  } finally {
    child.kill();
  }
};
