// How the array jobs of a folder stand: what the queue says, held against the runs that are there.
import { deal } from '../study/partition.js';
import type { QueuedTask } from './queue.js';
import type { Submission } from './submission.js';

export interface ArrayStates {
  readonly job: string;
  /** Folder with its script and logs. */
  readonly folder: string;
  readonly tasks: number;
  /** Tasks in the queue, by state and reason: `RUNNING`, `PENDING (Priority)`. */
  readonly states: ReadonlyMap<string, number>;
  /** Tasks that have ended, whatever they left. */
  readonly ended: number;
  /** Of these, the ones that left runs of their part open. */
  readonly unfinished: readonly number[];
}

const stateOf = ({ state, reason }: QueuedTask) =>
  state === 'PENDING' && reason !== 'None' ? `pending (${reason})` : state.toLowerCase();

/** @param isOpen whether a run is still to be computed, and by no task in the queue */
export function jobStatesOf(
  submissions: readonly Submission[],
  queue: readonly QueuedTask[],
  isOpen: (id: string) => boolean,
): ArrayStates[] {
  return submissions.flatMap(({ folder, runs, parts, arrays }) => {
    const dealt = deal(runs, parts);
    return arrays.flatMap(({ job, first, tasks }): ArrayStates[] => {
      if (job === undefined) return [];
      const here = queue.filter((entry) => entry.job === job);
      const active = new Set(here.map(({ task }) => task));
      const states = new Map<string, number>();
      for (const entry of here) states.set(stateOf(entry), (states.get(stateOf(entry)) ?? 0) + 1);
      const ended = Array.from({ length: tasks }, (_, task) => task).filter((task) => !active.has(task));
      const unfinished = ended.filter((task) => dealt[first + task]?.some(isOpen));
      return [{ job, folder, tasks, states, ended: ended.length, unfinished }];
    });
  });
}
