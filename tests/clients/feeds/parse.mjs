// Reads feeds over HTTP with feedsmith and rss-parser (npm); `readers.py` calls this. Standard input is a JSON list of URLs.
// Standard output has, by reader and URL, the entries as [id, title, seconds of publication, length of content, URLs of
// enclosures].
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const tools = createRequire(process.argv[2] + "/package.json");
const { parseFeed } = await import(pathToFileURL(tools.resolve("feedsmith")).href);
const RssParser = tools("rss-parser");
const rssParser = new RssParser();

const seconds = (date) => (date ? Math.floor(new Date(date).getTime() / 1000) : null);
const text = (value) => (typeof value === "string" ? value : value?.value ?? "");

function feedsmith(body) {
  const { format, feed } = parseFeed(body);
  if (format === "rss") {
    return (feed.items ?? []).map((one) => [
      text(one.guid), one.title ?? "", seconds(one.pubDate), (one.content?.encoded ?? "").length,
      (one.enclosures ?? []).map((file) => file.url),
    ]);
  }
  if (format === "atom") {
    return (feed.entries ?? []).map((one) => [
      one.id, text(one.title), seconds(one.published), text(one.content).length,
      (one.links ?? []).filter((link) => link.rel === "enclosure").map((link) => link.href),
    ]);
  }
  return (feed.items ?? []).map((one) => [
    one.id, one.title ?? "", seconds(one.date_published), (one.content_html ?? "").length,
    (one.attachments ?? []).map((file) => file.url),
  ]);
}

async function rss(body) {
  const feed = await rssParser.parseString(body);
  return feed.items.map((one) => [
    one.guid ?? one.id, one.title ?? "", seconds(one.pubDate ?? one.isoDate),
    // Where there is no content, `content` is the summary.
    (one["content:encoded"] ?? (one.guid ? "" : one.content) ?? "").length, one.enclosure ? [one.enclosure.url] : [],
  ]);
}

let input = "";
for await (const chunk of process.stdin) input += chunk;
const out = { feedsmith: {}, "rss-parser": {} };
for (const url of JSON.parse(input)) {
  const answer = await fetch(url);
  const body = await answer.text();
  out.feedsmith[url] = feedsmith(body);
  if (!answer.headers.get("content-type").includes("json")) out["rss-parser"][url] = await rss(body);
}
console.log(JSON.stringify(out));
