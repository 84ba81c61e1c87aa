# races the shipped matcher, requests, locks and rings with jcstress (about two minutes; --long: ten)
stage() {
    local time=120
    [ -z "$JADI_LONG" ] || time=2000
    if maven -Pstress -pl ci/stress -am verify -DskipTests -Dstress.timeMs=$time; then
        pass "no forbidden outcome in ci/stress ($(grep -o '[0-9]* passed' "$STAGE_LOG" | tail -n 1) of its runs)"
    else
        fail "a forbidden outcome in ci/stress (build/$STAGE.log, ci/stress/target/jcstress)"
    fi
}
