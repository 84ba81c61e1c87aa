#!/usr/bin/env bash
# Measures what a hop through a relay costs: two network namespaces that reach a third, and not each other. Needs root and
# a built tree (./mpirun --version builds it).
set -eu
root=$(cd "$(dirname "$(readlink -f "$0")")/../../.." && pwd)
tag=jc$$
work=$(mktemp -d)
trap 'for side in a b g; do ip netns del $tag$side 2>/dev/null; done; rm -rf "$work"' EXIT

jars=$(printf '%s:' "$root"/{adi,bootstrap,mpi-api}/target/jadi-*-SNAPSHOT.jar "$root"/devices/{self,shm,tcp}/target/jadi-*-SNAPSHOT.jar)
ip netns add ${tag}g
net=0
for side in a b; do
    net=$((net + 1))
    ip netns add $tag$side
    ip link add uplink netns $tag$side type veth peer name to$side netns ${tag}g
    ip -n ${tag}g addr add 10.83.$net.1/24 dev to$side
    ip -n $tag$side addr add 10.83.$net.2/24 dev uplink
    ip -n $tag$side link set lo up
    ip -n $tag$side link set uplink up
    ip -n ${tag}g link set to$side up
done
ip -n ${tag}g link set lo up

rank=0
for side in g a b; do
    JADI_RENDEZVOUS=$work/card JADI_RANK=$rank JADI_SIZE=3 JADI_DEVICE=tcp ip netns exec $tag$side \
        java --enable-native-access=ALL-UNNAMED -cp "$jars$root/ci/system/target/classes" org.jadi.system.RelayCost &
    rank=$((rank + 1))
done
wait
