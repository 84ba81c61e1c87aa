# runs the comparison with C MPI libraries briefly: does every part of it run, is the data right (no time is judged)
stage() {
    if ! command -v mpicc.openmpi > /dev/null && ! command -v mpicc.mpich > /dev/null && [ "$(id -u)" != 0 ]; then
        skip "bench/compare --quick: no mpicc.openmpi and no mpicc.mpich, and not root to install them"
        return
    fi
    if ! command -v gcc > /dev/null && ! jadi_install "a C compiler" gcc libc6-dev; then
        skip "bench/compare --quick: no gcc"
        return
    fi
    check "bench/compare --quick" quick_comparison
}

# Fails by itself if a job ends, does not answer, or receives wrong data. More time than it needs, for busy machines.
quick_comparison() {
    local out="$JADI_ROOT/bench/target/quick"
    rm -rf "$out"
    "$JADI_ROOT/bench/compare" --quick --time-limit 600 --out "$out" --name quick > "$JADI_ROOT/build/compare.log" 2>&1 \
        || { tail -n 30 "$JADI_ROOT/build/compare.log"; return 1; }
    grep -q '^allreduce,shm,4,8,jadi-shm-heap,' "$out/quick.csv" && [ -s "$out/comparison.html" ] \
        && { ! jadi_want_ucx || grep -q '^latency,ucx-posix,2,8,jadi-ucx-posix-heap,' "$out/quick.csv"; }
}
