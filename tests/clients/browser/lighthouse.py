"""Runs Lighthouse (npm) on article pages that nginx serves as `dateline hosting` prints it.

Each must score 100 for accessibility, best practices and SEO, and at least 98 for performance on the slow telephone that
Lighthouse simulates. A text article must weigh less than 60 KB, uncompressed, with the pictures of related articles. The machine does other things too,
so the best of up to five runs counts for performance. `lighthouse.sh` calls this with CHROMIUM and DATELINE."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from needs import DATELINE, REPOSITORY, TOOLS  # noqa: E402
from servers.served import Served  # noqa: E402

LIGHTHOUSE = TOOLS / "node_modules/lighthouse/cli/index.js"
NOW = "2026-11-25T12:00:00Z"
# Of tests/sites: an article with a picture, a text article, one from right to left.
PAGES = {"harbour": ["news/2026/11/night-ferry/", "news/2026/11/gale/"], "mina": ["news/2026/11/ferry/"]}
TEXT_ARTICLE = "news/2026/11/gale/"
WEIGHT = 60_000
WANTED = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 98}
RUNS = 5
FLAGS = "--headless=new --no-sandbox --disable-gpu"


def built(place, name):
    """The site with compressed siblings, since `dateline hosting` has nginx serve them."""
    root, out = place / name, place / "www" / name
    shutil.copytree(REPOSITORY / "tests/sites" / name, root)
    with open(root / "site.toml", "a", encoding="utf-8") as settings:
        settings.write('\n[hosting]\ncompress = ["gz"]\n')
    subprocess.run([DATELINE, "build", "--root", root, "--out", out, "--now", NOW], check=True, capture_output=True)
    return root, out


def measure(url, place):
    report = place / "report.json"
    command = ["node", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={FLAGS}"]
    environment = {**os.environ, "CHROME_PATH": os.environ["CHROMIUM"]}
    subprocess.run(command, check=True, env=environment, stderr=subprocess.PIPE, text=True, timeout=180)
    return json.loads(report.read_text(encoding="utf-8"))


def scores(report):
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in WANTED}


def reasons(report, category):
    for reference in report["categories"][category]["auditRefs"]:
        audit = report["audits"][reference["id"]]
        if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
            yield f"{audit['id']}: {audit['title']} {audit.get('displayValue', '')}".strip()


def judge(url, name, place):
    """What is wrong with a page, and how heavy it is."""
    best, report = {}, None
    for run in range(RUNS):
        report = measure(url, place)
        for category, score in scores(report).items():
            best[category] = max(best.get(category, 0), score)
        if all(best[category] >= wanted for category, wanted in WANTED.items()):
            break
        if any(best[category] < wanted for category, wanted in WANTED.items() if category != "performance") and run > 0:
            break
    print(f"{name}: " + ", ".join(f"{category} {score}" for category, score in best.items()))
    wrong = []
    for category, wanted in WANTED.items():
        if best[category] < wanted:
            wrong.append(f"{name}: {category} {best[category]}, not {wanted}")
            wrong.extend(f"  {reason}" for reason in reasons(report, category))
    requests = report["audits"]["network-requests"]["details"]["items"]
    shown = [item for item in requests if item["url"].startswith("http")]
    pictures = sum(item["resourceSize"] for item in shown if item.get("resourceType") == "Image")
    whole, sent = (sum(item[size] for item in shown) for size in ("resourceSize", "transferSize"))
    return wrong, (whole, pictures), sent


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as temporary:
        place = pathlib.Path(temporary)
        for site, paths in PAGES.items():
            root, out = built(place, site)
            with Served(DATELINE, "nginx", root, out) as server:
                for path in paths:
                    found, (whole, pictures), sent = judge(f"http://127.0.0.1:{server.port}/{path}", f"{site}: /{path}", place)
                    wrong += found
                    print(f"  {whole} bytes with all that it shows, of which {pictures} are pictures; {sent} were sent")
                    if path == TEXT_ARTICLE and whole > WEIGHT:
                        wrong.append(f"{site}: /{path} is {whole} bytes with all that it shows, more than {WEIGHT}")
    print("\n".join(wrong) if wrong else "Lighthouse is content")
    return 1 if wrong else 0


sys.exit(main())
