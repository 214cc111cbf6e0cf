#!/bin/sh
# Compiles the shim: build.sh OUTPUT. Object files go beside the output and are made in parallel; the library appears in
# one rename when everything went well, so that a failed or interrupted build leaves none that looks usable.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
output=$1
compiler=${CXX:-g++}
work=$output.$$.tmp
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$work"
rm -f "$output"

jobs=
for file in "$source"/*.cpp; do
  "$compiler" -std=c++17 -O2 -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -Wall -Wextra -Wno-unused-parameter \
    -isystem /usr/include/torch/csrc/api/include ${TORCH_INCLUDE:+-isystem "$TORCH_INCLUDE"} \
    -c "$file" -o "$work/$(basename "$file").o" &
  jobs="$jobs $!"
done
failed=0
for job in $jobs; do
  wait "$job" || failed=1
done
[ "$failed" = 0 ] || { echo "error: the shim over libtorch did not compile" >&2; exit 1; }

"$compiler" -shared -o "$work/library.so" "$work"/*.o ${TORCH_LIB:+-L"$TORCH_LIB"} -ltorch -ltorch_cpu -lc10 -ldl \
  -Wl,-z,defs -Wl,--as-needed -s
mv "$work/library.so" "$output"
