# checks rules on the sources that no compiler knows: sizes, packages, traces of this machine
stage() {
    git rev-parse --is-inside-work-tree > /dev/null 2>&1 || { skip "no git here to list the sources by"; return; }
    check "no file has more than 800 lines" no_output find_long 800
    check "every package says what it is for" no_output find_undescribed
    check "no package is called util, impl, common or misc" no_output \
        find . -path '*/src/main/java/*' -type d \( -name util -o -name impl -o -name common -o -name misc \)
    check "no path of a developer's machine is in the sources" no_output \
        git grep -nE '/usr/lib/jvm/[a-z0-9]|/home/[a-z]|/wor[k]/|/roo[t]/' -- ':!ci/stages/20-arch.sh' ':!LICENSE'
    check "no host of a package registry is in the sources" no_output \
        git grep -nE 'repo1?\.maven|repo\.maven\.apache|registry\.npm|artifactory|nexus' -- ':!ci/stages/20-arch.sh'
    # The files named here wait for facts on behalf of the others, have time itself as their subject, or are programs that hang.
    check "no test sleeps in the hope that something has happened then" no_output \
        git grep -nE '(Thread|SECONDS)\.sleep\(' -- 'ci/testkit/*.java' 'ci/properties/*.java' 'ci/system/*.java' '*/src/test/*.java' \
            ':!*/Eventually.java' ':!*/ThreadWatch.java' ':!*/MpiRunHarness.java' ':!*/Check.java' ':!*/InProcessCluster.java' \
            ':!*/ThreadContract.java' ':!*/HostsTest.java' ':!*/system/Behaviours.java' ':!launcher/src/test/programs' \
            ':!*/launcher/FailureTest.java' ':!*/HelperThreadTest.java' ':!*/UcxLeakTest.java'
    check "no import is unused" no_output find_unused
    check "scripts are correct bash" each_script bash -n
}

# no_output COMMAND...: passes if the command prints nothing, and has not failed: a search that finds nothing returns 1.
no_output() {
    local output code=0
    output=$("$@" 2>&1) || code=$?
    printf '%s\n' "$output"
    [ -z "$output" ] && [ "$code" -le 1 ]
}

find_long() {
    git ls-files '*.java' | while IFS= read -r file; do
        [ "$(wc -l < "$file")" -le "$1" ] || echo "$file"
    done
}

# The compiler does not warn of imports that nothing needs.
find_unused() {
    git ls-files -z '*.java' | xargs -0 awk '
        function look(    name) {
            for (name in imported) if (text !~ "[^A-Za-z0-9_]" name "[^A-Za-z0-9_]") print file ": " name
            split("", imported); text = ""
        }
        FNR == 1 { look(); file = FILENAME }
        /^import .*[A-Za-z0-9_];/ { name = $NF; sub(/;.*/, "", name); sub(/.*\./, "", name); imported[name] = 1; next }
        { text = text "\n" $0 }
        END { look() }'
}

# Micro benchmarks stand in the packages of what they measure, which are described there.
find_undescribed() {
    git ls-files '*/src/main/java/*.java' ':!bench/micro' ':!ci/stress' | sed 's,/[^/]*$,,' | sort -u | while IFS= read -r folder; do
        [ -f "$folder/package-info.java" ] || [ -f "$folder/module-info.java" ] || echo "$folder"
    done
}

each_script() {
    local file
    for file in mpirun ci/verify ci/dist .ci/run ci/*.sh ci/stages/*.sh launcher/src/main/dist/bin/mpirun launcher/src/main/dist/lib/*.sh; do
        [ ! -f "$file" ] || "$@" "$file" || return 1
    done
}
