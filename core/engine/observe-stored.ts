// A run looked at again: observers measure at stored weights instead of stepping. The same events as from a run, so that
// everything behind it works alike.
import { Observable } from 'rxjs';
import type { Block } from '../contracts/model.js';
import { EigenflowError } from '../errors.js';
import type { RunConfig } from '../scenario/resolve.js';
import { nextTurn } from './next-turn.js';
import {
  bytesOfFrame,
  channelRecords,
  frameCounts,
  openBroadcast,
  openStations,
  type Station,
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

/** @throws EigenflowError `component` for an observer that must see the steps in between */
function refuseAlongPath({ name, observer }: Station): void {
  if ((observer.lead ?? 0) === 0) return;
  throw new EigenflowError(
    'component',
    `observers.${name}`,
    'measures along the path between two frames, which stored weights do not tell; run the scenario with it',
  );
}

/** @throws EigenflowError `component` for an observer that would measure something else than in the run */
function refuseInexact({ name, observer }: Station, { step }: Trajectory, simulation: Simulation): void {
  const refuse = (reason: string) => {
    const message = `${reason}, which stored weights do not tell; the run is computed with it`;
    throw new EigenflowError('component', `observers.${name}`, message);
  };
  if (simulation.tookPath) refuse('asks for the state of the optimiser, for losses along the run or for companions');
  if (Number.isNaN(simulation.timesAt([1])[0])) refuse('may ask for the size of a step');
  const steps = Array.from(step);
  if (!(observer.waypoints ?? []).every((at) => steps.includes(at))) refuse('refers to steps without a frame');
}

/** Who replays, and how. */
export interface ReplayContext extends Pick<RunContext, 'registry' | 'bench' | 'load'> {
  /** Refuse observers whose frames would differ from those that the run itself would have measured. Default: false. */
  readonly exactly?: boolean;
}

/**
 * The model is built from the run's configuration and seed, and the observers attach at its initial weights. Then every
 * frame of the trajectory is put in place and all observers measure it, whatever their triggers: with the same bits as in
 * the run, for all that depends on weights and time alone. What only stepping knows is NaN: vectors of the optimiser, sums
 * along the run. Waypoints are kept where a frame lies on them.
 *
 * @param config with the observers to evaluate
 * @param trajectory of the trained blocks, which only the model knows
 * @returns manifest, snapshots, and done with the status `completed`
 */
export function replay(
  config: RunConfig,
  trajectory: (layout: readonly Block[]) => Trajectory,
  { registry, bench, load, exactly = false }: ReplayContext,
): Observable<RunEvent> {
  return new Observable<RunEvent>((subscriber) => {
    const { simulation, stations } = bench.withRoom((workspace) => {
      const simulation = createSimulation(config, registry, workspace, load);
      return { simulation, stations: openStations(simulation) };
    });
    const { tenancy } = bench;
    stations.forEach(refuseAlongPath);
    bench.current.arena.seal();
    const { view, clock, model } = simulation;
    const path = trajectory(model.layout);
    const check = () => {
      if (exactly) for (const station of stations) refuseInexact(station, path, simulation);
    };
    check();
    const records = channelRecords(stations, config);
    const broadcast = openBroadcast(view, stations, records, subscriber, () => {});
    const frames = path.step.length;

    subscriber.next({
      type: 'manifest',
      channels: records,
      steps: simulation.steps,
      stepsPerEpoch: simulation.stepsPerEpoch,
      frameTimes: () => Array.from(path.time),
      // Stored weights say nothing of what moved them.
      declaredAtFrames: () => Array.from(path.time, () => ({ temperature: Number.NaN })),
      frameCounts: frameCounts(stations, () => frames),
      weights: model.size,
      frameBytes: frames * stations.reduce((bytes, station) => bytes + bytesOfFrame(station), 0),
      storedBytes: frames * stations.reduce((bytes, station) => bytes + storedBytesOfFrame(station), 0),
    });

    let callOff = () => {};
    const look = (k: number) => {
      try {
        if (bench.tenancy !== tenancy) {
          const message = 'another run was started on the same workbench; start it when this one has ended';
          throw new EigenflowError('contract', 'replay', message);
        }
        if (k === frames) {
          check();
          broadcast.complete();
          subscriber.next({ type: 'done', status: 'completed', step: clock.step });
          subscriber.complete();
          return;
        }
        simulation.place(path.theta(k), path.step[k], path.time[k]);
        for (const { name, observer } of stations) {
          broadcast.measure(name);
          if (observer.waypoints?.includes(clock.step)) broadcast.prepare(name);
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
