# Shared by the launchers: what a fresh machine lacks, and the build. Sourced by bash, never run.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
die() { say "sweeps: $1"; exit "${2:-6}"; }

require_sdk() {
  command -v dotnet >/dev/null 2>&1 ||
    die "the .NET 10 SDK is missing (no 'dotnet' on PATH). Install it from https://dotnet.microsoft.com/download and run this again."
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    die "no .NET 10 SDK among those installed: $(dotnet --list-sdks | tr '\n' ' '). Install it from https://dotnet.microsoft.com/download and run this again."
}

# install_packages WHY PACKAGE...: Debian packages, installed when root, else named with the command that installs them.
install_packages() {
  local why=$1 missing=() package
  shift
  command -v dpkg >/dev/null 2>&1 || return 0 # Not Debian: the build names what it does not find.
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] ||
    die "$why needs Debian packages that are not installed. Run: sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
  say "Installing ${missing[*]} ($why) ..."
  mkdir -p "$root/.build"
  {
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  } >"$root/.build/apt-get.log" 2>&1 ||
    die "apt-get could not install ${missing[*]}; its last words: $(tail -n 3 "$root/.build/apt-get.log")"
}

# answer PROPERTY: what the probe found, unless the environment says otherwise.
answer() {
  if [ -n "${!1:-}" ]; then
    printf '%s' "${!1}"
    return
  fi
  sed -n "s:.*<$1 .*>\(.*\)</$1>.*:\1:p" "$root/.build/registry.props"
}

probe_registry() {
  [ -f "$root/.build/registry.props" ] && return 0
  [ -n "${OrleansSource:-}" ] && [ -n "${TorchSource:-}" ] && return 0 # Chosen by hand.
  dotnet msbuild "$root/build/probe/Probe.proj" -nologo >&2 || exit 6
}

torch_packages="libtorch-dev libopenblas0-pthread g++"

# What the chosen packages need from the system.
install_libraries() {
  [ "$(answer TorchSource)" = compat ] || return 0
  # shellcheck disable=SC2086
  install_packages "compat/TorchSharp, where the TorchSharp package is lacking or does not load," $torch_packages
}

# One training uses one thread, whatever the shell's environment says: set before the process starts, since the
# libraries read it while they load.
one_thread() { export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1; }
