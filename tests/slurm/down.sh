#!/usr/bin/env bash
# Take down the Slurm that up.sh has started in FOLDER, each daemon by its pid file.
set -uo pipefail
folder=$(realpath -m "${1:?usage: down.sh FOLDER}")
export SLURM_CONF=$folder/slurm.conf
# shellcheck source=tests/slurm/daemons.sh
. "$(dirname "$(realpath "$0")")/daemons.sh"

stop() {
    runs "$1" "$2" || return 0
    local number
    number=$(cat "$1")
    kill "$number" 2>/dev/null
    for _ in $(seq 80); do
        [ -d "/proc/$number" ] || return 0
        sleep 0.1
    done
    kill -9 "$number" 2>/dev/null
}

if runs "$folder/run/slurmctld.pid" slurmctld; then
    timeout 10 scancel --user="$(id -un)" --full 2>/dev/null
    for _ in $(seq 100); do
        [ -n "$(timeout 5 squeue --noheader 2>/dev/null)" ] || break
        sleep 0.1
    done
fi
stop "$folder/run/slurmd.pid" slurmd
stop "$folder/run/slurmctld.pid" slurmctld
stop "$folder/run/munged.pid" munged
exit 0
