// What a submission will ask of a cluster: its options held against the partition, and the tasks that follow.
import { availableParallelism } from 'node:os';
import { EigenflowError } from '../../core/errors.js';
import type { RunCost } from '../study/run-cost.js';
import { type Cluster, findPartition, type Partition } from './cluster.js';
import { type Plan, planTasks } from './plan-tasks.js';
import { formatWallTime, parseWallTime } from './wall-time.js';

export interface SlurmRequest {
  /** Default: the cluster's default partition. */
  readonly partition?: string;
  /** As Slurm writes it. Default: enough for what is planned, at most four hours or what the partition allows. */
  readonly time?: string;
  /** Of one task. Default: those of the partition's smallest node. */
  readonly cores?: number;
  readonly tasks?: number;
  /** Largest array; never above what the cluster allows. */
  readonly maxArray?: number;
  /** Seconds before the wall time at which work stops. */
  readonly stopBefore: number;
}

/** The request held against what the cluster has. */
export interface Limits {
  /** Absent where there is no Slurm to ask: good for a dry run only. */
  readonly partition?: Partition;
  /** Of one task at most. */
  readonly cores: number;
  /** Seconds: what was asked for, or the longest wall time to choose without asking. */
  readonly wallTime: number;
  readonly isWallTimeAsked: boolean;
  readonly stopBefore: number;
  readonly maxArray: number;
  readonly tasks?: number;
}

export interface Resources {
  readonly partition?: Partition;
  readonly cores: number;
  /** Seconds. */
  readonly wallTime: number;
  readonly plan: Plan;
}

const LONGEST_DEFAULT = 4 * 3600;
const SHORTEST_DEFAULT = 600;
/** Wall time asked for by default, over what a part is expected to take: the estimate is a rough one. */
const SPARE = 3;
/** Slurm may send the signal this much too early, seconds (sbatch(1), --signal). */
const SIGNAL_TOO_EARLY = 60;
/** MaxArraySize where it is not set, less the index that it counts from 0. */
const DEFAULT_MAX_ARRAY = 1000;

const fail = (path: string, message: string) => new EigenflowError('cluster', path, message);
const wholeMinutes = (seconds: number) => Math.ceil(seconds / 60) * 60;

function wallTimeOf({ time, stopBefore }: SlurmRequest, partition: Partition | undefined): number {
  const longest = partition?.maxSeconds ?? Number.POSITIVE_INFINITY;
  const asked = time === undefined ? Math.min(LONGEST_DEFAULT, longest) : wholeMinutes(parseWallTime(time));
  if (asked > longest) {
    const limit = `the partition ${partition?.name} allows ${formatWallTime(longest)}`;
    throw fail(`--time ${time}`, `${limit}; ask for less: runs that need longer are stopped, requeued and go on`);
  }
  if (asked - stopBefore < SIGNAL_TOO_EARLY) {
    const message =
      `too short for one checkpoint: work stops ${stopBefore} s before the end, and Slurm may say so up to ` +
      `${SIGNAL_TOO_EARLY} s early. Ask for at least ${formatWallTime(wholeMinutes(stopBefore + SIGNAL_TOO_EARLY))}, or lower --stop-before`;
    throw fail(`--time ${formatWallTime(asked)}`, message);
  }
  return asked;
}

function coresOf({ cores }: SlurmRequest, partition: Partition | undefined): number {
  const { least, most } = partition?.cores ?? { least: availableParallelism(), most: Number.NaN };
  if (cores !== undefined && cores > most) {
    throw fail(`--cores ${cores}`, `the nodes of the partition ${partition?.name} have at most ${most}`);
  }
  if (cores === undefined && Number.isNaN(least)) {
    const message = `the partition ${partition?.name} has no nodes at present; say how many cores a task shall have`;
    throw fail('--cores', message);
  }
  return cores ?? least;
}

/**
 * @param cluster undefined where there is no Slurm to ask
 * @throws EigenflowError `cluster` for what the cluster would refuse, or would leave pending for ever
 */
export function checkRequest(request: SlurmRequest, cluster: Cluster | undefined): Limits {
  const partition = cluster && findPartition(cluster, request.partition);
  const { stopBefore, tasks, time } = request;
  return {
    partition,
    wallTime: wallTimeOf(request, partition),
    isWallTimeAsked: time !== undefined,
    cores: coresOf(request, partition),
    maxArray: Math.min(cluster?.maxArray ?? DEFAULT_MAX_ARRAY, request.maxArray ?? Number.POSITIVE_INFINITY),
    stopBefore,
    tasks,
  };
}

/** @param runs how many are to be computed, at least 1 */
export function planJobs(limits: Limits, runs: number, { seconds }: RunCost): Resources {
  const { partition, maxArray, tasks, stopBefore } = limits;
  const cores = Math.min(limits.cores, runs);
  const workSeconds = limits.wallTime - stopBefore - SIGNAL_TOO_EARLY / 2;
  const plan = planTasks({ runs, cores, secondsPerRun: seconds, workSeconds, maxArray, tasks });
  // A short limit waits less in the queue.
  const enough = Math.max(SHORTEST_DEFAULT, wholeMinutes(SPARE * plan.secondsPerPart + stopBefore + SIGNAL_TOO_EARLY));
  const wallTime = limits.isWallTimeAsked ? limits.wallTime : Math.min(limits.wallTime, enough);
  return { partition, cores, wallTime, plan };
}
