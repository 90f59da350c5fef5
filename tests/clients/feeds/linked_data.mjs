// Checks the JSON-LD of pages: `node linked_data.mjs BUILT`, a folder of built sites. `validate.sh` calls this.
// TypeScript checks each block as a value of schema.org's vocabulary (npm: schema-dts): every property must belong to its
// type, and every value to its property. An article must have what Google requires and recommends, and what schema.org shows
// for NewsArticle. Its values must be those that the page shows.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";

const require = createRequire(new URL("../tools/package.json", import.meta.url));
const ts = require("typescript");
const [built] = process.argv.slice(2);
const problems = [];
const wrong = (page, text) => problems.push(`${page}: ${text}`);

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const plain = (html) =>
  html.replace(/<[^>]*>/g, "").replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, number, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : number ? String.fromCodePoint(Number(number)) : (entities[name] ?? all));

const pages = readdirSync(built, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
  .map((entry) => relative(built, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/"))
  .sort();
const found = [];
for (const page of pages) {
  const html = readFileSync(join(built, page), "utf8");
  for (const [, text] of html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
    try {
      found.push({ page, html, value: JSON.parse(text) });
    } catch (error) {
      wrong(page, error.message);
    }
  }
}

// The vocabulary, by the type checker: one line of a module for each value.
const module = join(built, "linked-data.ts");
const lines = ['import type { Thing, WithContext } from "schema-dts";'];
for (const { value } of found) lines.push(`export const _${lines.length}: WithContext<Extract<Thing, { "@type": ${JSON.stringify(value["@type"])} }>> = ${JSON.stringify(value)};`);
const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
const host = ts.createCompilerHost(options);
const [read, exists] = [host.getSourceFile, host.fileExists];
host.getSourceFile = (name, ...rest) => (name === module ? ts.createSourceFile(name, lines.join("\n"), options.target, true) : read(name, ...rest));
host.fileExists = (name) => name === module || exists(name);
host.resolveModuleNames = (names) => names.map((name) => ts.resolveModuleName(name, new URL("../tools/x.ts", import.meta.url).pathname, options, host).resolvedModule);
const program = ts.createProgram([module], options, host);
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
  const line = diagnostic.file?.fileName === module ? diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line : 0;
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ").replace(/\s+/g, " ");
  wrong(found[line - 1]?.page ?? "schema.org", `${diagnostic.file?.text.slice(diagnostic.start, diagnostic.start + 60)}: ${text.slice(0, 300)}`);
}

const isMoment = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
const isUrl = (text) => typeof text === "string" && URL.canParse(text) && /^https?:/.test(text);

const article = (page, html, value) => {
  const site = page.split("/")[0];
  const needs = (holds, text) => holds || wrong(page, text);
  // https://developers.google.com/search/docs/appearance/structured-data/article: all of it is recommended there.
  for (const key of ["headline", "datePublished", "dateModified", "author", "image"]) {
    // An article without a picture has none to tell of, but perhaps a card.
    needs(key in value || (key === "image" && !/property="og:image" content="(?!\S*\/cards\/)/.test(html)), `${key} is missing`);
  }
  for (const key of ["description", "url", "mainEntityOfPage", "publisher", "inLanguage", "articleSection", "wordCount"]) {
    needs(key in value || (key === "description" && !html.includes('<meta name="description"')), `${key} is missing`);
  }
  needs(isMoment(value.datePublished) && isMoment(value.dateModified), "dates are RFC 3339 with an offset");
  needs(Date.parse(value.dateModified) >= Date.parse(value.datePublished), "it was changed before it was published");
  for (const author of value.author ?? []) {
    needs(author.name && isUrl(author.url), `an author has a name and a URL: ${JSON.stringify(author)}`);
    needs(["Person", "Organization"].includes(author["@type"]), `an author is a person or an organization: ${author["@type"]}`);
  }
  needs(value.publisher?.name && isUrl(value.publisher?.url), "the publisher has a name and a URL");
  for (const image of value.image ?? []) {
    needs(isUrl(image.url), `a picture has a whole URL: ${JSON.stringify(image)}`);
    const own = isUrl(image.url) && image.url.startsWith(new URL("/", value.url).href);
    const path = own && decodeURIComponent(new URL(image.url).pathname).slice(1);
    needs(!own || existsSync(join(built, site, path)) || existsSync(join(built, site, path.split("/").slice(1).join("/"))), `${image.url} is not there`);
  }
  // What the page shows.
  const of = (expression) => plain(expression.exec(html)?.[1] ?? "");
  const even = (text) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const same = (a, b, what) => needs(even(a) === even(b), `${what}: «${a}» is not «${b}»`);
  same(value.headline ?? "", of(/<h1[^>]*>(.*?)<\/h1>/s), "headline");
  same(value.mainEntityOfPage?.["@id"] ?? "", of(/<link rel="canonical" href="([^"]*)"/), "mainEntityOfPage");
  same(value.datePublished ?? "", of(/<meta property="article:published_time" content="([^"]*)"/), "datePublished");
  same(value.dateModified ?? "", of(/<meta property="article:modified_time" content="([^"]*)"/), "dateModified");
  same(value.inLanguage ?? "", of(/<html lang="([^"]*)"/), "inLanguage");
  if (html.includes('class="byline"')) {
    const names = [...html.matchAll(/<a rel="author"[^>]*>(.*?)<\/a>/g)].map(([, name]) => plain(name));
    same(value.author.map((author) => author.name).join(", "), names.join(", "), "author");
  }
};

const trail = (page, html, value) => {
  const items = value.itemListElement ?? [];
  if (items.length < 2) wrong(page, "a trail has two steps at least");
  items.forEach((item, at) => {
    if (item.position !== at + 1) wrong(page, `step ${at + 1} has position ${item.position}`);
    if (!item.name) wrong(page, `step ${at + 1} has no name`);
    if (!isUrl(item.item)) wrong(page, `step ${at + 1} has no URL`);
  });
};

let [articles, trails] = [0, 0];
for (const { page, html, value } of found) {
  if (value["@type"] === "NewsArticle") (articles += 1), article(page, html, value);
  else if (value["@type"] === "BreadcrumbList") (trails += 1), trail(page, html, value);
  else wrong(page, `nothing is known of ${value["@type"]}`);
}
for (const problem of problems) console.log(problem);
console.log(`${articles} articles and ${trails} trails as schema.org has them, ${problems.length} problems`);
process.exit(problems.length || articles === 0 ? 1 : 0);
