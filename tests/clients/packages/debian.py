#!/usr/bin/env python3
"""Installs the Debian package in a clean root, lets cron and systemd publish there, upgrades, removes and purges it.

    debian.py [--binary FILE]

packaging/release.sh makes the archive and the package of the program twice, and both times they are the same bytes.
lintian finds no fault in the package. debootstrap makes a root of this machine's release of Debian with nothing but cron,
systemd and man. There the package is installed: the manual, the completions, the user, the rights of the settings and the
units are checked. Then Debian's cron runs the package's own line for a site with an article that is due at the next full
minute; the article must come out within 70 s of it and not before, and the site must belong to the package's user. After
that systemd is booted in the root, and the package's timer does the same for the next article. An upgrade must keep the
settings that were changed and the timer, a removal the settings and the site, and a purge the site alone.

It needs root, debootstrap, lintian, systemd and systemd-nspawn (Debian: debootstrap, lintian, systemd-container), util-linux,
and cargo-deb. Where systemd can't be booted, that part is left out, and a line says so. The root is kept as
tests/clients/tools/CODENAME.tar for the next run. The two articles take two to three minutes.
"""

import argparse, hashlib, os, platform, re, shutil, signal, socket, subprocess, sys, tempfile, time
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from needs import DATELINE, IN_CI, REPOSITORY, TOOLS, has_program, missing, skip  # noqa: E402

LATEST = 70
CARGO_DEB = "3.8.0"
CRATES = TOOLS / "cargo"
# What the root has beyond the least that Debian is.
INCLUDED = "adduser,cron,man-db,bash-completion,systemd-sysv"


def lose(what):
    print(f"FAILED: {what}")
    sys.exit(1)


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    return done.returncode, done.stdout + done.stderr


def must(*command, **options):
    code, said = run(*command, **options)
    if code != 0:
        lose(f"{' '.join(map(str, command))}: {code} {said}")
    return said.strip()


def prepare():
    """Ends the script where something is missing."""
    os.environ["PATH"] = f"{CRATES}/bin:{os.environ['PATH']}:/usr/sbin"
    for program, package in [("debootstrap", "debootstrap"), ("lintian", "lintian"), ("systemd-nspawn", "systemd-container")]:
        if not has_program(program, package):
            sys.exit()
    if os.geteuid() != 0:
        skip("root", "debootstrap and chroot need it; run this as root, for example in a container")
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode != 0:
        skip("namespaces", "unshare --mount --pid is not allowed here")
    install = ["cargo", "install", "--quiet", "--locked", "--debug", "--root", str(CRATES), "cargo-deb", "--version", CARGO_DEB]
    if not shutil.which("cargo-deb") and IN_CI:
        subprocess.run(install, check=True)
    if not shutil.which("cargo-deb"):
        missing("cargo-deb", " ".join(install))
        sys.exit()


def packaged(binary, place):
    """The package of `binary`, which was made twice and is the same both times. Its archive too, and its sums."""
    made = []
    for out in [place / "one", place / "two"]:
        must(REPOSITORY / "packaging/release.sh", "--binary", binary, "--only", "archive", "--only", "deb", "--out", out)
        made.append({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in out.iterdir()})
    if made[0] != made[1] or len(made[0]) != 3:
        lose(f"two releases of one program differ: {made}")
    must("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=place / "one")
    [archive] = (place / "one").glob("*.tar.gz")
    must("tar", "-C", place, "-xzf", archive)
    name = archive.name.removesuffix(".tar.gz")
    if must(place / name / "dateline", "--version") != f"dateline {name.split('-')[1]}":
        lose(f"{archive.name} has another version than its name says")
    [package] = (place / "one").glob("*.deb")
    said = must("lintian", "--allow-root", "--fail-on", "error,warning", package)
    print(f"package: {package.name}, {package.stat().st_size / 1e6:.1f} MB; lintian: {said or 'nothing'}")
    return package


class Root:
    """A Debian of its own in a folder."""

    def __init__(self, place):
        self.path = place / "root"
        release = platform.freedesktop_os_release()["VERSION_CODENAME"]
        kept = TOOLS / f"{release}.tar"
        if not kept.exists():
            TOOLS.mkdir(exist_ok=True)
            must("debootstrap", "--variant=minbase", f"--include={INCLUDED}", release, self.path)
            must("tar", "-C", self.path, "--numeric-owner", "-cf", f"{kept}.new", ".")
            os.rename(f"{kept}.new", kept)
        else:
            self.path.mkdir()
            must("tar", "-C", self.path, "--numeric-owner", "-xpf", kept)
        # How a command enters it; another way while it is booted.
        self.enter = ["chroot", self.path]
        print(f"root: Debian {release}")

    def run(self, *command):
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return run(*self.enter, *command, env=clean)

    def must(self, *command):
        code, said = self.run(*command)
        if code != 0:
            lose(f"in the root: {' '.join(map(str, command))}: {code} {said}")
        return said.strip()

    def install(self, package):
        shutil.copy(package, self.path / "root/dateline.deb")
        return self.must("dpkg", "--force-confold", "--install", "/root/dateline.deb")

    def rights(self, *paths):
        return self.must("stat", "--format=%U:%G %a", *paths).split("\n")


def expect(what, found, wanted):
    if found != wanted:
        lose(f"{what}: {found!r} instead of {wanted!r}")


def installed(root, package):
    root.install(package)
    for page in ["dateline", "dateline-publish", "dateline-feeds-lint"]:
        if "SYNOPSIS" not in root.must("man", "--pager=cat", page):
            lose(f"man {page} has no synopsis")
    completed = root.must("bash", "-c", ". /usr/share/bash-completion/completions/dateline && complete -p dateline")
    if "dateline" not in completed:
        lose(f"completions: {completed}")
    user = root.must("getent", "passwd", "dateline").split(":")
    expect("the user", user[5:], ["/var/lib/dateline", "/usr/sbin/nologin"])
    if int(user[2]) >= 1000:
        lose(f"the user is none of the system: {user}")
    expect("rights", root.rights("/etc/dateline", "/etc/dateline/site.conf", "/etc/cron.d/dateline", "/var/lib/dateline"),
           ["root:dateline 750", "root:dateline 640", "root:root 644", "dateline:dateline 755"])
    code, said = root.run("runuser", "-u", "nobody", "--", "cat", "/etc/dateline/site.conf")
    if code == 0:
        lose("everybody may read the settings")
    print(f"installed: {root.must('dateline', '--version')}, user {user[2]}")


def units(root):
    """systemd reads the units as those of the site `site`."""
    names = ["dateline@site.service", "dateline@site.timer"]
    code, said = root.run("systemd-analyze", "verify", *names)
    if code != 0 or "dateline" in said:
        lose(f"systemd-analyze verify: {code} {said}")
    root.must("systemd-analyze", "security", "--offline=true", "--threshold=20", names[0])
    print("units: right and confined")


def next_minute(spare):
    """The first full minute that is at least `spare` seconds away."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    return (now + timedelta(seconds=spare + 59)).replace(second=0)


def article(root, name, date):
    content = root.path / "srv/site/content/news"
    content.mkdir(parents=True, exist_ok=True)
    (content / f"{name}.md").write_text(f'+++\ntitle = "The {name}"\ndate = {date.isoformat()}\n+++\n\nA text.\n')
    root.must("chown", "-R", "dateline:", "/srv/site")


def site(root):
    """A site with an article that is out. It belongs to the package's user."""
    root.must("dateline", "new", "/srv/site")
    article(root, "first", datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=1))
    root.must("runuser", "-u", "dateline", "--", "dateline", "publish", "--root", "/srv/site")


class Log:
    """What reaches the system's log in the root."""

    def __init__(self, root):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        # A socket's address is short: it is bound from inside its folder.
        before = os.getcwd()
        os.chdir(root.path / "dev")
        self.socket.bind("log")
        os.chmod("log", 0o666)
        os.chdir(before)
        self.socket.setblocking(False)
        self.lines = []

    def read(self):
        while True:
            try:
                self.lines.append(self.socket.recv(65536).decode().strip("\0\n"))
            except BlockingIOError:
                return self.lines


def cron(root):
    """A cron that runs the tables of the root."""
    script = "mount --make-rprivate / && chroot \"$1\" sh -c 'mount -t proc proc /proc && exec cron -f'"
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", script, "-", root.path]
    return subprocess.Popen(command, start_new_session=True)


def end(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def comes_out(root, process, name, due, said):
    """Waits until the article `name` is there and in what was `said`: not before it is `due`, and soon after."""
    page = root.path / f"srv/site/public{due.strftime('/news/%Y/%m/')}{name}/index.html"
    while not (page.exists() and any(name in line for line in said())):
        if process.poll() is not None:
            lose(f"who should publish {name} ended")
        if page.exists() and datetime.now(timezone.utc) < due:
            lose(f"{name} came out before its date")
        if datetime.now(timezone.utc) > due + timedelta(seconds=LATEST):
            lose(f"{name} did not come out; what was said: {said()}")
        time.sleep(0.5)
    late = (datetime.now(timezone.utc) - due).total_seconds()
    feed = (root.path / "srv/site/public/atom.xml").read_text()
    expect("entries of the feed", feed.count(f"<title>The {name}</title>"), 1)
    expect("files of others", root.must("find", "/srv/site", "!", "-user", "dateline"), "")
    return late


def by_cron(root):
    """The line of the package, switched on as its comment says."""
    table = root.path / "etc/cron.d/dateline"
    text = table.read_text()
    if text.count("\n#* * * * *") != 1:
        lose(f"the table has no line to switch on: {text}")
    table.write_text(text.replace("\n#* * * * *", "\n* * * * *"))
    due, log = next_minute(20), Log(root)
    article(root, "second", due)
    process = cron(root)
    try:
        late = comes_out(root, process, "second", due, log.read)
    finally:
        end(process)
        (root.path / "dev/log").unlink()
    said = [line.partition("dateline@site: ")[2] for line in log.lines if "dateline@site: " in line]
    expect("the log", said, [f"published content/news/second.md at {due.strftime('/news/%Y/%m/second/')}"])
    # Who publishes by systemd leaves the line as it was.
    table.write_text(text)
    print(f"cron published {late:.0f} s after the minute")


def boot(root):
    """Boots systemd in the root. `None` where that is not possible."""
    (root.path / "var/log/journal").mkdir(exist_ok=True)
    command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe", "--boot", "-D", str(root.path)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    for _ in range(60):
        time.sleep(1)
        children = run("pgrep", "-P", process.pid)[1].split()
        if process.poll() is not None:
            break
        if children:
            enter = ["nsenter", "--target", children[0], "--all", "--wdns=/"]
            if run(*enter, "systemctl", "is-active", "timers.target")[0] == 0:
                root.enter = enter
                return process
    end(process)
    return None


def by_systemd(root):
    """The timer of the package, switched on as the documentation says."""
    journal = lambda: root.must("journalctl", "--no-pager", "--output=cat", "--unit=dateline@site.service").split("\n")
    root.must("systemctl", "enable", "dateline@site.timer")
    process = boot(root)
    if process is None:
        print("NOTE: systemd can't be booted here, so its timer was not tried")
        return None
    due = next_minute(10)
    article(root, "third", due)
    late = comes_out(root, process, "third", due, journal)
    expect("the service", root.must("systemctl", "show", "--property=Result,ExecMainStatus", "dateline@site.service"), "Result=success\nExecMainStatus=0")
    print(f"systemd's timer published {late:.0f} s after the minute")
    return process


def upgraded(root, package, place, is_booted):
    """A package of a later version with other defaults keeps what the administrator changed."""
    table = root.path / "etc/cron.d/dateline"
    table.write_text(table.read_text().replace("\n#* * * * *", "\n* * * * *"))
    settings = root.path / "etc/dateline/site.conf"
    changed = settings.read_text().replace('PUBLISH_OPTIONS=""', 'PUBLISH_OPTIONS="--verbose"')
    settings.write_text(changed)
    settings.chmod(0o600)
    other = place / "other"
    must("dpkg-deb", "--raw-extract", package, other)
    for file, add in [("etc/dateline/site.conf", "# Later.\n"), ("etc/cron.d/dateline", "# Later.\n")]:
        (other / file).write_text((other / file).read_text() + add)
    control = other / "DEBIAN/control"
    control.write_text(re.sub("^Version: .*$", "Version: 99.0-1", control.read_text(), flags=re.M))
    must("dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "--build", other, place / "later.deb")
    root.install(place / "later.deb")
    expect("the version", root.must("dpkg-query", "--show", "--showformat=${Version} ${db:Status-Status}", "dateline"), "99.0-1 installed")
    expect("settings", settings.read_text(), changed)
    expect("rights", root.rights("/etc/dateline/site.conf"), ["root:dateline 600"])
    if "\n* * * * *" not in (root.path / "etc/cron.d/dateline").read_text():
        lose("the upgrade switched the line of cron off")
    if is_booted:
        expect("the timer", root.must("systemctl", "is-active", "dateline@site.timer"), "active")
    print("upgraded: settings as they were")


def removed(root, is_booted):
    line = next(line for line in (root.path / "etc/cron.d/dateline").read_text().splitlines() if line.startswith("* * * * *"))
    root.must("dpkg", "--remove", "dateline")
    for gone in ["usr/bin/dateline", "usr/share/man/man1/dateline.1.gz", "usr/lib/systemd/system/dateline@.timer"]:
        if (root.path / gone).exists():
            lose(f"after the removal there is {gone}")
    for kept in ["etc/dateline/site.conf", "etc/cron.d/dateline", "srv/site/public/index.html"]:
        if not (root.path / kept).exists():
            lose(f"the removal took {kept}")
    # cron goes on reading the table.
    code, said = root.run("sh", "-c", line.split("dateline", 1)[1])
    expect("what the line says without the program", said, "")
    if is_booted:
        expect("the timer", root.run("systemctl", "is-active", "dateline@site.timer")[1].strip(), "inactive")
    root.must("dpkg", "--purge", "dateline")
    for gone in ["etc/dateline", "etc/cron.d/dateline"]:
        if (root.path / gone).exists():
            lose(f"after the purge there is {gone}")
    if (root.path / "etc/systemd/system/timers.target.wants/dateline@site.timer").is_symlink():
        lose("after the purge a timer is enabled")
    root.must("getent", "passwd", "dateline")
    if not (root.path / "srv/site/public/index.html").exists():
        lose("the purge took the site")
    print("removed and purged: the site and its user are there")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--binary", type=Path, default=DATELINE)
    options = parser.parse_args()
    prepare()
    place, process = Path(tempfile.mkdtemp(prefix="dateline-debian-")), None
    try:
        binary = place / "dateline"
        must("strip", "-o", binary, options.binary)
        package = packaged(binary, place)
        root = Root(place)
        installed(root, package)
        units(root)
        site(root)
        by_cron(root)
        process = by_systemd(root)
        upgraded(root, package, place, process is not None)
        removed(root, process is not None)
    finally:
        if process:
            end(process)
        shutil.rmtree(place, ignore_errors=True)


main()
