#!/usr/bin/env python3
"""Installs the Debian package in a clean root, lets cron publish there, upgrades, removes and purges it.

    debian.py [--binary FILE]

packaging/release.sh makes the archive and the package of the program twice, and both times they are the same bytes.
lintian finds no fault in the package. debootstrap makes a root of this machine's release of Debian with nothing but cron
and man. There the package is installed: the manual, the completions, the user, the rights of the settings and the units
are checked. Then Debian's cron runs the package's own line for a site with an article that is due at the next full
minute; the article must come out within 70 s of it and not before, and the site must belong to the package's user. After
that an upgrade must keep the settings that were changed, a removal the settings and the site, and a purge the site alone.

It needs root, debootstrap, lintian, systemd (Debian: debootstrap, lintian, systemd), util-linux, and cargo-deb. The root is
kept as tests/clients/tools/CODENAME.tar for the next run.
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
INCLUDED = "adduser,cron,man-db,bash-completion"


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
    for program, package in [("debootstrap", "debootstrap"), ("lintian", "lintian"), ("systemd-analyze", "systemd")]:
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
        print(f"root: Debian {release}")

    def run(self, *command):
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return run("chroot", self.path, *command, env=clean)

    def must(self, *command):
        code, said = self.run(*command)
        if code != 0:
            lose(f"in the root: {' '.join(map(str, command))}: {code} {said}")
        return said.strip()

    def install(self, package):
        shutil.copy(package, self.path / "tmp/dateline.deb")
        return self.must("dpkg", "--force-confold", "--install", "/tmp/dateline.deb")

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


def units(root, place):
    """systemd reads the units as those of the site `site`."""
    for kind in ["service", "timer"]:
        text = (root.path / f"usr/lib/systemd/system/dateline@.{kind}").read_text()
        (place / f"dateline@.{kind}").write_text(text.replace("/usr/bin/dateline", f"{root.path}/usr/bin/dateline"))
    files = [place / f"dateline@site.{kind}" for kind in ["service", "timer"]]
    code, said = run("systemd-analyze", "verify", "--man=no", *files)
    # The manual is in the root, and this system may have warnings of its own units.
    if code != 0 or "dateline" in said:
        lose(f"systemd-analyze verify: {code} {said}")
    must("systemd-analyze", "security", "--offline=true", "--threshold=20", files[0])
    print("units: right and confined")


def site(root, due):
    """A site with an article that is out, and one that is `due`. It belongs to the package's user."""
    root.must("dateline", "new", "/srv/site")
    content = root.path / "srv/site/content/news"
    content.mkdir(parents=True, exist_ok=True)
    for name, date in [("first", due - timedelta(days=1)), ("second", due)]:
        (content / f"{name}.md").write_text(f'+++\ntitle = "The {name}"\ndate = {date.isoformat()}\n+++\n\nA text.\n')
    root.must("chown", "-R", "dateline:", "/srv/site")
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
    """The line of the package that publishes, switched on as its comment says, and a cron that runs it."""
    table = root.path / "etc/cron.d/dateline"
    text = table.read_text()
    if text.count("\n#* * * * *") != 1:
        lose(f"the table has no line to switch on: {text}")
    table.write_text(text.replace("\n#* * * * *", "\n* * * * *"))
    script = "mount --make-rprivate / && chroot \"$1\" sh -c 'mount -t proc proc /proc && exec cron -f'"
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", script, "-", root.path]
    return subprocess.Popen(command, start_new_session=True)


def published(root):
    now = datetime.now(timezone.utc).replace(microsecond=0)
    due = now.replace(second=0) + timedelta(minutes=1 if now.second < 40 else 2)
    site(root, due)
    log, address = Log(root), due.strftime("/news/%Y/%m/second/")
    page = root.path / f"srv/site/public{address}index.html"
    process = cron(root)
    try:
        while not (any("second" in line for line in log.read()) and page.exists()):
            if process.poll() is not None:
                lose("cron ended")
            if page.exists() and datetime.now(timezone.utc) < due:
                lose("the article came out before its date")
            if datetime.now(timezone.utc) > due + timedelta(seconds=LATEST):
                lose(f"the article did not come out; the log has {log.lines}")
            time.sleep(0.5)
        late = (datetime.now(timezone.utc) - due).total_seconds()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    said = [line.partition("dateline@site: ")[2] for line in log.lines if "dateline@site: " in line]
    expect("the log", said, [f"published content/news/second.md at {address}"])
    feed = (root.path / "srv/site/public/atom.xml").read_text()
    expect("entries of the feed", feed.count("<title>The second</title>"), 1)
    strangers = root.must("find", "/srv/site", "!", "-user", "dateline")
    expect("files of others", strangers, "")
    print(f"published: {late:.0f} s after the minute, by cron as dateline")


def upgraded(root, package, place):
    """A package of a later version with other defaults keeps what the administrator changed."""
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
    print("upgraded: settings as they were")


def removed(root):
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
    enabled = root.path / "etc/systemd/system/timers.target.wants/dateline@site.timer"
    enabled.parent.mkdir(parents=True, exist_ok=True)
    enabled.symlink_to("/usr/lib/systemd/system/dateline@.timer")
    root.must("dpkg", "--purge", "dateline")
    for gone in ["etc/dateline", "etc/cron.d/dateline"]:
        if (root.path / gone).exists():
            lose(f"after the purge there is {gone}")
    if enabled.is_symlink():
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
    place = Path(tempfile.mkdtemp(prefix="dateline-debian-"))
    try:
        binary = place / "dateline"
        must("strip", "-o", binary, options.binary)
        package = packaged(binary, place)
        root = Root(place)
        installed(root, package)
        units(root, place)
        published(root)
        upgraded(root, package, place)
        removed(root)
    finally:
        shutil.rmtree(place, ignore_errors=True)


main()
