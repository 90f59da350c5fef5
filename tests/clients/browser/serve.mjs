// Drives a browser at `dateline serve`: `node serve.mjs DATELINE [SITE]`. `serve.sh` calls this. It never sleeps, and every
// wait has a limit.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { launch, served, violations } from "./browser.mjs";

const [dateline, site] = process.argv.slice(2);
const PATIENCE = 30_000;

const check = (holds, what) => {
  if (!holds) throw new Error(what);
  console.log(`ok: ${what}`);
};
// What axe-core says of a page, or of one element of it, by day and by night.
const clean = async (page, what, selector) => {
  const found = [];
  for (const value of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    found.push(...(await violations(page, selector)).map((text) => `${value}: ${text}`));
  }
  check(found.length === 0, `axe-core finds nothing on ${what} ${found.join("\n")}`.trim());
};

const article = (title, text) => `+++\ntitle = "${title}"\ndate = 2026-11-01T08:00:00Z\n+++\n${text}\n`;

const behaviour = async (browser) => {
  const root = mkdtempSync(join(tmpdir(), "dateline-serve-"));
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const long = Array.from({ length: 200 }, (_, at) => `Paragraph ${at}.`).join("\n\n");
  write("site.toml", 'title = "T"\nbase_url = "https://example.org/"\nauthority = "example.org"\ntimezone = "UTC"\n');
  write("content/_index.md", "");
  write("content/a.md", article("First", `Harbour.\n\n${long}`));
  write("content/b.md", article("Second", "Ferry."));
  write("content/late.md", '+++\ntitle = "Late"\ndate = 2099-01-01\n+++\nText.\n');
  write("static/own.css", "h1 { color: rgb(1, 2, 3) }");
  write(
    "templates/article.html",
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ article.title }}</title><link rel="stylesheet" href="/own.css"></head><body><h1>{{ article.title }}</h1>{{ article.content | safe }}</body></html>',
  );
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const elsewhere = [];
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  try {
    await served(dateline, root, async (url) => {
      page.on("request", (request) => request.url().startsWith(url) || request.url().startsWith("data:") || elsewhere.push(request.url()));
      await page.goto(`${url}a/`, { waitUntil: "load" });
      const text = (words) => page.waitForFunction((words) => document.body.innerText.includes(words), {}, words);
      const colour = (wanted) => page.waitForFunction((wanted) => getComputedStyle(document.querySelector("h1")).color === wanted, {}, wanted);
      const overlay = (words) => page.waitForFunction(
        (words) => document.querySelector("dateline-overlay")?.shadowRoot.textContent.includes(words) ?? false, {}, words);
      const noOverlay = () => page.waitForFunction(() => !document.querySelector("dateline-overlay"));
      await text("Harbour.");
      await page.evaluate(() => scrollTo(0, 1500));
      write("content/a.md", article("First", `Lighthouse.\n\n${long}`));
      await text("Lighthouse.");
      check(true, "an edit is seen without a press of reload");
      await page.waitForFunction(() => Math.abs(scrollY - 1500) < 2);
      check(true, "the reader is where he was");
      await page.evaluate(() => (window.kept = "kept"));
      write("static/own.css", "h1 { color: rgb(4, 5, 6) }");
      await colour("rgb(4, 5, 6)");
      check((await page.evaluate(() => window.kept)) === "kept", "a style sheet is exchanged without a reload");
      write("content/b.md", article("Second", "Tram."));
      write("static/own.css", "h1 { color: rgb(7, 8, 9) }");
      await colour("rgb(7, 8, 9)");
      check((await page.evaluate(() => window.kept)) === "kept", "what another page shows is no reason to reload");
      write("content/a.md", '+++\ntitle = "First"\ndate = "2026-13-01"\n+++\nBroken.\n');
      await overlay("there is no month 13");
      await overlay("content/a.md:3:");
      const role = await page.evaluate(() => document.querySelector("dateline-overlay").shadowRoot.querySelector("[role=alert] mark").textContent);
      check(role === "13", "an error is shown over the page, with what is meant");
      check((await page.evaluate(() => document.body.innerText)).includes("Lighthouse."), "and the last good page stands behind it");
      await clean(page, "an error over the page", "dateline-overlay");
      write("content/a.md", article("First", `Mended.\n\n${long}`));
      await text("Mended.");
      await noOverlay();
      check(true, "it goes when it is mended");
      await page.goto(`${url}nothing-yet/`);
      write("content/nothing-yet.md", article("Now", "There it is."));
      await text("There it is.");
      check(true, "a page that was not there is shown once it is");
      wrong.splice(0, wrong.length, ...wrong.filter((line) => !line.includes("404")));
      await page.goto(`${url}_dateline/`);
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length > 3);
      check(true, "the desk lists the articles");
      // The desk is loaded anew at each build, and the last page may bring another one. Its ear stays open.
      await page.waitForNetworkIdle({ idleTime: 1000, concurrency: 1, timeout: PATIENCE });
      await clean(page, "the desk");
      await page.$eval("#moment", (input) => (input.value = "2099-01-02T00:00:00"));
      await Promise.all([page.waitForNavigation(), page.click('form[action$="as-of"] button')]);
      await page.goto(`${url}late/`);
      await text("The site as of");
      await clean(page, "the banner of another moment", ".dateline-banner");
      await Promise.all([page.waitForNavigation(), page.click(".dateline-banner button")]);
      check(!(await page.$(".dateline-banner")), "the site is shown as of another moment, and of now again");
      wrong.splice(0, wrong.length, ...wrong.filter((line) => !line.includes("404")));
      check(elsewhere.length === 0, `nothing is asked of anybody else ${elsewhere}`);
      check(wrong.length === 0, `no script failed ${wrong}`);
    });
    write("content/a.md", '+++\ntitle = "First"\ndate = "2026-13-01"\n+++\nBroken.\n');
    await served(dateline, root, async (url) => {
      await page.goto(url);
      await page.waitForFunction(() => document.body.innerText.includes("there is no month 13"));
      await clean(page, "a site that has errors from the beginning");
    });
  } finally {
    await page.close();
    rmSync(root, { recursive: true, force: true });
  }
};

// From the moment a file is saved to the moment its new text has been painted.
const speed = async (browser, original, rounds) => {
  const root = mkdtempSync(join(process.env.DATELINE_FAST_DIR ?? tmpdir(), "dateline-serve-"));
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  try {
    for (const part of ["site.toml", "content", "templates", "static"]) {
      try {
        cpSync(join(original, part), join(root, part), { recursive: true });
      } catch (error) {
        if (error.code !== "ENOENT") throw error;
      }
    }
    const articles = readdirSync(join(root, "content"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".md") && !entry.name.startsWith("_index"))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort();
    const file = articles[Math.floor(articles.length / 2)];
    await served(dateline, root, async (url, child) => {
      const status = await (await fetch(`${url}_dateline/status.json`)).json();
      const name = file.slice(root.length + 1);
      const path = status.articles.find((one) => one.source === name).url;
      const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      console.log(`${status.counts.articles} articles; ${Math.round((memory?.[1] ?? 0) / 1024)} MiB`);
      let painted;
      await page.exposeFunction("datelinePainted", (words) => painted?.(words));
      // Two frames later it has been painted.
      await page.evaluateOnNewDocument(() => {
        addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(() => {
          const found = /seen-\d+/.exec(document.body.innerText);
          window.datelinePainted(found ? found[0] : "");
        })));
      });
      await page.goto(new URL(path, url).href, { waitUntil: "load" });
      const text = readFileSync(file, "utf8");
      const times = [];
      for (let round = 0; round < rounds; round += 1) {
        const seen = new Promise((done, failed) => {
          const timer = setTimeout(() => failed(new Error("never seen")), PATIENCE);
          painted = (words) => words === `seen-${round}` && (clearTimeout(timer), done(performance.now()));
        });
        const began = performance.now();
        writeFileSync(file, `${text}\n\nseen-${round}\n`);
        times.push((await seen) - began);
        // Until the page listens again.
        await page.waitForNetworkIdle({ idleTime: 300, concurrency: 1, timeout: PATIENCE });
      }
      times.sort((a, b) => a - b);
      const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(0);
      console.log(`saved to painted: median ${at(0.5)} ms, best ${at(0)}, nine of ten within ${at(0.9)}, of ${rounds}`);
    });
  } finally {
    await page.close();
    rmSync(root, { recursive: true, force: true });
  }
};

const browser = await launch();
try {
  if (site) await speed(browser, site, 30);
  else await behaviour(browser);
} finally {
  await browser.close();
}
