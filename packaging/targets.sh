#!/usr/bin/env bash
# Checks the code for other platforms, and for the oldest Rust (`rust-version` in Cargo.toml):
#
#   packaging/targets.sh [oldest|TARGET]...
#
# Without arguments it checks all that are installed, and says how to install the others. It compiles Rust alone: where the
# C compiler of a platform is missing, one that writes empty files is used in its place. Features: the default ones.
set -euo pipefail
cd "$(dirname "$0")/.."

oldest=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
all=(oldest x86_64-unknown-linux-musl aarch64-unknown-linux-gnu x86_64-pc-windows-gnu x86_64-pc-windows-msvc aarch64-apple-darwin x86_64-apple-darwin)
# Always the same place, so that a second check has nothing to compile again.
work=$PWD/target/packaging/targets
mkdir -p "$work"

# Stand-ins for the C compiler and the archiver of a platform that can't be had here.
cat >"$work/cc" <<'END'
#!/usr/bin/env bash
before=
for argument in "$@"; do
    case $before in -o) : >"$argument" ;; esac
    case $argument in -Fo*) : >"${argument#-Fo}" ;; esac
    before=$argument
done
END
cat >"$work/ar" <<'END'
#!/usr/bin/env bash
for argument in "$@"; do
    case $argument in
        -out:*) printf '!<arch>\n' >"${argument#-out:}" ;;
        *.a | *.lib) [ -e "$argument" ] || printf '!<arch>\n' >"$argument" ;;
    esac
done
END
chmod +x "$work/cc" "$work/ar"

compiler_of() {
    case $1 in
        x86_64-unknown-linux-musl) echo musl-gcc ;;
        aarch64-unknown-linux-gnu) echo aarch64-linux-gnu-gcc ;;
        x86_64-pc-windows-gnu) echo x86_64-w64-mingw32-gcc ;;
        *-apple-darwin) echo xcrun ;;
        *-windows-msvc) echo cl.exe ;;
    esac
}

failed=0
check() { # NAME CARGO...
    local name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        echo "$name: right"
    else
        echo "$name: FAILED"
        tail -n 40 "$work/log"
        failed=1
    fi
}

for one in "${@:-${all[@]}}"; do
    if [ "$one" = oldest ]; then
        if cargo "+$oldest" --version >/dev/null 2>&1; then
            check "Rust $oldest" cargo "+$oldest" check --locked --target-dir "target/oldest"
        else
            echo "Rust $oldest: not installed; rustup toolchain install $oldest --profile minimal"
        fi
        continue
    fi
    if [ ! -d "$(rustc --print target-libdir --target "$one")" ]; then
        echo "$one: not installed; rustup target add $one"
        continue
    fi
    name=$one
    if ! command -v "$(compiler_of "$one")" >/dev/null; then
        name="$one, without its C"
        under=${one//-/_}
        export "CC_$under=$work/cc" "CXX_$under=$work/cc" "AR_$under=$work/ar"
    fi
    check "$name" cargo check --locked --target "$one"
done
exit $failed
