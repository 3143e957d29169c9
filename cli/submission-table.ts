// What a submission takes, as a table for people.
import type { Resources } from '../node/slurm/resources.js';
import { formatWallTime } from '../node/slurm/wall-time.js';
import type { RunCost } from '../node/study/run-cost.js';
import { byteCount } from './byte-count.js';
import { duration } from './progress.js';

export interface Sending {
  readonly total: number;
  readonly stored: number;
  readonly queued: number;
  /** Runs to send. */
  readonly runs: number;
  readonly cost: RunCost;
  readonly resources: Resources;
  /** Free space where the results go, bytes; NaN when unknown. */
  readonly freeBytes: number;
}

/** The time of a run may be far below a second. */
const shortTime = (seconds: number) => (seconds < 10 ? `${Number(seconds.toPrecision(2))} s` : duration(seconds));

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

function tasksLine({ plan }: Resources): string {
  const arrays = plan.arrays.length === 1 ? 'one array job' : `${plan.arrays.length} array jobs`;
  const most = plan.parts === 1 ? count(plan.runsPerPart, 'run') : `up to ${count(plan.runsPerPart, 'run')} each`;
  return `${plan.parts} in ${arrays}, ${most}`;
}

function wallTimeLine({ plan, wallTime }: Resources): string {
  const need = `about ${shortTime(plan.secondsPerPart)} needed`;
  const again = plan.requeues === 0 ? '' : `, so each is stopped and requeued ${count(plan.requeues, 'time')}`;
  return `${formatWallTime(wallTime)} a task; ${need}${again}`;
}

export function submissionTable({ total, stored, queued, runs, cost, resources, freeBytes }: Sending): string {
  const { partition, cores, plan, wallTime } = resources;
  const source =
    cost.storedRuns > 0
      ? `mean of ${count(cost.storedRuns, 'stored run')}`
      : 'measured here for a second, without observers';
  const disk = runs * cost.bytes;
  const free = Number.isNaN(freeBytes)
    ? ''
    : `; ${byteCount(freeBytes)} free${disk > freeBytes ? ', WHICH IS NOT ENOUGH' : ''}`;
  const limit = (plan.parts * cores * wallTime) / 3600;
  const bound = plan.requeues > 0 ? '' : `; the wall time bounds it by ${limit.toPrecision(3)}`;
  const lines: [string, string][] = [
    ['runs', `${total} in all: ${stored} stored, ${queued} in the queue, ${runs} to send`],
    ['time of a run', `${shortTime(cost.seconds)} of one core (${source})`],
    ['partition', partition?.name ?? 'unknown: no Slurm on this machine'],
    ['tasks', tasksLine(resources)],
    ['cores', `${cores} a task`],
    ['wall time', wallTimeLine(resources)],
    ['core-hours', `about ${plan.coreHours.toPrecision(3)}${bound}`],
    ['disk', `${cost.storedRuns > 0 ? 'about' : 'at most'} ${byteCount(disk)} in ${count(runs, 'file')}${free}`],
  ];
  return lines.map(([name, text]) => `  ${name.padEnd(14)} ${text}\n`).join('');
}
