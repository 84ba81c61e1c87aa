#!/bin/sh
# Two JVMs over loopback: ./bench.sh heap|native [key=value ...]; compile the tests first.
set -eu
cd "$(dirname "$0")"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
cp=target/classes:target/test-classes:../../adi/target/classes:../../bootstrap/target/classes
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
secret=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
"$java" -Xmx256m -XX:+UseSerialGC -cp "$cp" org.jadi.device.tcp.TcpBench "$folder" 1 "$secret" "$@" &
"$java" -Xmx256m -XX:+UseSerialGC -cp "$cp" org.jadi.device.tcp.TcpBench "$folder" 0 "$secret" "$@"
wait
