# How stages report. Read by ./ci/verify.
#
#   pass TEXT, fail TEXT, skip TEXT      one test that a stage has judged itself
#   check TEXT COMMAND...                runs a command; passes if it returns 0, shows its output otherwise
#   surefire FOLDER...                   counts the JUnit tests that Maven ran in modules changed since the stage began
#   maven ARGUMENTS...                   Maven with our settings; output in build/STAGE.log, its end shown on failure

PASSED=0
FAILED=0
SKIPPED=0
SELECTED=()

stage_name() {
    local name=${1##*/}
    name=${name#*-}
    echo "${name%.sh}"
}

# Sets SELECTED to the files of the named stages, or of all.
select_stages() {
    local file wanted found
    SELECTED=()
    if [ $# = 0 ]; then
        SELECTED=(ci/stages/[0-9]*.sh)
        return
    fi
    for wanted in "$@"; do
        found=""
        for file in ci/stages/[0-9]*.sh; do
            [ "$(stage_name "$file")" = "$wanted" ] && found=$file
        done
        if [ -z "$found" ]; then
            echo "verify: there is no stage $wanted; --list shows all" >&2
            return 1
        fi
        SELECTED+=("$found")
    done
}

run_stage() {
    local begin=$SECONDS failed_before=$FAILED passed_before=$PASSED skipped_before=$SKIPPED
    STAGE=$(stage_name "$1")
    STAGE_LOG=$JADI_ROOT/build/$STAGE.log
    STAGE_BEGIN=$JADI_ROOT/build/.begin-$STAGE
    echo "== $STAGE: $(sed -n '1s/^# *//p' "$1")"
    : > "$STAGE_LOG"
    touch "$STAGE_BEGIN"
    unset -f stage
    . "$1"
    stage || [ "$FAILED" -gt "$failed_before" ] || fail "stage $STAGE ended early (build/$STAGE.log)"
    echo "== $STAGE: $((PASSED - passed_before)) passed, $((FAILED - failed_before)) failed, $((SKIPPED - skipped_before)) skipped, $((SECONDS - begin)) s"
}

pass() {
    PASSED=$((PASSED + 1))
    echo "   ok    $*"
}

fail() {
    FAILED=$((FAILED + 1))
    echo "   FAIL  $*"
}

skip() {
    SKIPPED=$((SKIPPED + 1))
    echo "   skip  $*"
}

check() {
    local text=$1 output
    shift
    if output=$("$@" 2>&1); then
        pass "$text"
    else
        fail "$text (returned $?)"
        printf '%s\n' "$output" | tail -n 40 | sed 's/^/         /'
    fi
}

# Maven, offline first where it has all it needs: a fresh machine needs the network once.
maven() {
    if (cd "$JADI_ROOT" && mvn -B -q "$@") >> "$STAGE_LOG" 2>&1; then
        return 0
    fi
    tail -n 60 "$STAGE_LOG" | sed 's/^/         /'
    return 1
}

# Counts from the reports that are newer than the stage's begin.
surefire() {
    local report tests failures errors skipped line
    while IFS= read -r report; do
        line=$(grep -m1 '<testsuite ' "$report" | tr '\n' ' ')
        [ -n "$line" ] || line=$(head -c 4000 "$report" | tr '\n' ' ')
        tests=$(attribute tests "$line")
        failures=$(attribute failures "$line")
        errors=$(attribute errors "$line")
        skipped=$(attribute skipped "$line")
        PASSED=$((PASSED + tests - failures - errors - skipped))
        FAILED=$((FAILED + failures + errors))
        SKIPPED=$((SKIPPED + skipped))
        if [ $((failures + errors)) -gt 0 ]; then
            echo "   FAIL  ${report#"$JADI_ROOT"/}: $((failures + errors)) of $tests"
            grep -E -B1 '<(failure|error)( |>)' "$report" | grep -E '<(testcase|failure|error)' | cut -c 1-300 | head -n 20 \
                | sed 's/^ */         /'
        fi
    done < <(find "$JADI_ROOT" -path '*/target/surefire-reports/TEST-*.xml' -newer "$STAGE_BEGIN")
}

attribute() {
    local value=${2##* "$1"=\"}
    value=${value%%\"*}
    [[ $value =~ ^[0-9]+$ ]] && echo "$value" || echo 0
}

summary() {
    local line="$PASSED passed, $FAILED failed"
    [ "$SKIPPED" = 0 ] || line="$line, $SKIPPED skipped"
    echo "$line"
    [ "$FAILED" = 0 ]
}
