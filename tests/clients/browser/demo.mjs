// Makes four sites below OUT as their authors would: `node demo.mjs DATELINE OUT`. Each is what `dateline new --kind` makes, with as many
// more articles as such a site has after some weeks, and with photographs. `screens.sh` calls this.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync, crc32 } from "node:zlib";

const [dateline, out] = process.argv.slice(2);
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 25);
const today = new Date().toISOString().slice(0, 10);

const write = (path, text) => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
};
const walk = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());

/** A day as wire articles write it. */
const words = (moment) => {
  const part = (options) => new Date(moment).toLocaleDateString("en-GB", { ...options, timeZone: "UTC" });
  return `${part({ weekday: "long" })}, ${part({ day: "numeric", month: "long" })}, ${part({ year: "numeric" })}`;
};

/** A new site of this kind. Its dates, which are made for the day on which it is made, are moved to one that stays. */
const site = (kind) => {
  execFileSync(dateline, ["new", join(out, kind), "--kind", kind, "--quiet"]);
  const shift = NOW - Date.parse(today);
  for (const path of walk(join(out, kind)).filter((path) => /\.(md|toml|txt)$/.test(path))) {
    const text = readFileSync(path, "utf8");
    const moved = text.replace(/\b\d{4}-\d\d-\d\d(?=[T\s"]|$)/gm, (date) => new Date(Date.parse(date) + shift).toISOString().slice(0, 10));
    const inWords = moved.replace(/\w+day, (\d{1,2} [A-Z][a-z]+), (20\d\d)/g, (_, date, year) => words(Date.parse(`${date} ${year} UTC`) + shift));
    writeFileSync(path, inWords.replaceAll(today.slice(0, 4), "2026"));
  }
};

let state = 11;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const one = (values) => values[Math.floor(random() * values.length)];
const day = (back) => new Date(NOW - back * DAY + 7 * 3_600_000).toISOString();

/** A photograph, roughly: sky, sun, hills and water. */
const photograph = (width, height) => {
  const [hue, sun, horizon] = [random(), random(), 0.45 + random() * 0.2];
  const waves = Array.from({ length: 4 }, () => [2 + random() * 5, random() * 6, 0.02 + random() * 0.06]);
  const mix = (a, b, share) => a.map((value, at) => value + (b[at] - value) * share);
  const [top, low] = [[60 + 90 * hue, 110 + 50 * hue, 170 - 40 * hue], [250, 215 - 30 * hue, 170 + 40 * hue]];
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0, at = 0; y < height; y += 1) {
    at += 1;
    const down = y / height;
    for (let x = 0; x < width; x += 1) {
      const across = x / width;
      let colour = mix(top, low, Math.min(1, down / horizon));
      const far = Math.hypot((across - 0.2 - 0.6 * sun) * (width / height), down - horizon * 0.55);
      if (far < 0.09) colour = [255, 244, 214];
      else if (far < 0.3) colour = mix([255, 240, 205], colour, (far - 0.09) / 0.21);
      waves.slice(0, 3).forEach(([often, start, high], hill) => {
        if (down > horizon - 0.12 + 0.05 * hill - high * (1 + Math.sin(across * often + start))) colour = mix([70, 84, 96], [34, 46, 44], hill / 2);
      });
      if (down > horizon + 0.08) colour = mix([58 + 30 * hue, 92, 116], [22, 40, 58], (down - horizon) / (1 - horizon)).map((value) => value + 9 * Math.sin(y * 0.35 + 5 * Math.sin(across * 9 + y * 0.05)));
      for (const value of colour) rows[at++] = Math.max(0, Math.min(255, value));
    }
  }
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
};
const photographs = Array.from({ length: 9 }, (_, at) => (at === 4 ? photograph(600, 900) : photograph(1080, 720)));

const WHO = ["The ferry company", "The rowing club", "The harbour office", "The night bakery", "The tram depot", "The choir", "The fish market", "The school by the lock", "The museum of knots", "The last net maker", "The library barge", "The swing bridge"];
const DOES = ["opens its doors on Sunday", "gets a new roof before winter", "counts its losses after the storm", "asks for volunteers", "is for sale again, with everything in it", "keeps the old timetable for another year, against the advice of the council and of nearly everybody who has to live by it", "turns a hundred", "wants to know who painted the wall", "moves to the other bank", "has a waiting list"];
const SENTENCES = ["It had rained since the morning, and nobody minded.", "Three people had brought cake, one had brought figures.", "The treasurer read them out twice, because of the wind.", "“We have done this every year since the flood,” said the oldest of them, “and we will do it again.”", "What it costs is known to the crown; what it is worth is another matter.", "The work begins in March, if the tide allows it.", "A second vote is expected before the holidays.", "Whoever wants to help needs boots and a free Saturday.", "The minutes are open to everybody, on paper, in the small office behind the crane.", "By noon the quay was empty, but for the gulls."];
const sentences = (count) => Array.from({ length: count }, () => one(SENTENCES)).join(" ");
const text = () => `${sentences(5)}\n\n${sentences(6)}\n\n## What comes next\n\n${sentences(6)}\n\n> ${one(SENTENCES)}\n\n${sentences(5)}\n`;
const title = (at) => `${WHO[at % WHO.length]} ${DOES[(at * 7 + Math.floor(at / WHO.length)) % DOES.length]}`;

/** An article with a photograph if `at` is even; as a folder with the picture beside the text. */
const article = (folder, at, head, isPictured) => {
  const lines = [`title = ${JSON.stringify(title(at))}`, `summary = ${JSON.stringify(sentences(2))}`, ...head];
  if (isPictured) {
    lines.push(`image = { src = "photograph.png", alt = "Hills above the water", caption = "The bay in the morning.", credit = "Photo: Ines Okafor" }`);
    write(`${folder}/a${at}/photograph.png`, photographs[at % photographs.length]);
  }
  write(`${folder}/a${at}/index.md`, `+++\n${lines.join("\n")}\n+++\n${text()}`);
};

site("paper");
// The lead is one with a headline in four lines.
const pier = join(out, "paper/content/news/pier/index.md");
writeFileSync(pier, readFileSync(pier, "utf8").replace(/^featured.*\n/m, ""));
for (const [name, heading] of [["sport", "Sport"], ["letters", "Letters"]]) write(`paper/content/${name}/_index.md`, `+++\ntitle = "${heading}"\n+++\n`);
const sections = ["news", "culture", "sport", "letters"];
for (let at = 0; at < 56; at += 1) {
  const head = [`date = ${day(3 + at * 1.7)}`, `authors = ["${at % 3 ? "ada" : "Tom Abernathy"}"]`, `tags = ["${one(["Council", "Port", "Weather", "Schools"])}", "${one(["Winter", "Money", "People"])}"]`];
  if (at === 5) head.push("featured = 1");
  article(`paper/content/${sections[at % 4]}`, at, head, at % 5 < 3);
}

site("blog");
for (let at = 0; at < 18; at += 1) article("blog/content/posts", at, [`date = ${day(20 + at * 45)}`, `tags = ["${one(["Walks", "Sea", "Tools"])}"]`], at % 4 === 1);

site("docs");
const topics = ["Stations", "Units", "Time zones", "Alarms", "Printing", "Offline use", "Plugins", "Errors"];
topics.forEach((word, at) => {
  const folder = at < 4 ? "guide" : "reference";
  const table = `| Key | Default | Does |\n|---|---|---|\n${["unit", "station", "clock", "width"].map((key) => `| \`${key}\` | \`auto\` | ${one(SENTENCES)} |`).join("\n")}\n`;
  write(`docs/content/docs/${folder}/${word.toLowerCase().replace(" ", "-")}.md`, `+++\ntitle = "${word}"\nsummary = "${one(SENTENCES).replaceAll(/[“”]/g, "")}"\nweight = ${10 + at}\n+++\n${sentences(4)}\n\n## In the terminal\n\n\`\`\`sh\ntidewatch --${word.toLowerCase().replace(" ", "-")} harbour\n# prints a table\n\`\`\`\n\n> [!NOTE]\n> ${one(SENTENCES)}\n\n## In the settings\n\n${table}\n${sentences(3)}\n\n### More than one\n\n1. ${one(SENTENCES)}\n2. ${one(SENTENCES)}\n\n## In scripts\n\n${sentences(5)}\n`);
});

site("podcast");
const recording = join(out, "podcast/content/episodes/pilot/episode.mp3");
for (let at = 0; at < 9; at += 1) {
  const folder = `podcast/content/episodes/e${at}`;
  const head = [`title = "${title(at * 5 + 2)}"`, `summary = ${JSON.stringify(sentences(2))}`, `date = ${day(20 + at * 14)}`, `authors = ["${at % 2 ? "ines" : "tom"}"]`, 'enclosure = "episode.mp3"', "[episode]", `number = ${100 - at}`];
  if (at === 0) {
    head.push('transcript = "said.html"');
    write(`${folder}/said.html`, ["Ines", "Tom", "Ines"].map((name, part) => `<cite>${name}:</cite>\n<time>0:0${part}</time>\n<p>${sentences(3)}</p>`).join("\n"));
  }
  write(`${folder}/index.md`, `+++\n${head.join("\n")}\n+++\n${text()}`);
  cpSync(recording, join(out, folder, "episode.mp3"));
}
