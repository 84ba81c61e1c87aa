# runs jobs of real processes through ./mpirun, as a user does
#
# If the module ci/system sets Surefire's skipTests to ${skipSystemTests} (true in its pom), its tests are left out of the
# stage "build" and run here; otherwise they run there.
stage() {
    local hello=ci/system/Exchange.java
    jadi_want_clusters
    check "the tree builds on demand" ./mpirun --version
    check "four ranks exchange" lines 4 ./mpirun -np 4 "$hello"
    check "a command runs on two ranks" lines 2 ./mpirun -np 2 hostname
    check "the job's folder is gone after the job" folder_is_gone
    check "the user's folder is gone after the last job" user_folder_is_gone
    check "a start of mpirun finds the build current" finds_current
    if grep -qs skipSystemTests ci/system/pom.xml; then
        [ -n "$JADI_LONG" ] || skip "behaviours on 7 and 8 ranks, and on mixed devices at every size: --long"
        maven -pl ci/system -am -DskipTests -DskipSystemTests=false -Djadi.effort="${JADI_LONG:+10}" \
            -Dmaven.test.failure.ignore=true verify \
            || fail "Maven failed (build/$STAGE.log)"
        surefire
    elif [ ! -f ci/system/pom.xml ]; then
        skip "ci/system: the module is not there"
    fi
}

lines() {
    local count=$1 output
    shift
    output=$("$@") || { printf '%s\n' "$output"; return 1; }
    [ "$(printf '%s\n' "$output" | wc -l)" = "$count" ] || { printf '%s\n' "$output"; return 1; }
}

folder_is_gone() {
    local folder
    # The rank's shell is to expand the name.
    # shellcheck disable=SC2016
    folder=$(./mpirun -np 1 sh -c 'ls -d "$JADI_JOB_DIR"') && [ -n "$folder" ] && [ ! -e "$folder" ]
}

# Jobs of others run on this machine: so in shared memory of its own, which cannot be removed if anything is left in it.
user_folder_is_gone() {
    local shared folder
    shared=$(mktemp -d) || return 1
    # shellcheck disable=SC2016
    folder=$(JADI_SHM_ROOT=$shared ./mpirun -np 2 sh -c 'ls -d "$JADI_JOB_DIR"' | sort -u)
    case $folder in "$shared"/jadi-*/job-*) ;; *) echo "the folder is elsewhere: $folder"; return 1 ;; esac
    rmdir "$shared" || { find "$shared"; return 1; }
}

# Only that nothing is built again; how fast that is found out is no matter for a test.
finds_current() {
    jadi_is_current || { echo "not current"; return 1; }
}
