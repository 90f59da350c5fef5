// Drives a browser over the pages of sites with a Content-Security-Policy: `node policy.mjs DATELINE`. `policy.sh` calls this.
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, served } from "./browser.mjs";

const [dateline] = process.argv.slice(2);
// A page of each kind is enough.
const MOST = 40;

const check = (holds, what) => {
  if (!holds) throw new Error(what);
  console.log(`ok: ${what}`);
};

const settings = '\n[announcement]\ntext = "Low tide"\ndismiss = true\n\n[hosting.csp]\nmode = "on"\n';

const over = async (browser, name) => {
  const root = mkdtempSync(join(tmpdir(), "dateline-policy-"));
  cpSync(`tests/sites/${name}`, root, { recursive: true });
  appendFileSync(join(root, "site.toml"), `${settings}\n[search]\nenabled = true\n`);
  const evil = "<script>document.title = 'evil'</script>\n\n<p id=\"evil\" onclick=\"document.title = 'evil'\">Press</p>";
  writeFileSync(join(root, "content/evil.md"), `+++\ntitle = "Evil"\n+++\n${evil}\n`);
  const page = await browser.newPage();
  const blocked = [];
  page.on("console", (message) => /Content.Security.Policy/i.test(message.text()) && blocked.push(`${page.url()}: ${message.text()}`));
  try {
    await served(dateline, root, async (url) => {
      const seen = new Set([url]);
      for (const at of seen) {
        const answer = await page.goto(at, { waitUntil: "load" });
        const type = answer.headers()["content-type"] ?? "";
        if (!type.startsWith("text/html") || at.endsWith("/evil/")) continue;
        if (!answer.headers()["content-security-policy"]) throw new Error(`${at} has no policy`);
        const links = await page.$$eval("a[href]", (all) => all.map((one) => new URL(one.getAttribute("href"), document.baseURI).href.split("#")[0]));
        links.filter((link) => link.startsWith(url) && link.endsWith("/") && seen.size < MOST).forEach((link) => seen.add(link));
      }
      check(seen.size > 10, `${name}: ${seen.size} pages were looked at`);
      check(blocked.length === 0, `${name}: no page has what its policy blocks ${blocked.join("\n")}`.trim());
      await page.goto(url, { waitUntil: "load" });
      await page.click("button.colours");
      check(await page.evaluate(() => document.documentElement.style.colorScheme !== ""), `${name}: the button for colours works`);
      await page.click(".announcement button");
      check(await page.$eval(".announcement", (bar) => bar.hidden), `${name}: the announcement can be closed`);
      await page.goto(`${url}evil/`, { waitUntil: "load" });
      await page.click("#evil");
      check((await page.title()) !== "evil" && blocked.length > 0, `${name}: a script in a text does not run`);
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
    await page.close();
  }
};

const browser = await launch();
try {
  for (const name of ["harbour", "languages"]) await over(browser, name);
} finally {
  await browser.close();
}
