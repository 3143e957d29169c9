#!/usr/bin/env bash
# A real Slurm on this machine alone, for tests: one node with eight invented cores, on loopback, with a munge key and
# ports of its own; no systemd, no cgroups, no database, and nothing of the machine's own configuration is touched.
#   one-node.sh install          by apt, as root
#   one-node.sh start FOLDER     then: export SLURM_CONF=FOLDER/slurm.conf
#   one-node.sh stop FOLDER      ends what start has started, by pid file
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

install() {
  command -v sbatch slurmctld slurmd munged >/dev/null && return
  apt-get update -qq
  # RUNLEVEL=1: the package's own daemons shall not be started.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    slurmctld slurmd slurm-client munge >/dev/null
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# cred_expire: a requeued job waits for as long as a credential lives, by default two minutes.
# config_overrides: the node has the cores that this file says, whatever the machine has.
configure() {
  local folder=$1 host user
  host=$(hostname -s)
  user=$(id -un)
  mkdir -p "$folder"/{state,spool,log,run}
  mkdir -pm 700 "$folder/munge"
  cat > "$folder/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/run/munge.socket,cred_expire=5
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,batch_sched_delay=0,bf_interval=2
KillWait=20
MaxArraySize=4
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=8 RealMemory=1000 State=UNKNOWN
PartitionName=short Nodes=$host Default=YES MaxTime=00:30:00 State=UP
PartitionName=long Nodes=$host MaxTime=INFINITE State=UP
PartitionName=closed Nodes=$host MaxTime=INFINITE State=DOWN
CONF
}

start() {
  local folder=$1
  configure "$folder"
  export SLURM_CONF=$folder/slurm.conf
  head -c 1024 /dev/urandom > "$folder/munge/munge.key"
  chmod 600 "$folder/munge/munge.key"
  # --force: the folder may lie under one that others may write to, as /tmp does.
  munged --force --key-file="$folder/munge/munge.key" --socket="$folder/run/munge.socket" \
    --pid-file="$folder/munge/munged.pid" --log-file="$folder/munge/munged.log" --seed-file="$folder/munge/munged.seed"
  slurmctld
  slurmd
  for _ in $(seq 150); do
    [ -n "$(sinfo -h -t idle -o %n 2>/dev/null)" ] && return
    sleep 0.2
  done
  tail -n 20 "$folder"/log/*.log "$folder/munge/munged.log" >&2
  echo 'the node did not come up' >&2
  return 1
}

stop() {
  local folder=$1 file pid
  for file in "$folder/run/slurmd.pid" "$folder/run/slurmctld.pid" "$folder/munge/munged.pid"; do
    [ -s "$file" ] || continue
    pid=$(cat "$file")
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 50); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
  done
}

"$@"
