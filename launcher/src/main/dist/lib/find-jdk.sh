# Finds a JDK of 25 or newer: JAVA_HOME, the java on PATH, then the usual places. Sets JAVA_HOME.
# Versions are read from the file "release" of each JDK, because starting a JVM to ask it takes 40 ms.

JADI_LEAST_JAVA=25

# jadi_java_major HOME: prints the major version, or nothing.
jadi_java_major() {
    local line
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=*)
                line=${line#JAVA_VERSION=}
                line=${line//\"/}
                line=${line%%[.+-]*}
                JADI_MAJOR=$line
                return 0 ;;
        esac
    done < "$1/release"
}

# jadi_is_jdk HOME: whether it is a JDK that will do. A runtime without compiler will not.
jadi_is_jdk() {
    JADI_MAJOR=
    [ -n "$1" ] && [ -x "$1/bin/javac" ] || return 1
    jadi_java_major "$1"
    [ -n "$JADI_MAJOR" ] && [ "$JADI_MAJOR" -ge "$JADI_LEAST_JAVA" ] 2>/dev/null
}

jadi_find_jdk() {
    local java candidate
    jadi_is_jdk "${JAVA_HOME:-}" && return 0
    java=$(command -v java) && java=$(readlink -f "$java") && candidate=${java%/bin/java}
    if jadi_is_jdk "${candidate:-}"; then
        JAVA_HOME=$candidate
        return 0
    fi
    for candidate in /usr/lib/jvm/* /opt/* /opt/java/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
            "${HOME:-/nonexistent}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if jadi_is_jdk "$candidate"; then
            JAVA_HOME=$candidate
            return 0
        fi
    done
    echo "${0##*/}: Jadi needs a JDK of version $JADI_LEAST_JAVA or newer; install one (for example Temurin, adoptium.net, or your system's openjdk-$JADI_LEAST_JAVA-jdk) and set JAVA_HOME" >&2
    return 1
}
