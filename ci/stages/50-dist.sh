# makes jadi-VERSION.tar.gz and runs a job from where it is unpacked
stage() {
    local folder
    folder=$(mktemp -d) || { fail "no temporary folder"; return; }
    check "the archive is made" ci/dist
    check "it unpacks" tar -xzf "build/jadi-$(jadi_version).tar.gz" -C "$folder"
    check "mpirun runs from there" run_elsewhere "$folder" "jadi-$(jadi_version)"
    check "its first start makes caches aside, a stale one is not used" makes_caches "$folder/jadi-$(jadi_version)"
    check "it runs through a symbolic link" run_linked "$folder" "jadi-$(jadi_version)"
    if [ -n "$JADI_LONG" ]; then
        check "eight mpirun at once on an unbuilt tree" concurrent_first_start "$folder"
    else
        skip "eight mpirun at once on an unbuilt tree: --long"
    fi
    rm -rf "$folder"
}

run_elsewhere() {
    cp ci/system/Exchange.java "$1/" && (cd "$1" && env -u JADI_HOME "$2/bin/mpirun" -np 2 Exchange.java)
}

# The flags that ranks get tell whether there is a cache that is current.
makes_caches() {
    local seconds=0
    until "$1/bin/mpirun" --verbose -np 1 java -version 2>&1 | grep -q -e -XX:AOTCache=; do
        sleep 1
        seconds=$((seconds + 1))
        [ "$seconds" -lt 200 ] || { echo "no caches after $seconds s"; ls -lR "$1/lib/launcher"; return 1; }
    done
    (cd "$1/.." && env -u JADI_HOME "$1/bin/mpirun" -np 2 Exchange.java) || return 1
    touch "$1"/lib/jadi-bootstrap-*.jar
    if JADI_CACHES_USE=on "$1/bin/mpirun" --verbose -np 1 java -version 2>&1 | grep -e -XX:AOTCache=; then
        echo "a changed jar has gone unnoticed"
        return 1
    fi
}

run_linked() {
    ln -s "$1/$2/bin/mpirun" "$1/linked" && (cd / && "$1/linked" --version)
}

concurrent_first_start() {
    local copy=$1/tree pids="" pid
    mkdir "$copy" && git ls-files -z | xargs -0 cp --parents -t "$copy" || return 1
    for _ in 1 2 3 4 5 6 7 8; do
        "$copy/mpirun" -np 2 "$copy/ci/system/Exchange.java" &
        pids="$pids $!"
    done
    for pid in $pids; do
        wait "$pid" || return 1
    done
}
