#!/usr/bin/env python3
"""Tries the files of contrib/: the units, the crontab, the steps of the workflow, and those of the action.

    systemd-analyze  (Debian: systemd)  the units are valid, and the service is confined
    crontab          (Debian: cron)     the crontab is valid
    PyYAML           (PyPI)             the workflow is valid YAML, and its commands publish a repository that has a
                                        remote: with news, without news, and with errors; the action is valid YAML,
                                        and downloads a release from this machine
cron.py runs the crontab by the real clock.
"""

import functools, hashlib, http.server, os, re, shutil, subprocess, sys, tempfile, threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from needs import DATELINE, REPOSITORY, has_program, use_python_packages  # noqa: E402

CONTRIB = REPOSITORY / "contrib"


def lose(what):
    print(f"FAILED: {what}")
    sys.exit(1)


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    return done.returncode, done.stdout + done.stderr


def units(place):
    for name in ["dateline.service", "dateline.timer"]:
        text = (CONTRIB / name).read_text()
        (place / name).write_text(text.replace("/usr/local/bin/dateline", str(DATELINE)))
    files = [str(place / name) for name in ["dateline.service", "dateline.timer"]]
    code, said = run("systemd-analyze", "verify", *files)
    if code != 0 or said.strip():
        lose(f"systemd-analyze verify: {code} {said}")
    code, said = run("systemd-analyze", "security", "--offline=true", "--threshold=20", files[0])
    if code != 0:
        lose(f"systemd-analyze security: {said}")
    print(f"units: {said.strip().splitlines()[-1].strip('→ ')}")


def crontab():
    for option in ["-n", "-T"]:
        code, said = run("crontab", option, str(CONTRIB / "crontab"))
        if code == 0:
            return print("crontab: right")
    lose(f"crontab: {said}")


class Workflow:
    """The workflow's commands, run in a clone of a repository. Its actions are left out."""

    def __init__(self, text, place):
        import yaml

        self.steps = yaml.safe_load(text)["jobs"]["publish"]["steps"]
        for step in self.steps:
            if ("run" in step) == ("uses" in step) or "name" not in step:
                lose(f"a step is neither a command nor an action: {step}")
        self.place, self.outputs = place, place / "outputs"
        self.environment = {**os.environ, "PATH": f"{DATELINE.parent}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(self.outputs),
                            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}

    def git(self, *arguments):
        names = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
        code, said = run("git", *names, *arguments, env=self.environment)
        if code != 0:
            lose(f"git {arguments}: {said}")
        return said.strip()

    def run(self, clone):
        """The exit code, what was said, and the outputs."""
        self.outputs.write_text("")
        everything = ""
        for step in self.steps:
            if "run" not in step:
                continue
            code, said = run("bash", "-e", "-o", "pipefail", "-c", step["run"], cwd=clone, env=self.environment)
            everything += said
            if code != 0:
                return code, everything, self.outputs.read_text().strip()
        return 0, everything, self.outputs.read_text().strip()


def workflow(place):
    one = Workflow((CONTRIB / "publish.yml").read_text(), place)
    remote, author, clone = place / "remote.git", place / "author", place / "clone"
    one.git("init", "-q", "--bare", "-b", "main", str(remote))
    run(str(DATELINE), "new", str(author))
    one.git("init", "-q", "-b", "main", str(author))

    def push():
        one.git("-C", str(author), "add", "-A")
        one.git("-C", str(author), "commit", "-q", "-m", "Articles")
        one.git("-C", str(author), "push", "-q", str(remote), "main")

    def expect(what, found, wanted):
        if found[0] != wanted[0] or found[2] != wanted[1]:
            lose(f"workflow, {what}: {found}")

    push()
    one.git("clone", "-q", str(remote), str(clone))
    expect("the first run", one.run(clone), (0, "code=0"))
    first = one.git("-C", str(remote), "rev-parse", "main")
    if one.git("-C", str(remote), "show", "--format=%s", "--name-only", "main").split("\n") != ["Note what was published", "", "ledger.jsonl"]:
        lose("workflow: the ledger was not committed by itself")
    expect("nothing is new", one.run(clone), (0, "code=4"))
    # A clone afresh with what the last run left, and one without.
    for is_restored, wanted in [(True, "code=4"), (False, "code=0")]:
        shutil.move(clone, place / "before")
        one.git("clone", "-q", str(remote), str(clone))
        if is_restored:
            for folder in [".dateline", "public"]:
                shutil.copytree(place / "before" / folder, clone / folder)
        shutil.rmtree(place / "before")
        expect(f"restored: {is_restored}", one.run(clone), (0, wanted))
    if one.git("-C", str(remote), "rev-parse", "main") != first:
        lose("workflow: a run without news changed the repository")
    # Somebody pushed in between, a bad article among it.
    one.git("-C", str(author), "pull", "-q", str(remote), "main")
    (author / "content/news/bad.md").write_text('+++\ntitle = "Bad\n+++\n')
    push()
    one.git("-C", str(clone), "pull", "-q")
    expect("a bad article", one.run(clone), (0, "code=5"))
    (author / "site.toml").write_text("title = \n")
    push()
    one.git("-C", str(clone), "pull", "-q")
    expect("a bad site.toml", one.run(clone), (2, "code=2"))
    print(f"workflow: {len(one.steps)} steps, {sum('run' in step for step in one.steps)} of them commands, run 6 times")


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Action:
    """The action's steps, run one after another as a service for CI does."""

    def __init__(self, place, server):
        import yaml

        self.place, self.server = place, server
        self.text = yaml.safe_load((CONTRIB / "action/action.yml").read_text())

    def run(self, site, **inputs):
        """The exit code, what was said, and the outputs."""
        known = self.text["inputs"]
        if unknown := set(inputs) - set(known):
            lose(f"the action has no input {unknown}")
        if lacking := [name for name, one in known.items() if one.get("required") and name not in inputs]:
            lose(f"the action wants {lacking}")
        values = {name: inputs.get(name, str(one.get("default", ""))) for name, one in known.items()}
        place = Path(tempfile.mkdtemp(dir=self.place))
        (place / "outputs").touch()
        (place / "path").touch()
        everything = ""
        for step in self.text["runs"]["steps"]:
            if step["shell"] != "bash":
                lose(f"a step has another shell: {step}")
            if step.get("if") == "inputs.command != 'none'" and values["command"] == "none":
                continue
            own = {name: re.sub(r"\$\{\{ inputs\.(\w+)[^}]*\}\}", lambda one: values[one[1]], text) for name, text in step["env"].items()}
            path = ":".join([*(place / "path").read_text().split(), os.environ["PATH"]])
            runner = {"RUNNER_TEMP": str(place), "GITHUB_SERVER_URL": self.server, "GITHUB_OUTPUT": str(place / "outputs"), "GITHUB_PATH": str(place / "path")}
            code, said = run("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"], cwd=site, env={**os.environ, "PATH": path, **runner, **own})
            everything += said
            if code != 0:
                return code, everything, (place / "outputs").read_text().strip()
        return 0, everything, (place / "outputs").read_text().strip()


def action(place):
    name = "dateline-1.2.3-x86_64-unknown-linux-musl"
    releases = place / "releases/harbour/dateline/releases/download/v1.2.3"
    releases.mkdir(parents=True)
    (place / name).mkdir()
    (place / name / "dateline").symlink_to(DATELINE)
    run("tar", "-C", str(place), "-czf", str(releases / f"{name}.tar.gz"), name)
    sum = hashlib.sha256((releases / f"{name}.tar.gz").read_bytes()).hexdigest()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(place / "releases")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one, site = Action(place, f"http://127.0.0.1:{server.server_port}"), place / "site"
    run(str(DATELINE), "new", str(site))
    release = {"version": "1.2.3", "sha256": sum, "repository": "harbour/dateline"}

    def expect(what, found, code, output):
        if (found[0], found[2]) != (code, output):
            lose(f"action, {what}: {found}")

    for what, wrong in [("another checksum", {"sha256": "0" * 64}), ("no such version", {"version": "1.2.4"}), ("no repository", {"repository": ""})]:
        found = one.run(site, **{**release, **wrong})
        if found[0] == 0 or "::error::" not in found[1] and "404" not in found[1] or (site / "public").exists():
            lose(f"action, {what}: {found}")
    expect("the program alone", one.run(site, **release, command="none"), 0, "")
    expect("the first run", one.run(site, **release), 0, "code=0")
    expect("nothing is new", one.run(site, **release), 0, "code=4")
    expect("a build elsewhere", one.run(place, **release, command="build", arguments="--out ../other --quiet", root="site"), 0, "code=0")
    if not (place / "other/index.html").exists():
        lose("action: the arguments were not passed")
    (site / "content/news/bad.md").write_text('+++\ntitle = "Bad\n+++\n')
    expect("a bad article", one.run(site, **release), 0, "code=5")
    (site / "site.toml").write_text("title = \n")
    expect("a bad site.toml", one.run(site, **release), 2, "code=2")
    server.shutdown()
    print("action: runs by checksum, refuses another")


def main():
    # First, since it may begin the script again.
    has_yaml = use_python_packages(yaml="pyyaml==6.0.4")
    with tempfile.TemporaryDirectory(prefix="dateline-ready-made-") as place:
        place = Path(place)
        if has_program("systemd-analyze", "systemd"):
            units(place)
        if has_program("crontab", "cron"):
            crontab()
        if has_yaml:
            workflow(place)
            (place / "action").mkdir()
            action(place / "action")


main()
