// Observers on stored weights: they measure at frames of a run that was computed before, instead of stepping. The same events as from a run, so that
// everything behind it works alike.
import { Observable } from 'rxjs';
import type { Block } from '../contracts/model.js';
import { EigenflowError } from '../errors.js';
import type { RunConfig } from '../scenario/resolve.js';
import { nextTurn } from './next-turn.js';
import {
  type AttachedObserver,
  bytesOfFrame,
  channelRecords,
  frameCounts,
  openSnapshotStream,
  storedBytesOfFrame,
} from './observers.js';
import type { RunContext, RunEvent } from './run.js';
import { createSimulation, type Simulation } from './simulation.js';

/** Weights along a run at the times at which they were stored, ascending. */
export interface Trajectory {
  readonly step: ArrayLike<number>;
  readonly time: ArrayLike<number>;
  /** All weights of frame k, in the order of the parameter vector. */
  theta(k: number): Float64Array;
}

/** Whether stored weights tell what the observer prepares for a frame. */
const isPrepared = ({ observer }: AttachedObserver, step: number, stored: ReadonlySet<number>) =>
  (observer.preparedAt?.(step) ?? []).every((earlier) => stored.has(earlier));

/** Far beyond every time that somebody names. */
const FAR = 2 ** 40;

/** Whether a frame is prepared at steps that move with it, and not at fixed ones. */
const isAlongPath = ({ observer: { preparedAt } }: AttachedObserver) =>
  preparedAt !== undefined && String(preparedAt(FAR)) !== String(preparedAt(FAR + 1));

/**
 * @param stored steps of the frames; none where they are not known yet
 * @throws EigenflowError `component` for an observer that could measure at none of them
 */
function refuseAlongPath(attached: AttachedObserver, stored: ReadonlySet<number>): void {
  const canMeasure =
    stored.size === 0 ? !isAlongPath(attached) : [...stored].some((step) => isPrepared(attached, step, stored));
  if (canMeasure) return;
  throw new EigenflowError(
    'component',
    `observers.${attached.name}`,
    'measures along the path between two frames, which stored weights do not tell; run the scenario with it',
  );
}

/** @throws EigenflowError `component` for an observer that would measure something else than in the run */
function refuseInexact(attached: AttachedObserver, stored: ReadonlySet<number>, { tookPath }: Simulation): void {
  const refuse = (reason: string) => {
    const message = `${reason}, which stored weights do not tell; the run is computed with it`;
    throw new EigenflowError('component', `observers.${attached.name}`, message);
  };
  if (tookPath) refuse('asks for the state of the optimiser, for losses along the run or for shadow trajectories');
  if (![...stored].every((step) => isPrepared(attached, step, stored))) refuse('refers to steps without a frame');
}

/** Who observes, and how. */
export interface StoredContext extends Pick<RunContext, 'registry' | 'memory' | 'load'> {
  /** Refuse observers whose frames would differ from those that the run itself would have measured. Default: false. */
  readonly exactly?: boolean;
}

/**
 * The model is built from the run's configuration and seed, and the observers are created at its initial weights. Then every
 * frame of the trajectory is put in place and all observers measure it, whatever their triggers: with the same bits as in
 * the run, for all that depends on weights and time alone. What only stepping knows is NaN: vectors of the optimiser, sums
 * along the run. An observer prepares at those of its steps that have a frame.
 *
 * @param config with the observers to evaluate
 * @param trajectory of the trained blocks, which only the model knows
 * @returns manifest, snapshots, and done with the status `completed`
 */
export function observeStored(
  config: RunConfig,
  trajectory: (layout: readonly Block[]) => Trajectory,
  { registry, memory, load, exactly = false }: StoredContext,
): Observable<RunEvent> {
  return new Observable<RunEvent>((subscriber) => {
    const simulation = memory.withRoom((workspace) => createSimulation(config, registry, workspace, load));
    const { generation } = memory;
    memory.current.arena.seal();
    const { clock, model, observers } = simulation;
    const path = trajectory(model.layout);
    const stored: ReadonlySet<number> = new Set(Array.from(path.step));
    const check = () => {
      if (exactly) for (const attached of observers) refuseInexact(attached, stored, simulation);
    };
    for (const attached of observers) refuseAlongPath(attached, stored);
    check();
    const prepared = new Map(
      observers.map(({ name, observer }) => [
        name,
        new Set([...stored].flatMap((step) => observer.preparedAt?.(step) ?? [])),
      ]),
    );
    const records = channelRecords(observers, config);
    const stream = openSnapshotStream(clock, observers, records, subscriber, () => {});
    const frames = path.step.length;

    subscriber.next({
      type: 'manifest',
      channels: records,
      steps: simulation.steps,
      stepsPerEpoch: simulation.stepsPerEpoch,
      frameTimes: () => Array.from(path.time),
      // Stored weights say nothing of what moved them.
      declaredAtFrames: () => Array.from(path.time, () => ({ temperature: Number.NaN })),
      frameCounts: frameCounts(observers, () => frames),
      weights: model.size,
      frameBytes: frames * observers.reduce((bytes, attached) => bytes + bytesOfFrame(attached), 0),
      storedBytes: frames * observers.reduce((bytes, attached) => bytes + storedBytesOfFrame(attached), 0),
    });

    let callOff = () => {};
    const look = (k: number) => {
      try {
        if (memory.generation !== generation) {
          const message = 'another run was started on the same memory; start it when this one has ended';
          throw new EigenflowError('contract', 'observeStored', message);
        }
        if (k === frames) {
          check();
          stream.complete();
          subscriber.next({ type: 'done', status: 'completed', step: clock.step });
          subscriber.complete();
          return;
        }
        simulation.place(path.theta(k), path.step[k], path.time[k]);
        for (const { name } of observers) {
          stream.measure(name);
          if (prepared.get(name)?.has(clock.step)) stream.prepare(name);
        }
        if (!subscriber.closed) callOff = nextTurn(() => look(k + 1));
      } catch (error) {
        subscriber.error(error);
      }
    };
    if (!subscriber.closed) look(0);
    return () => callOff();
  });
}
