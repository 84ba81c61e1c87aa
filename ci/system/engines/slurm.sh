#!/usr/bin/env bash
# Runs Slurm on this machine, three nodes on one host, by hand and apart from any installed service. Needs root.
#
#   slurm.sh up FOLDER      starts it; prints the value of SLURM_CONF to use
#   slurm.sh down FOLDER    ends what "up" started
set -u
folder=${2:?slurm.sh up|down FOLDER}
conf=$folder/slurm.conf
export SLURM_CONF=$conf

up() {
    local host port
    host=$(hostname -s)
    port=$((30000 + $$ % 5000 * 5))
    mkdir -p "$folder"/tmp/n0 "$folder"/tmp/n1 "$folder"/tmp/n2 "$folder"/state "$folder"/spool || return 1
    cat > "$conf" <<C
ClusterName=jadi
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
SlurmctldPort=$port
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/ctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/ctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SchedulerType=sched/builtin
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
InactiveLimit=0
KillWait=3
SlurmdParameters=config_overrides
NodeName=n[0-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + 3))] CPUs=4 RealMemory=1000 State=UNKNOWN
PartitionName=p Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
TmpFS=$folder/tmp/%n
C
    slurmctld -c > "$folder/start.log" 2>&1 || { cat "$folder/start.log"; return 1; }
    for node in n0 n1 n2; do
        slurmd -N $node -c >> "$folder/start.log" 2>&1 || { cat "$folder/start.log"; return 1; }
    done
    for _ in $(seq 200); do
        [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 3 ] && { echo "$conf"; return 0; }
        sleep 0.1
    done
    sinfo
    tail -n 5 "$folder"/*.log
    return 1
}

down() {
    local pids="" pid
    for file in "$folder"/slurmd-n*.pid "$folder"/ctld.pid; do
        [ -f "$file" ] && pids="$pids $(cat "$file")"
    done
    # The numbers are words of ours, meant to be split.
    # shellcheck disable=SC2086
    kill $pids
    for pid in $pids; do
        for _ in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
    done
}

"$1"
