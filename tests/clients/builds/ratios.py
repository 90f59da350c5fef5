#!/usr/bin/env python3
"""Checks what builds cost, as ratios of CPU times on one machine in one minute. A time alone is never judged.

    ratios.py [DATELINE]

The script makes a site, builds it in full, builds it again with nothing changed, and again with one article edited.
Each is measured several times, as the CPU time of the whole process, and the least counts. The limits are two to
three times the usual ratio, so only a large regression fails.
"""

import os
import shutil
import sys
import tempfile
import time
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from needs import DATELINE  # noqa: E402

SMALL, LARGE = 500, 4000
# How many times as long as the yardstick a full build may take.
LIMIT = 14.0
PARAGRAPH = (
    "The harbour board met *twice* in [March](https://tides.example/march/) and agreed on little but the date. "
    "Nobody asked the pilots, who `had` a view, and the lamps on the north pier stayed out.\n\n"
)


def make(root, count):
    os.makedirs(f"{root}/content/news")
    with open(f"{root}/site.toml", "w") as file:
        file.write('title = "Ratios"\nbase_url = "https://example.org/"\nauthority = "example.org"\n'
                   'timezone = "UTC"\n')
    for number in range(count):
        article(root, number, count, "")


def article(root, number, count, more):
    day = number * 3650 // count
    date = f"{2010 + day // 365}-{1 + day % 365 // 31:02}-{1 + day % 28:02}T08:00:00Z"
    with open(f"{root}/content/news/a{number}.md", "w") as file:
        file.write(f'+++\ntitle = "Article {number}"\ndate = {date}\ntags = ["tag {number % 20}"]\n+++\n'
                   f"{PARAGRAPH * 15}{more}")


def cpu(command):
    """Seconds of CPU time of one run."""
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime


def measure(dateline, root, times, before):
    def once(number):
        before(number)
        return cpu([dateline, "build", "--root", root, "--now", "2026-01-01T00:00:00Z"])
    return min(once(number) for number in range(times))


def yardstick():
    """CPU time of work outside Dateline, which shows how fast this machine is just now."""
    text = "".join(f"{number * 2654435761 % 4294967296:x} " for number in range(400_000)).encode()
    def once():
        start = os.times()
        zlib.compress(text, 6)
        end = os.times()
        return end.user - start.user
    return min(once() for _ in range(3))


def main():
    dateline = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else str(DATELINE)
    # In memory where there is such a place, so that the disk has no say.
    place = tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    try:
        full = {}
        for count in (SMALL, LARGE):
            root = f"{place}/{count}"
            make(root, count)
            # A file counts as at rest two seconds after its last change.
            time.sleep(2.1)
            def clear(_):
                for name in ("public", ".dateline"):
                    shutil.rmtree(f"{root}/{name}", ignore_errors=True)
            full[count] = measure(dateline, root, 3, clear)
        unchanged = measure(dateline, root, 5, lambda _: None)
        edited = measure(dateline, root, 5, lambda number: article(root, 77, LARGE, f"Edited {number}."))
        found = [
            ("full build, large : small", full[LARGE] / full[SMALL], 1.5 * LARGE / SMALL),
            ("full build : yardstick", full[LARGE] / yardstick(), LIMIT),
            ("nothing changed : full build", unchanged / full[LARGE], 0.12),
            ("one article edited : full build", edited / full[LARGE], 0.25),
        ]
        for name, ratio, limit in found:
            print(f"{'ok  ' if ratio <= limit else 'FAIL'} {name}: {ratio:.3f}, at most {limit:.3f}")
        if any(ratio > limit for _, ratio, limit in found):
            sys.exit("a build costs much more than it did")
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
