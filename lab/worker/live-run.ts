// A run that is watched: paced by the page, looked at between slices, with its own frames left as they are.
import type { Subscription } from 'rxjs';
import type { Snapshot } from '../../core/contracts/observer.js';
import { run } from '../../core/engine/run.js';
import { createSimulation } from '../../core/engine/simulation.js';
import { messageOf } from '../../core/errors.js';
import { openMemory } from '../../core/kernels/arena.js';
import type { ArrayLoader } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { marchenkoPasturEdges } from '../../core/theory/random-matrix/marchenko-pastur.js';
import type { LiveEvent, LiveFrame, LiveStart, Place, Reading, Speed } from '../protocol.js';
import { LOOKING_PLUGINS, type Looking, prepareLooking } from './looking.js';
import { openPacer, type Pacer, PICTURE } from './pacer.js';
import { runAt } from './place.js';
import { registryOf } from './plugins.js';

const memory = openMemory();

/** The part of the time that may go into looking. */
const SHARE = 0.3;

export interface LiveRun {
  setSpeed(speed: Speed): void;
  step(count: number): void;
  stop(): void;
}

const readingOf = ({ channel, shape, data }: Snapshot): Reading => ({ channel, shape, data });

/** Law of levels of random entries with the variance of these. */
function startLaw({ shape: [rows, cols], data }: Reading): LiveStart['startLaw'] {
  const entryVariance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
  if (rows < 2 || cols < 2 || !(entryVariance > 0)) return undefined;
  const { lower, upper } = marchenkoPasturEdges({ rows, cols, entryVariance });
  return { low: lower, high: upper };
}

/**
 * Observers that look, each as often as its cost allows: a picture needs not all of them.
 *
 * @param now milliseconds
 */
function createLooker(names: readonly string[], now: () => number) {
  const known = names.map((name) => ({ name, cost: 0, next: 0 }));
  return (look: (observer: string) => readonly Snapshot[], all: boolean): Reading[] =>
    known.flatMap((observer) => {
      const before = now();
      if (!all && before < observer.next) return [];
      const readings = look(observer.name).map(readingOf);
      const after = now();
      observer.cost = after - before;
      observer.next = after + (observer.cost * known.length) / SHARE - PICTURE;
      return readings;
    });
}

/**
 * Starts a run to watch; nothing of it is stored.
 *
 * @param on hears `start`, frames, and `end` or `failed`, in this order
 */
export function openLiveRun(
  scenario: Scenario,
  place: Place,
  load: ArrayLoader,
  speed: Speed,
  on: (event: LiveEvent) => void,
): LiveRun {
  const pacer: Pacer = openPacer();
  pacer.setSpeed(speed);
  let subscription: Subscription | undefined;
  let stopped = false;
  const fail = (error: unknown) => on({ type: 'failed', message: messageOf(error) });

  const begin = async () => {
    const registry = await registryOf([...scenario.plugins, ...LOOKING_PLUGINS]);
    if (stopped) return;
    const config = runAt(scenario, place, registry, load);
    const tools = { registry, memory, load };
    const { layout } = memory.withRoom((workspace) => createSimulation(config, registry, workspace, load)).model;
    const blocks = layout
      .filter(({ rows, cols }) => rows > 1 && cols > 1)
      .sort((a, b) => b.rows * b.cols - a.rows * a.cols)
      .map(({ name }) => name);
    const looking = prepareLooking(config, tools, blocks);
    watch(looking, registry);
  };

  const watch = (looking: Looking, registry: Awaited<ReturnType<typeof registryOf>>) => {
    const look = createLooker(looking.observers, () => performance.now());
    let started = false;
    let last = Number.NEGATIVE_INFINITY;
    const frame = (step: number, snapshots: readonly Reading[], at: { epoch: number; time: number }): LiveFrame => ({
      step,
      ...at,
      readings: snapshots,
    });
    const show = (step: number, lookAt: (observer: string) => readonly Snapshot[], all: boolean) => {
      let at = { epoch: Number.NaN, time: Number.NaN };
      const noted = (observer: string) => {
        const snapshots = lookAt(observer);
        if (snapshots.length > 0) at = { epoch: snapshots[0].epoch, time: snapshots[0].time };
        return snapshots;
      };
      const readings = look(noted, all);
      if (!started) {
        started = true;
        on(startOf(looking, readings));
      }
      if (readings.length > 0) on({ type: 'frame', frame: frame(step, readings, at) });
    };
    let ended: ReadonlyMap<string, Snapshot> = new Map();
    subscription = run(looking.config, { registry, memory, load, pace: pacer.pace }).subscribe({
      next(event) {
        if (event.type === 'progress') {
          const now = performance.now();
          if (now - last < PICTURE && started) return;
          last = now;
          show(event.step, event.look, !started);
        } else if (event.type === 'snapshot' && looking.observers.includes(event.snapshot.channel.split('.')[0])) {
          // What looks measures once more at the end of a run, by its trigger.
          ended = new Map([...ended, [event.snapshot.channel, event.snapshot]]);
        } else if (event.type === 'done') {
          const readings = [...ended.values()];
          if (readings.length > 0) {
            const [{ epoch, time, step }] = readings;
            on({ type: 'frame', frame: frame(step, readings.map(readingOf), { epoch, time }) });
          }
          on({ type: 'end', status: event.status, step: event.step, trajectory: event.trajectory });
        }
      },
      error: fail,
    });
    if (stopped) subscription.unsubscribe();
  };

  begin().catch(fail);
  return {
    setSpeed: pacer.setSpeed,
    step: pacer.step,
    stop() {
      stopped = true;
      pacer.close();
      subscription?.unsubscribe();
    },
  };
}

function startOf({ manifest, roles, channels, missing }: Looking, readings: readonly Reading[]): LiveStart {
  const named = (name: string | undefined) => readings.find(({ channel }) => channel === name);
  const weights = named(roles.weights);
  const target = readings.find(({ channel }) => channel === 'look-target.levels');
  const [declared] = manifest.declaredAtFrames(Object.keys(channels)[0]?.split('.')[0] ?? '');
  return {
    type: 'start',
    steps: manifest.steps,
    stepsPerEpoch: manifest.stepsPerEpoch,
    weights: manifest.weights,
    channels,
    roles,
    missing,
    ...(weights && { startLaw: startLaw(weights) }),
    ...(target && { targetLevels: [...target.data] }),
    ...(declared && Number.isFinite(declared.temperature) && { temperature: declared.temperature }),
  };
}
