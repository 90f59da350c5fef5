#!/usr/bin/env bash
# Makes what a release consists of, for one platform:
#
#   dateline-VERSION-TARGET.tar.gz        the program, its manual, completions, and the files of contrib/
#   dateline_VERSION-1_ARCH.deb           the Debian package, for Linux
#   dateline-VERSION-TARGET.cdx.json      what the program is made of (SBOM, CycloneDX)
#   SHA256SUMS                            of all files of the folder
#
#   packaging/release.sh [--target TRIPLE] [--out DIR] [--binary FILE] [--native FILE] [--only archive|deb|sbom]
#
#   --target   the platform; that of this machine, if left out. `rustup target add` installs it
#   --out      the folder for the files; target/packaging/out
#   --binary   a program that is built already; else `cargo build --profile dist` builds it
#   --native   a program of the same version that runs here, to print manual and completions; the binary itself
#   --only     one of the files; can be given more than once
#
# Run it once for each platform with one --out. Archive, package and SBOM are the same bytes for the same program: their
# dates are SOURCE_DATE_EPOCH, by default the date of the commit. It needs GNU tar, cargo-deb and cargo-cyclonedx:
# packaging/README.md has their versions.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C TZ=UTC
umask 022

fail() { echo "release.sh: $*" >&2; exit 1; }

target=$(rustc -vV | sed -n 's/^host: //p')
work=target/packaging out=target/packaging/out binary='' native='' only=()
while [ $# -gt 0 ]; do
    [ $# -gt 1 ] || fail "$1 needs a value"
    case $1 in
        --target) target=$2 ;;
        --out) out=$2 ;;
        --binary) binary=$2 ;;
        --native) native=$2 ;;
        --only) only+=("$2") ;;
        *) fail "$1 is no option" ;;
    esac
    shift 2
done
wants() { [ ${#only[@]} = 0 ] || [[ " ${only[*]} " = *" $1 "* ]]; }

# Two releases of one version would be told apart by nothing.
version=$(sed -n '/^version = /{s/^version = "\(.*\)"$/\1/p;q}' Cargo.toml)
grep -q "^## ${version//./\\.} – [0-9-]*$" CHANGELOG.md || fail "CHANGELOG.md has no heading \"## $version – DATE\""
head -n 1 packaging/debian/changelog | grep -q "^dateline ($version-1) " || fail "packaging/debian/changelog does not begin with $version-1"
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) || fail "set SOURCE_DATE_EPOCH, since this is no repository"
fi
export SOURCE_DATE_EPOCH

exe=''
case $target in *windows*) exe=.exe ;; esac
if [ -z "$binary" ]; then
    # No folder of this machine in the program.
    export RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo --remap-path-prefix=$PWD=/dateline"
    cargo build --locked --profile dist --target "$target"
    binary=${CARGO_TARGET_DIR:-target}/$target/dist/dateline$exe
fi
native=${native:-$binary}
[ "$("$native" --version)" = "dateline $version" ] || fail "$native is not dateline $version, or does not run here: name one with --native"

mkdir -p "$out" "$work"
out=$(cd "$out" && pwd)
rm -rf "$work/man" "$work/completions"
mkdir "$work/man" "$work/completions"
"$native" man "$work/man"
"$native" completions bash >"$work/completions/dateline.bash"
"$native" completions zsh >"$work/completions/_dateline"
"$native" completions fish >"$work/completions/dateline.fish"
"$native" completions powershell >"$work/completions/_dateline.ps1"

if wants archive; then
    name=dateline-$version-$target
    rm -rf "$work/archive"
    mkdir -p "$work/archive/$name"
    install -m 755 "$binary" "$work/archive/$name/dateline$exe"
    cp -r LICENSE README.md CHANGELOG.md "$work/man" "$work/completions" "$work/archive/$name"
    mkdir "$work/archive/$name/contrib"
    find contrib -maxdepth 1 -type f -exec cp {} "$work/archive/$name/contrib" \;
    tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$SOURCE_DATE_EPOCH" \
        -C "$work/archive" -cf - "$name" | gzip -9n >"$out/$name.tar.gz"
fi

case $target in *-linux-*) if wants deb; then
    # cargo-deb looks for the program where cargo would have built it.
    rm -rf "$work/build"
    mkdir -p "$work/build/$target/release"
    install -m 755 "$binary" "$work/build/$target/release/dateline"
    CARGO_TARGET_DIR="$work/build" cargo deb --no-build --no-strip --quiet --target "$target" --output "$out/"
fi ;; esac

if wants sbom; then
    name=dateline-$version-$target.cdx
    cargo cyclonedx --quiet --format json --spec-version 1.5 --target "$target" --override-filename "$name"
    # No folder of this machine in it.
    sed "s|file://$PWD|file:///dateline|g" "$name.json" >"$out/$name.json"
    rm "$name.json"
fi

(cd "$out" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS)
cat "$out/SHA256SUMS"
