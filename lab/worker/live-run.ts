// A run that is watched: paced by the page, looked at between slices, with its own frames left as they are.
import type { Subscription } from 'rxjs';
import type { Registry } from '../../core/container.js';
import type { Snapshot } from '../../core/contracts/observer.js';
import { run } from '../../core/engine/run.js';
import { createSimulation } from '../../core/engine/simulation.js';
import { messageOf } from '../../core/errors.js';
import { openMemory } from '../../core/kernels/arena.js';
import type { ArrayLoader, RunConfig } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { BETAS, type Beta } from '../../core/theory/random-matrix/wigner-surmise.js';
import type { LiveEvent, LiveFrame, LiveStart, Place, Reading, Speed, Watch } from '../protocol.js';
import { type Looking, prepareLooking } from './looking.js';
import { openPacer, type Pacer, PICTURE, STRIDE } from './pacer.js';
import { runAt } from './place.js';
import { registryToWatch } from './plugins.js';
import { openStepLimit } from './step-limit.js';

const memory = openMemory();

/** The part of the time that may go into looking. */
const SHARE = 0.3;
/** Steps that are seen one by one, and then by what they add to those before. */
const EARLY = 1000;

export interface LiveRun {
  setSpeed(speed: Speed): void;
  step(count: number): void;
  /** Lets it go no further than to this step; Infinity lets it go. */
  holdAt(step: number): void;
  stop(): void;
}

const readingOf = ({ channel, shape, data }: Snapshot): Reading => ({ channel, shape, data });

/** Law of levels of random entries with the variance of these. */
function startLaw({ shape: [rows, cols], data }: Reading): LiveStart['startLaw'] {
  const entryVariance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
  return rows > 1 && cols > 1 && entryVariance > 0 ? { rows, cols, entryVariance } : undefined;
}

/** What a model of levels says of its own. */
function betaOf({ model }: RunConfig): Beta {
  const beta = model.params.beta as Beta;
  return BETAS.includes(beta) ? beta : 1;
}

/**
 * Observers that look, each as often as its cost allows: a picture needs not all of them.
 *
 * @param now milliseconds
 */
function createLooker(names: readonly string[], now: () => number) {
  const known = names.map((name) => ({ name, cost: 0, next: 0 }));
  return (look: (observer: string) => readonly Snapshot[], isDue: (observer: string) => boolean): Reading[] =>
    known.flatMap((observer) => {
      const before = now();
      if (!isDue(observer.name) && before < observer.next) return [];
      const readings = look(observer.name).map(readingOf);
      const after = now();
      observer.cost = after - before;
      observer.next = after + (observer.cost * known.length) / SHARE - PICTURE;
      return readings;
    });
}

interface LiveTools {
  readonly load: ArrayLoader;
  readonly speed: Speed;
  /** Hears `start`, frames, and `end` or `failed`, in this order. */
  readonly on: (event: LiveEvent) => void;
}

/** Starts a run to watch; nothing of it is stored. */
export function openLiveRun(
  scenario: Scenario,
  place: Place,
  { block: wanted }: Watch,
  { load, speed, on }: LiveTools,
): LiveRun {
  const pacer: Pacer = openPacer();
  pacer.setSpeed(speed);
  const limit = openStepLimit(pacer.pace);
  let subscription: Subscription | undefined;
  let stopped = false;
  const fail = (error: unknown) => on({ type: 'failed', message: messageOf(error) });

  const begin = async () => {
    const registry = await registryToWatch(scenario.plugins);
    if (stopped) return;
    const config = runAt(scenario, place, registry, load);
    const tools = { registry, memory, load };
    const { layout } = memory.withRoom((workspace) => createSimulation(config, registry, workspace, load)).model;
    const matrices = layout
      .filter(({ rows, cols }) => rows > 1 && cols > 1)
      .sort((a, b) => b.rows * b.cols - a.rows * a.cols);
    const names = matrices.map(({ name }) => name);
    const inOrder = matrices.sort((a, b) => Number(b.name === wanted) - Number(a.name === wanted));
    const looking = prepareLooking(config, tools, inOrder);
    watch(looking, names, registry);
  };

  const watch = (looking: Looking, blocks: readonly string[], registry: Registry) => {
    const look = createLooker(looking.observers, () => performance.now());
    let started = false;
    let endTime = Number.NaN;
    let last = Number.NEGATIVE_INFINITY;
    let lastStep = -1;
    const frame = (step: number, snapshots: readonly Reading[], at: { epoch: number; time: number }): LiveFrame => ({
      step,
      ...at,
      readings: snapshots,
    });
    const show = (step: number, lookAt: (observer: string) => readonly Snapshot[], isAwaited: boolean) => {
      let at = { epoch: Number.NaN, time: Number.NaN };
      const noted = (observer: string) => {
        const snapshots = lookAt(observer);
        if (snapshots.length > 0) at = { epoch: snapshots[0].epoch, time: snapshots[0].time };
        return snapshots;
      };
      // All that there is at first; then the large panel misses no early frame, whatever a look costs.
      const readings = look(
        noted,
        (observer) => !started || (isAwaited && looking.roles.levels?.startsWith(`${observer}.`) === true),
      );
      if (!started) {
        started = true;
        on({ ...startOf(looking, readings), blocks, endTime });
      }
      if (readings.length > 0) on({ type: 'frame', frame: frame(step, readings, at) });
    };
    let ended: ReadonlyMap<string, Snapshot> = new Map();
    subscription = run(looking.config, { registry, memory, load, pace: limit.pace }).subscribe({
      next(event) {
        if (event.type === 'manifest') {
          endTime = looking.observers.flatMap(event.frameTimes).at(-1) ?? Number.NaN;
        } else if (event.type === 'progress') {
          const now = performance.now();
          // By steps at the start, where a picture holds decades of them; by time later.
          const isEarly = event.step > lastStep * (1 + STRIDE) && event.step < EARLY;
          // Whoever waits for this run has to see that it waits.
          const isHeld = limit.isReached(event.step) && event.step > lastStep;
          if (!isEarly && !isHeld && now - last < PICTURE) return;
          last = now;
          show(event.step, event.look, isEarly || isHeld);
          lastStep = event.step;
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
    holdAt: limit.setLimit,
    stop() {
      stopped = true;
      pacer.close();
      subscription?.unsubscribe();
    },
  };
}

function startOf(
  { manifest, config, roles, channels, missing, block }: Looking,
  readings: readonly Reading[],
): Omit<LiveStart, 'blocks' | 'endTime'> {
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
    beta: betaOf(config),
    ...(block && { block }),
    ...(weights && { startLaw: startLaw(weights) }),
    ...(target && { targetLevels: [...target.data] }),
    ...(declared && Number.isFinite(declared.temperature) && { temperature: declared.temperature }),
  };
}
