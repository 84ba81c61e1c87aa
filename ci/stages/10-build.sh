# compiles all modules with all warnings as errors, and runs their JUnit tests (--long: random tests ten times as long)
stage() {
    jadi_want_ucx || skip "the device ucx: libucp.so.0 is not installed (Debian: apt install libucx0)"
    # Failing tests do not stop the build, so that one run shows all of them; the reports are counted.
    maven -Dmaven.test.failure.ignore=true -Djadi.effort="${JADI_LONG:+10}" verify \
        || { surefire; fail "Maven failed (build/$STAGE.log)"; return; }
    surefire
}
