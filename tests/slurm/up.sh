#!/usr/bin/env bash
# Bring up a real Slurm of one machine for tests: munged, slurmctld and slurmd as root, on loopback, without systemd.
#
#   tests/slurm/up.sh FOLDER              everything lives in FOLDER; ports are $SLURM_TEST_PORT (26817) and above
#   SLURM_CONF=FOLDER/slurm.conf sinfo    the programs of Slurm find it by this variable
#
# Started again it leaves alone what runs. It ends well only after a real `srun`; down.sh FOLDER takes all of it down.
# Exit code 77: it cannot be had here (not root, or the packages cannot be installed).
set -euo pipefail
folder=$(realpath -m "${1:?usage: up.sh FOLDER}")
port=${SLURM_TEST_PORT:-26817}
conf=$folder/slurm.conf
socket=$folder/munge/socket
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/slurm/daemons.sh
. "$here/daemons.sh"

fail() {
    echo "up.sh: $*" >&2
    tail -n 15 "$folder"/log/* >&2 2>/dev/null || true
    exit 1
}

[ "$(id -u)" = 0 ] || { echo "up.sh: slurmd starts jobs as their user, so it must be root" >&2; exit 77; }

# ---- packages: Debian's, kept from starting services of their own ----
missing() { for program in munged slurmctld slurmd; do command -v $program >/dev/null || return 0; done; return 1; }
if missing; then
    policy=/usr/sbin/policy-rc.d
    made=
    [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy; chmod +x $policy; made=yes; }
    export DEBIAN_FRONTEND=noninteractive
    install_them() { apt-get install -y -q --no-install-recommends slurm-wlm munge; }
    { install_them || { apt-get update -q && install_them; }; } >&2 || true
    [ -z "$made" ] || rm -f $policy
    ! missing || { echo "up.sh: slurm-wlm and munge cannot be installed" >&2; exit 77; }
fi

# ---- a key of our own, and settings that react at once ----
mkdir -p "$folder"/{log,state,spool,run,munge}
chmod 755 "$folder" "$folder"/{log,state,spool,run}
chmod 711 "$folder/munge"
host=$(hostname -s)
getent hosts "$host" >/dev/null || echo "127.0.0.1 $host" >>/etc/hosts
[ -s "$folder/munge/key" ] || dd if=/dev/urandom of="$folder/munge/key" bs=1024 count=1 status=none
chmod 400 "$folder/munge/key"
memory=$(awk '/MemTotal/ {print int($2 / 1024 * 0.8)}' /proc/meminfo)
cat >"$conf" <<CONF
# made by tests/slurm/up.sh
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$socket
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=$port
SrunPortRange=$((port + 100))-$((port + 400))
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
# No cgroups: the processes of a job are found in /proc.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0,bf_interval=2
KillWait=5
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=${SLURM_TEST_CPUS:-4} RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=n1 Default=YES MaxTime=INFINITE DefaultTime=01:00:00 State=UP
CONF
export SLURM_CONF=$conf

# ---- the three daemons ----
umask 022
if ! runs "$folder/run/munged.pid" munged; then
    rm -f "$socket"*
    munged --key-file="$folder/munge/key" --socket="$socket" --pid-file="$folder/run/munged.pid" \
        --log-file="$folder/log/munged.log" --seed-file="$folder/munge/seed" --force || fail "munged does not start"
fi
runs "$folder/run/slurmctld.pid" slurmctld || slurmctld -f "$conf" </dev/null || fail "slurmctld does not start"
runs "$folder/run/slurmd.pid" slurmd || slurmd -N n1 -f "$conf" </dev/null || fail "slurmd does not start"

# ---- is it there? ----
for _ in $(seq 150); do
    [ -z "$(sinfo --noheader --states=idle,mixed,allocated --format=%N 2>/dev/null)" ] || break
    scontrol update nodename=n1 state=resume 2>/dev/null || true
    sleep 0.2
done
[ "$(timeout 60 srun --ntasks=1 --mem=64 --time=1 hostname)" = "$(hostname)" ] || fail "srun does not run"
