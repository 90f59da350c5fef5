#!/usr/bin/env python3
"""Kills builds at random moments, and checks that the output is never half written.

    kill.py [ROUNDS] [--binary FILE] [--seed N] [--articles N] [-- SUBCOMMAND ARGUMENTS]

In each round the sources change, two processes build at the same time, and one or both get SIGKILL after a random
time. Afterwards every file of the output must be complete, and from one state of the sources since the last build
that ended well; with `--atomic tree` (most rounds) the whole output must be from one state. Then a build
runs to its end, and the output must equal that of a fresh build. Files that Dateline did not write must survive.
The subcommand is `build` by default. With `publish`, the fresh build is a publication that begins with the same
ledger, and the ledger must not lose a line. A failure names the seed, so that it can be repeated.
"""

import argparse, json, os, random, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from needs import DATELINE  # noqa: E402

NOW = "2026-11-24T12:00:00Z"


def arguments():
    own = sys.argv[1:]
    verb = ["build"]
    if "--" in own:
        at = own.index("--")
        own, verb = own[:at], own[at + 1 :] or verb
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=40)
    parser.add_argument("--binary", default=DATELINE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=60)
    return parser.parse_args(own), verb


OPTIONS, VERB = arguments()
# `publish` ends with 6 where another run is at work.
FINE = (0, 6) if VERB[0] == "publish" else (0,)
RANDOM = random.Random(OPTIONS.seed)
BINARY = str(Path(OPTIONS.binary).resolve())
THEIRS = {"theirs.txt": b"theirs", "news/theirs/x.html": b"<p>theirs"}


def lose(what):
    print(f"LOST: {what} (seed {OPTIONS.seed})")
    sys.exit(1)


def tree(folder):
    files = {}
    for here, _, names in os.walk(folder):
        for name in names:
            path = Path(here) / name
            files[str(path.relative_to(folder))] = path.read_bytes()
    return files


def command(verb, mode):
    return [BINARY, *verb, "--now", NOW, "--atomic", mode]


def start(root, mode):
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.Popen(command(VERB, mode), cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def article(root, number):
    words = " ".join(f"word{RANDOM.randrange(10**6)}" for _ in range(RANDOM.randrange(5, 400)))
    day = f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
    write(root / f"content/news/{number}.md", f'+++\ntitle = "Article {number}"\ndate = {day}\n+++\n\n{words}\n')


def change(root, next_number):
    """New, edited, removed and renamed articles, and a file that is copied."""
    there = sorted((root / "content/news").glob("[0-9]*.md"))
    for path in RANDOM.sample(there, 3):
        path.unlink()
    for path in RANDOM.sample(sorted(set(there) & set((root / "content/news").glob("[0-9]*.md"))), 5):
        article(root, int(path.stem))
    for number in range(next_number, next_number + 4):
        article(root, number)
    write(root / "static/big.bin", str(RANDOM.random()) * RANDOM.randrange(1, 200_000))
    return next_number + 4


def afresh(root, place):
    """What a build makes of the sources by themselves."""
    shutil.rmtree(place, ignore_errors=True)
    for part in ["content", "static"]:
        shutil.copytree(root / part, place / part)
    shutil.copy(root / "site.toml", place / "site.toml")
    verb = "build"
    if VERB[0] == "publish":
        verb = "publish"
        (place / ".dateline").mkdir()
        # A run that was killed may have set down a ledger that stands.
        for name in ["ledger.jsonl", ".dateline/ledger-pending"]:
            if (root / name).exists():
                shutil.copy(root / name, place / name)
    done = subprocess.run([BINARY, verb, "--now", NOW], cwd=place, capture_output=True, text=True)
    if done.returncode != 0:
        lose(f"a build made afresh failed: {done.stderr}")
    return {**tree(place / "public"), **THEIRS}


def ledger(root):
    """The first publication of each id; what is cut is lost."""
    path = root / "ledger.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    if lines and lines[-1] != '{"dateline":"ledger","end":true}':
        lose("the ledger is cut")
    records = [json.loads(line) for line in lines[1:-1]]
    return {record["id"]: record["published"] for record in records if "published" in record}


def main():
    place = Path(tempfile.mkdtemp(prefix="dateline-kill-"))
    root = place / "site"
    write(root / "site.toml", 'title = "T"\nbase_url = "https://example.org/"\nauthority = "example.org"\ntimezone = "Europe/London"\n')
    write(root / "content/_index.md", "")
    write(root / "content/news/_index.md", '+++\ntitle = "News"\n+++\n')
    for number in range(OPTIONS.articles):
        article(root, number)
    next_number = change(root, OPTIONS.articles)
    if subprocess.run(command(VERB, "file"), cwd=root, capture_output=True).returncode != 0:
        lose("the first build failed")
    for path, content in THEIRS.items():
        write(root / "public" / path, content.decode())
    next_number = change(root, next_number)
    started = time.monotonic()
    if subprocess.run(command(VERB, "file"), cwd=root, capture_output=True).returncode != 0:
        lose("the second build failed")
    usual = time.monotonic() - started
    states = [tree(root / "public")]
    kills = files = unfinished = 0
    records = ledger(root)
    for number in range(1, OPTIONS.rounds + 1):
        # First file by file into a real folder, then as trees, then file by file into a tree.
        mode = "tree" if number > OPTIONS.rounds // 4 and number % 4 else "file"
        only_trees = mode == "tree"
        # Several killed builds may follow one another before one is let be.
        for _ in range(RANDOM.randrange(1, 4)):
            next_number = change(root, next_number)
            states.append(afresh(root, place / "afresh"))
            running = [start(root, mode), start(root, mode)]
            time.sleep(RANDOM.uniform(0, usual * 2))
            doomed = running if RANDOM.random() < 0.5 else [RANDOM.choice(running)]
            for process in doomed:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                    kills += 1
            for process in running:
                said = process.communicate()[1]
                if process.returncode not in (*FINE, -signal.SIGKILL):
                    lose(f"round {number}: exit code {process.returncode}: {said.decode()}")
            records, before = ledger(root), records
            if any(records.get(id) != published for id, published in before.items()):
                lose(f"round {number}: the ledger lost what it said")
            found = tree(root / "public")
            files += len(found)
            if only_trees and found not in states:
                lose(f"round {number}: the tree is that of no state of the sources")
            for path, content in found.items():
                if not any(state.get(path) == content for state in states):
                    lose(f"round {number}: {path} is that of no state of the sources")
            for path in set.intersection(*(set(state) for state in states)):
                if path not in found:
                    lose(f"round {number}: {path} is missing")
            unfinished += found != states[-1]
        done = subprocess.run(command(VERB, mode), cwd=root, capture_output=True, text=True)
        if done.returncode not in FINE:
            lose(f"round {number}: the build that repairs failed: {done.stderr}")
        found = tree(root / "public")
        files += len(found)
        if found != states[-1]:
            differing = sorted(path for path in found | states[-1] if found.get(path) != states[-1].get(path))
            lose(f"round {number}: after the repair these differ: {differing[:10]}")
        states = [found]
        state = set(os.listdir(root / ".dateline"))
        left = {name for name in state if name.startswith("stage-") or name.endswith(".tmp")}
        trees = root / "public.trees"
        if trees.exists():
            left |= {name for name in os.listdir(trees) if not name.removesuffix(".manifest").isdigit()}
        if left:
            lose(f"round {number}: left behind: {sorted(left)}")
    shutil.rmtree(place)
    print(f"{OPTIONS.rounds} rounds, {kills} kills, {unfinished} of them midway, {files} files checked, nothing lost")


main()
