// How many tasks a set of runs makes, how they are split over array jobs, and what that takes.

export interface PlanRequest {
  readonly runs: number;
  /** NaN when unknown: then one task for every `cores` runs. */
  readonly secondsPerRun: number;
  /** Cores of one task. */
  readonly cores: number;
  /** Wall time of one task in which it works, seconds. */
  readonly workSeconds: number;
  /** Largest number of tasks in one array. */
  readonly maxArray: number;
  /** Number of tasks, when it is asked for. */
  readonly tasks?: number;
}

export interface PlannedArray {
  /** Part that its task 0 computes. */
  readonly first: number;
  readonly tasks: number;
}

export interface Plan {
  /** Tasks, which is the number of parts. */
  readonly parts: number;
  readonly arrays: readonly PlannedArray[];
  /** Runs of the largest part. */
  readonly runsPerPart: number;
  /** Wall time that the largest part takes, seconds; NaN when unknown. */
  readonly secondsPerPart: number;
  /** Cores x wall time of all tasks, hours, idle cores included; NaN when unknown. */
  readonly coreHours: number;
  /** How often the largest part goes back to the queue because its wall time is over. */
  readonly requeues: number;
}

/** Wall time that a task is given when it may choose: long enough to be worth a start, short enough to find a gap. */
const GOOD_TASK_SECONDS = 3600;

const secondsOf = (runs: number, { cores, secondsPerRun }: PlanRequest) => Math.ceil(runs / cores) * secondsPerRun;

/** @param request whole numbers of at least 1 */
export function planTasks(request: PlanRequest): Plan {
  const { runs, cores, secondsPerRun, workSeconds, maxArray } = request;
  const most = Math.ceil(runs / cores);
  const good = Math.ceil(secondsOf(runs, request) / Math.min(GOOD_TASK_SECONDS, workSeconds));
  const parts = Math.min(
    runs,
    request.tasks ?? (Number.isNaN(secondsPerRun) ? most : Math.max(1, Math.min(most, good))),
  );
  const arrays: PlannedArray[] = [];
  for (let first = 0; first < parts; first += maxArray)
    arrays.push({ first, tasks: Math.min(maxArray, parts - first) });
  const runsPerPart = Math.ceil(runs / parts);
  const larger = runs - parts * (runsPerPart - 1);
  const seconds = larger * secondsOf(runsPerPart, request) + (parts - larger) * secondsOf(runsPerPart - 1, request);
  const secondsPerPart = secondsOf(runsPerPart, request);
  return {
    parts,
    arrays,
    runsPerPart,
    secondsPerPart,
    coreHours: (cores * seconds) / 3600,
    requeues: Math.max(0, Math.ceil(secondsPerPart / workSeconds) - 1) || 0,
  };
}
