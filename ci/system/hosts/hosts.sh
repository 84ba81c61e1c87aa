#!/usr/bin/env bash
# Several hosts on one machine: network, process, mount, IPC and host-name namespaces, each with an sshd of its own.
#
#   hosts.sh FOLDER up N         makes hosts h0 .. h(N-1), 10.77.0.10 and following; FOLDER/ssh_config is for ssh -F
#   hosts.sh FOLDER in HOST COMMAND...    runs a command on a host
#   hosts.sh FOLDER cut HOST     the host's network cable is pulled, without anybody being told
#   hosts.sh FOLDER heal HOST    and put back
#   hosts.sh FOLDER loss PERCENT frames that the switch loses, 0 for none
#   hosts.sh FOLDER wan DELAY-MS MBIT    gives each host a second network, 10.78.0.10 and following on wan0, with a delay and
#                                a rate of its own; runs until the hosts go down
#   hosts.sh FOLDER slurm        a Slurm with its controller on h0 and 4 CPUs on each of the others; runs until the hosts go
#                                down; its programs need SLURM_CONF=FOLDER/slurm/slurm.conf
#   hosts.sh FOLDER dead-end HOST    a second interface, 10.99.0.x like those of the others, that leads nowhere
#   hosts.sh FOLDER down         ends everything on the hosts, and removes them
#
# Needs root, iproute2, util-linux, openssh-server; nftables for loss. Several such sets may live side by side.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
D=$(mkdir -p "$1" && cd "$1" && pwd)
shift
ID=jadi$(printf '%s' "$D" | cksum | cut -d' ' -f1)
NET=10.77.0

namespace() { echo "$ID-$1"; }
switch() { namespace sw; }
pid_of() { cat "$D/run/$1.pid"; }

up() {
    local count=$1 i h ns sw
    mkdir -p "$D/run" "$D/tmp"
    chmod 700 "$D"
    [ -f "$D/key" ] || ssh-keygen -q -t ed25519 -N '' -f "$D/key"
    [ -f "$D/hostkey" ] || ssh-keygen -q -t ed25519 -N '' -f "$D/hostkey"
    echo "$count" > "$D/count"
    sw=$(switch)
    ip netns add "$sw"
    ip -n "$sw" link set lo up
    ip -n "$sw" link add br0 type bridge
    ip -n "$sw" link set br0 up
    { echo "127.0.0.1 localhost"; for ((i = 0; i < count; i++)); do echo "$NET.$((10 + i)) h$i"; done; } > "$D/etc-hosts"
    cat > "$D/ssh_config" <<C
Host h*
  User root
  IdentityFile $D/key
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
C
    for ((i = 0; i < count; i++)); do
        h=h$i
        ns=$(namespace "$h")
        ip netns add "$ns"
        ip link add "v$i" netns "$ns" type veth peer name "p$i" netns "$sw"
        ip -n "$ns" link set "v$i" name eth0
        ip -n "$ns" link set lo up
        ip -n "$ns" addr add "$NET.$((10 + i))/24" dev eth0
        ip -n "$ns" link set eth0 up
        ip -n "$sw" link set "p$i" master br0
        ip -n "$sw" link set "p$i" up
        boot "$h" "$ns"
    done
    for ((i = 0; i < count; i++)); do
        await_sshd "h$i"
    done
}

# boot HOST NAMESPACE: the sshd is process 1 there; when it is killed, so is everything on the host.
boot() {
    local h=$1 ns=$2
    cat > "$D/run/sshd_$h.conf" <<C
Port 22
HostKey $D/hostkey
PidFile none
AuthorizedKeysFile $D/key.pub
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
UsePAM no
UseDNS no
MaxStartups 200
MaxSessions 200
C
    mkdir -p "$D/tmp/$h"
    # The inner shell is to expand what is quoted; $h and $D are ours.
    setsid nsenter --net="/run/netns/$ns" unshare --uts --ipc --mount --pid --fork --kill-child --mount-proc bash -c "
        hostname $h
        mount --bind '$D/etc-hosts' /etc/hosts
        mount -t tmpfs -o size=512m,mode=1777 tmpfs /dev/shm
        mount -t tmpfs tmpfs /run
        # Its own /tmp, or JVMs with the same pid on two hosts meet in it; but not where that would hide this folder.
        case '$D' in /tmp/*) ;; *) mount --bind '$D/tmp/$h' /tmp; chmod 1777 /tmp ;; esac
        mkdir -p /run/sshd
        exec /usr/sbin/sshd -D -e -f '$D/run/sshd_$h.conf'" > "$D/run/$h.log" 2>&1 < /dev/null &
    echo $! > "$D/run/$h.outer"
}

await_sshd() {
    local h=$1 try
    for ((try = 0; try < 200; try++)); do
        pgrep -P "$(cat "$D/run/$h.outer")" > "$D/run/$h.pid" || kill -0 "$(cat "$D/run/$h.outer")" || break
        if [ -s "$D/run/$h.pid" ] && grep -qs "Server listening" "$D/run/$h.log"; then
            return 0
        fi
        sleep 0.05
    done
    cat "$D/run/$h.log" >&2
    return 1
}

in_host() {
    local h=$1
    shift
    exec nsenter --target "$(pid_of "$h")" --net --uts --ipc --mount --pid --wdns="$PWD" -- "$@"
}

cut_host() { ip -n "$(switch)" link set "p${1#h}" down; }
heal_host() { ip -n "$(switch)" link set "p${1#h}" up; }

loss() {
    ip netns exec "$(switch)" nft delete table bridge loss 2> /dev/null || true
    [ "$1" = 0 ] || ip netns exec "$(switch)" nft -f - <<N
table bridge loss {
    chain f {
        type filter hook forward priority 0
        numgen random mod 100 < $1 drop
    }
}
N
}

wan() {
    local count i out=$D/run/wan.log
    count=$(cat "$D/count")
    local names=()
    for ((i = 0; i < count; i++)); do names+=("$(namespace "h$i")"); done
    setsid python3 "$HERE/wan.py" "$1" "$2" "${names[@]}" > "$out" 2>&1 < /dev/null &
    echo $! > "$D/run/wan.pid"
    for ((i = 0; i < 100; i++)); do
        grep -qs up "$out" && return 0
        kill -0 "$(cat "$D/run/wan.pid")" 2> /dev/null || break
        sleep 0.05
    done
    cat "$out" >&2
    return 1
}

dead_end() {
    local ns
    ns=$(namespace "$1")
    # Up and with a route, as docker0 or a cable into nothing: packets go out and nobody hears them.
    ip link add "x${1#h}" netns "$ns" type veth peer name "y${1#h}" netns "$(switch)"
    ip -n "$ns" link set "x${1#h}" name nowhere0
    ip -n "$(switch)" link set "y${1#h}" up
    ip -n "$ns" addr add "10.99.0.$((10 + ${1#h}))/24" dev nowhere0
    ip -n "$ns" link set nowhere0 up
}

slurm() {
    local last i s=$D/slurm
    last=$(($(cat "$D/count") - 1))
    mkdir -p "$s/state" "$s/spool" "$s/log"
    for ((i = 1; i <= last; i++)); do mkdir -p "$s/tmp/h$i" "$s/spool/h$i"; done
    cat > "$s/slurm.conf" <<C
ClusterName=test
SlurmctldHost=h0
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
StateSaveLocation=$s/state
SlurmdSpoolDir=$s/spool/%n
SlurmctldPidFile=$s/ctld.pid
SlurmdPidFile=$s/slurmd-%n.pid
SlurmctldLogFile=$s/log/ctld.log
SlurmdLogFile=$s/log/slurmd-%n.log
TmpFS=$s/tmp/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
SlurmdTimeout=30
NodeName=h[1-$last] CPUs=4 RealMemory=1000 State=UNKNOWN
PartitionName=p Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
C
    export SLURM_CONF=$s/slurm.conf
    (in_host h0 slurmctld -c)
    for ((i = 1; i <= last; i++)); do (in_host "h$i" slurmd); done
    for ((i = 0; i < 200; i++)); do
        [ "$(in_host h0 sinfo -h -t idle -o %D 2> /dev/null)" != "$last" ] || return 0
        sleep 0.1
    done
    tail -n 20 "$s"/log/*.log >&2
    return 1
}

down() {
    local h name
    [ ! -f "$D/run/wan.pid" ] || kill -9 "$(cat "$D/run/wan.pid")" 2> /dev/null || true
    for h in "$D"/run/h*.outer; do
        [ -f "$h" ] || continue
        h=$(basename "$h" .outer)
        [ ! -s "$D/run/$h.pid" ] || kill -9 "$(pid_of "$h")" 2> /dev/null || true
        kill -9 "$(cat "$D/run/$h.outer")" 2> /dev/null || true
    done
    for name in $(ip netns list | cut -d' ' -f1); do
        case $name in "$ID"-*) ip netns del "$name" ;; esac
    done
    rm -rf "$D"
}

command=$1
shift
case $command in
    up) up "$@" ;;
    in) in_host "$@" ;;
    cut) cut_host "$@" ;;
    heal) heal_host "$@" ;;
    loss) loss "$@" ;;
    wan) wan "$@" ;;
    slurm) slurm ;;
    dead-end) dead_end "$@" ;;
    down) down ;;
    *) echo "hosts.sh: unknown command $command" >&2; exit 2 ;;
esac
