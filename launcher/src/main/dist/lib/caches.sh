# The caches of loaded classes (AOT caches of the JVM) for mpirun and for ranks. Read by bin/mpirun; JADI_HOME and JAVA_HOME are set.
#
# The JVM checks that a cache was made by itself and for the same class path, but not that the jars are still the same: with a stale
# one, old code would run. So a folder of caches holds the time of every file that went into them, to the nanosecond, and is
# only used while all of them agree. It costs no process to look.

# Sets JADI_CACHES to the folder for this Jadi and this JDK; in the user's own place where Jadi's is neither current nor writable.
jadi_caches_folder() {
    local jdk=${JAVA_HOME//\//%}
    JADI_CACHES=$JADI_HOME/lib/launcher/caches/$jdk
    [ -w "$JADI_HOME/lib/launcher" ] || jadi_caches_are_current \
        || JADI_CACHES=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/jadi/caches/${JADI_HOME//\//%}$jdk
}

# Whether the caches are there and made from what is there now.
jadi_caches_are_current() {
    local file time
    [ -f "$JADI_CACHES/complete" ] || return 1
    for file in "$JAVA_HOME/release" "$JADI_HOME"/lib/launcher/*.jar "$JADI_HOME"/lib/*.jar; do
        time=$JADI_CACHES/times/${file##*/}
        [ -f "$time" ] || return 1
        [ "$file" -nt "$time" ] && return 1
        [ "$file" -ot "$time" ] && return 1
    done
    return 0
}

# Whether the user or somebody above has settings of their own, which a JVM refuses beside ours.
jadi_caches_are_wanted() {
    case " ${JADI_LAUNCHER_FLAGS:-} ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-} " in
        *" -Xshare"*|*" -XX:AOT"*|*" -XX:SharedArchiveFile"*|*" -XX:ArchiveClassesAtExit"*) return 1 ;;
    esac
    [ "${JADI_CACHES_USE:-on}" != off ]
}

# Makes the caches by running what mpirun and ranks do at their start. Without them everything works, a little later.
jadi_make_caches() {
    local main=org.jadi.bootstrap.Probe work file status=1
    # What concerns the user's jobs is not for these: an allocation's hosts, flags, a device.
    local JADI_JVM_FLAGS JADI_JAVA JADI_DEVICE
    unset JADI_JVM_FLAGS JADI_JAVA JADI_DEVICE
    local record="-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -Xlog:aot*=off,cds*=off"
    [ ! -e "$JADI_HOME"/lib/jadi-mpi-api-*.jar ] || main=org.jadi.mpi.launch.Warmup
    mkdir -p "${JADI_CACHES%/*}" && work=$(mktemp -d "${JADI_CACHES%/*}/new.XXXXXX") && chmod 755 "$work" || return 1
    # Times first: what changes from here on counts as changed.
    mkdir "$work/times" || return 1
    for file in "$JAVA_HOME/release" "$JADI_HOME"/lib/launcher/*.jar "$JADI_HOME"/lib/*.jar; do
        touch -r "$file" "$work/times/${file##*/}" || return 1
    done
    # No class path but Jadi's jars, so that any program's can follow them; only one of the two ranks writes.
    # The words of $record are meant to be split.
    # shellcheck disable=SC2086
    if CLASSPATH="" JADI_CACHES_USE=off "$JADI_HOME/bin/mpirun" --host localhost --timeout 300 \
            -np 1 java -XX:+UseSerialGC $record "-XX:AOTCacheOutput=$work/ranks.aot" "$main" : -np 1 java "$main" \
        && CLASSPATH="" JADI_CACHES_USE=off JADI_LAUNCHER_FLAGS="$record -XX:AOTCacheOutput=$work/mpirun.aot" \
            "$JADI_HOME/bin/mpirun" --host localhost --timeout 300 -np 2 java "$main" \
        && jadi_archive_agent "$work/agent.jsa" "$main" \
        && [ -s "$work/ranks.aot" ] && [ -s "$work/mpirun.aot" ] && : > "$work/complete"; then
        # Running JVMs keep what they have mapped.
        rm -rf "$JADI_CACHES"
        mv -T "$work" "$JADI_CACHES" 2> /dev/null && status=0
    fi
    rm -rf "$work"
    return $status
}

# The classes of agents go into an archive of the older kind, whose jars the JVM checks: an agent may run on another host, where
# nobody has compared times. For an agent this host is another one, behind a shell that calls it so. Agents do without, if need be.
jadi_archive_agent() {
    CLASSPATH="" JADI_CACHES_USE=off JADI_AGENT_FLAGS="-XX:ArchiveClassesAtExit=$1 -Xlog:cds*=off" "$JADI_HOME/bin/mpirun" \
        --timeout 300 --host other --rsh "env JADI_HOST_NAME={host} sh -c" -np 1 java "$2" || true
}

# Makes them beside a job that starts, for the jobs after it: once, with the least priority, by one process at a time.
jadi_make_caches_aside() {
    # Tried in vain: another try would not do better.
    [ "$JADI_CACHES.failed" -nt "$JADI_HOME/lib/launcher/VERSION" ] && return 0
    mkdir -p "${JADI_CACHES%/*}" 2> /dev/null || return 0
    (
        # The terminal's signals are for the job, and its end is not ours.
        trap '' HUP INT QUIT
        flock -n 9 || exit 0
        renice -n 19 "$BASHPID"
        jadi_caches_are_current || jadi_make_caches || : > "$JADI_CACHES.failed"
    ) 2> /dev/null 9> "$JADI_CACHES.lock" < /dev/null > /dev/null &
}
