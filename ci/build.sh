# Builds what a user of the source tree runs, into build/dist. Read by ./mpirun and ./ci/verify; JADI_ROOT is set.

# What makes up a distribution; modules that are not there yet are left out.
JADI_MODULES="bootstrap adi devices/self devices/shm devices/tcp devices/ucx mpi-api scopes launcher bench"
JADI_STAMP=$JADI_ROOT/build/dist/.stamp

# Whether nothing has changed since the last build. Runs at every start of mpirun, so it is one find.
jadi_is_current() {
    [ -f "$JADI_STAMP" ] || return 1
    local sources=() module
    for module in $JADI_MODULES; do
        [ -d "$JADI_ROOT/$module/src/main" ] && sources+=("$JADI_ROOT/$module/src/main" "$JADI_ROOT/$module/pom.xml")
        [ -d "$JADI_ROOT/$module/src/build" ] && sources+=("$JADI_ROOT/$module/src/build")
    done
    [ -z "$(find "$JADI_ROOT/pom.xml" "$JADI_ROOT/ci/build.sh" "${sources[@]}" -newer "$JADI_STAMP" -print -quit)" ]
}

# Builds, one process at a time; who had to wait finds it done. Prints one line.
jadi_build() {
    mkdir -p "$JADI_ROOT/build" || return 1
    (
        flock 9
        jadi_is_current && exit 0
        . "$JADI_ROOT/launcher/src/main/dist/lib/find-jdk.sh"
        jadi_find_jdk || exit 1
        export JAVA_HOME
        jadi_need_maven || exit 1
        local first="" begin=$SECONDS
        [ -f "$JADI_STAMP" ] || first=" (first time, about a minute)"
        printf 'building Jadi%s ... ' "$first" >&2
        if jadi_package > "$JADI_ROOT/build/build.log" 2>&1; then
            echo "done, $((SECONDS - begin)) s" >&2
        else
            printf 'failed, %s s; the end of build/build.log:\n' "$((SECONDS - begin))" >&2
            tail -n 30 "$JADI_ROOT/build/build.log" >&2
            exit 1
        fi
    ) 9> "$JADI_ROOT/build/.lock"
}

# jadi_install WHAT PACKAGE...: installs Debian packages where that is allowed. Returns 1 where it is not, or fails.
jadi_install() {
    local what=$1
    shift
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || return 1
    mkdir -p "$JADI_ROOT/build"
    printf 'installing %s ... ' "$what" >&2
    if (
        # Programs are wanted, not services that run from now on.
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            trap 'rm -f "$policy"' EXIT
            printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy"
        fi
        apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" || exit 1
        # Nor after the next boot.
        [ ! -d /run/systemd/system ] || for service in "$@"; do
            case $service in
                openssh-server) systemctl disable ssh ;;
                docker.io) systemctl disable docker.service docker.socket ;;
                slurm*) systemctl disable "$service" ;;
            esac || true
        done
    ) > "$JADI_ROOT/build/install.log" 2>&1; then
        echo "done" >&2
        return 0
    fi
    echo "failed, see build/install.log" >&2
    return 1
}

jadi_need_maven() {
    command -v mvn > /dev/null || jadi_install Maven maven && return 0
    echo "${0##*/}: Jadi is built with Maven, which is not on PATH; install it (on Debian: apt install maven)" >&2
    return 1
}

# The device ucx calls UCX; nothing else needs it.
jadi_want_ucx() {
    PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2> /dev/null | grep 'libucp\.so\.0' > /dev/null || jadi_install UCX libucx0
}

# Other launchers, and what makes several hosts of one machine: without one of them its tests are skipped, and say so.
jadi_want_clusters() {
    local command missing=""
    for command in sshd:openssh-server ip:iproute2 nft:nftables ps:procps slurmctld:slurmctld slurmd:slurmd \
            srun:slurm-client mpiexec.mpich:mpich mpirun.openmpi:openmpi-bin dockerd:docker.io busybox:busybox-static; do
        PATH=$PATH:/usr/sbin:/sbin command -v "${command%%:*}" > /dev/null || missing="$missing ${command##*:}"
    done
    # The names are words of ours, meant to be split.
    # shellcheck disable=SC2086
    [ -z "$missing" ] || jadi_install "what makes several hosts of one" $missing || true
}

# Compiles and assembles. The stamp carries the time of the start: what changes meanwhile is built the next time.
jadi_package() {
    local stamp=$JADI_ROOT/build/.stamp.new module list=""
    touch "$stamp" || return 1
    for module in $JADI_MODULES; do
        grep -qs "<module>$module</module>" "$JADI_ROOT/pom.xml" && list=$list${list:+,}$module
    done
    (cd "$JADI_ROOT" && mvn -B -q -Dmaven.test.skip=true -am -pl "$list" package) || return 1
    jadi_assemble "$JADI_ROOT/build/dist.new" || return 1
    # Running jobs keep their open jars; new ones see the old folder or the new one, never half of one.
    rm -rf "$JADI_ROOT/build/dist.old"
    [ ! -d "$JADI_ROOT/build/dist" ] || mv "$JADI_ROOT/build/dist" "$JADI_ROOT/build/dist.old" || return 1
    mv "$JADI_ROOT/build/dist.new" "$JADI_ROOT/build/dist" || return 1
    # Where it will stand: a cache is bound to its class path. The stamp tells mpirun that the build has tried.
    jadi_cache_classes "$JADI_ROOT/build/dist"
    mv "$stamp" "$JADI_STAMP"
    rm -rf "$JADI_ROOT/build/dist.old"
}

# Lays out a distribution in a folder.
jadi_assemble() {
    local dist=$1 module jar
    rm -rf "$dist"
    mkdir -p "$dist/bin" "$dist/lib/launcher" || return 1
    for module in $JADI_MODULES; do
        for jar in "$JADI_ROOT/$module"/target/jadi-*.jar; do
            case $jar in
                */jadi-\*.jar|*-sources.jar|*-javadoc.jar|*-tests.jar) ;;
                */jadi-launcher-*) cp -p "$jar" "$dist/lib/launcher/" || return 1 ;;
                *) cp -p "$jar" "$dist/lib/" || return 1 ;;
            esac
        done
        # What a module needs of others, where its build collects it.
        if [ -d "$JADI_ROOT/$module/target/lib" ]; then
            cp -p "$JADI_ROOT/$module"/target/lib/*.jar "$dist/lib/" || return 1
        fi
    done
    cp -p "$JADI_ROOT/launcher/src/main/dist/bin/mpirun" "$dist/bin/" || return 1
    cp -p "$JADI_ROOT"/launcher/src/main/dist/lib/*.sh "$dist/lib/launcher/" || return 1
    jadi_version > "$dist/lib/launcher/VERSION"
}

# Makes the caches of classes, without which mpirun and ranks start later; so does the build if they cannot be made.
jadi_cache_classes() {
    local JADI_HOME=$1 JADI_CACHES
    . "$JADI_HOME/lib/launcher/caches.sh"
    jadi_caches_folder
    jadi_make_caches || echo "no caches of classes"
}

jadi_version() {
    sed -n '/<artifactId>jadi-parent</{n;s/.*<version>\(.*\)<\/version>.*/\1/p;q}' "$JADI_ROOT/pom.xml"
}
