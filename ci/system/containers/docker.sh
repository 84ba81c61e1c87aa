#!/usr/bin/env bash
# Docker for the tests of ci/system, from what is on this machine; no registry is asked for anything.
#
#   docker.sh up FOLDER             starts a Docker daemon, if none answers; needs root
#   docker.sh down FOLDER           ends what "up" started
#   docker.sh image FOLDER LIB      builds the image jadi-test/app:1 of examples/kubernetes/Dockerfile; LIB: folder with jars
set -u
folder=${2:?docker.sh up|down|image FOLDER}
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
root=$(cd "$here/../../.." && pwd)
network=jadi-docker

up() {
    docker version >/dev/null 2>&1 && return 0
    mkdir -p "$folder"
    # In a network of its own: bridges and packet filters of this machine stay as they are. Not by "ip netns exec", which
    # would hide the control groups.
    ip netns add "$network" 2>/dev/null || [ -e "/run/netns/$network" ] || return 1
    ip -n "$network" link set lo up
    nsenter --net="/run/netns/$network" setsid dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" \
        > "$folder/log" 2>&1 < /dev/null &
    for _ in $(seq 300); do
        docker version >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    tail -n 5 "$folder/log"
    return 1
}

down() {
    local pid
    [ -f "$folder/pid" ] || return 0
    pid=$(cat "$folder/pid")
    kill "$pid"
    for _ in $(seq 300); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    ip netns del "$network"
    rm -rf "${folder:?}"
}

# A file system of busybox, and of the C libraries that a JDK of this machine needs.
base() {
    local to=$1 name library
    mkdir -p "$to"/{bin,etc,tmp,proc,sys,dev,root}
    chmod 1777 "$to/tmp"
    cp /bin/busybox "$to/bin/busybox" || return 1
    for name in $(/bin/busybox --list | grep -vx busybox); do
        ln -sf busybox "$to/bin/$name"
    done
    for library in $(ldd "$JAVA_HOME"/bin/java "$JAVA_HOME"/lib/*.so "$JAVA_HOME"/lib/server/libjvm.so 2>/dev/null \
            | awk '$3 ~ /^\// {print $3} $1 ~ /^\// && $1 !~ /:$/ {print $1}' | grep -v "^$JAVA_HOME" | sort -u) \
            /lib/*-linux-gnu/libnss_files.so.2 /lib/*-linux-gnu/libnss_dns.so.2 /lib/*-linux-gnu/libresolv.so.2; do
        [ -e "$library" ] && mkdir -p "$to$(dirname "$library")" && cp -L "$library" "$to$library"
    done
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' > "$to/etc/passwd"
    printf 'root:x:0:\n' > "$to/etc/group"
    printf 'hosts: files dns\npasswd: files\ngroup: files\n' > "$to/etc/nsswitch.conf"
}

image() {
    local lib=$1 work code
    work=$(mktemp -d) || return 1
    base "$work/base" || { rm -rf "$work"; return 1; }
    tar -C "$work/base" -c . | docker import - jadi-test/base:1 > "$work/log" || return 1
    # Links that lead out of the JDK would lead nowhere in there.
    mkdir -p "$work/base/opt" && cp -aL "$JAVA_HOME" "$work/base/opt/jdk" && rm -f "$work/base/opt/jdk/lib/src.zip" || return 1
    tar -C "$work/base" -c . | docker import -c 'ENV JAVA_HOME=/opt/jdk' - jadi-test/jdk:1 >> "$work/log" || return 1
    mkdir -p "$work/context" && cp -r "$lib" "$work/context/lib" || return 1
    DOCKER_BUILDKIT=0 docker build -q -f "$root/examples/kubernetes/Dockerfile" --build-arg JDK=jadi-test/jdk:1 \
        --build-arg BASE=jadi-test/base:1 -t jadi-test/app:1 "$work/context"
    code=$?
    rm -rf "$work"
    return $code
}

case $1 in
    up | down) "$1" ;;
    image) image "${3:?docker.sh image FOLDER LIB}" ;;
    *) echo "docker.sh: unknown command $1" >&2; exit 2 ;;
esac
