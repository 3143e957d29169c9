// What an observer promises: described channels, complete frames, and a run that goes on as if nobody had looked.
import { from } from 'rxjs';
import type { Channel, Observer, Snapshot } from '../contracts/observer.js';
import type { Vector } from '../contracts/vector.js';
import type { SimulationState } from '../engine/checkpoint.js';
import { planFrames } from '../engine/frame-times.js';
import type { Simulation } from '../engine/simulation.js';
import { refusePromise } from '../plugin/create-component.js';
import { canonical } from '../scenario/identity.js';
import { type Check, ensure, type Marked, markedFrame, sameBits } from './check.js';
import { OBSERVER, type Place, STEPS, type Subject, simulate, simulateUnwatched } from './stage.js';

/** Steps from the first frame to each of the others: closer than most observers along a path look back. */
const FRAMES = [0, 2, 5];

/** Steps for which `preparedAt` is asked; at the first ones, some observers need steps before the start. */
const ASKED = [0, 1, 2, 3, 10, 100, STEPS];

type Frame = Readonly<Record<string, Vector>>;

interface Opened {
  readonly simulation: Simulation;
  readonly observer: Observer;
  readonly buffers: Readonly<Record<string, Marked<Vector>>>;
  /** Step of the first frame: from there on, all of them can be measured. */
  readonly first: number;
}

const sizeOf = (shape: readonly number[] = []) => shape.reduce((product, length) => product * length, 1);

/** The first step from which on frames need nothing from before the start. */
function firstFrame(observer: Observer): number {
  const isWithin = (step: number) => (observer.preparedAt?.(step) ?? []).every((earlier) => earlier >= 0);
  for (let first = 2; first + FRAMES[FRAMES.length - 1] < STEPS; first++) {
    if (FRAMES.every((offset) => isWithin(first + offset))) return first;
  }
  throw new Error(`preparedAt asks for steps before the start, for every frame of the ${STEPS} steps of this test`);
}

function open(subject: Subject, place: Place = 0): Opened {
  const { simulation, arena } = simulate(subject, place);
  arena.seal();
  const { observer } = simulation.observers[0];
  const buffers = Object.fromEntries(
    Object.entries(observer.channels).map(([name, { shape }]) => [name, markedFrame(sizeOf(shape))]),
  );
  return { simulation, observer, buffers, first: firstFrame(observer) };
}

function observe({ observer, buffers }: Opened): Frame {
  const frame: Record<string, Vector> = {};
  for (const [name, buffer] of Object.entries(buffers)) {
    buffer.mark();
    frame[name] = buffer.values;
  }
  refusePromise('observer', 'observe', observer.observe(frame));
  return Object.fromEntries(Object.entries(frame).map(([name, values]) => [name, values.slice()]));
}

/**
 * Advances the run through the given frames, preparing as the engine does.
 *
 * @param until stops before this step; default: after the last frame
 * @returns what was measured, by step
 */
function measure(opened: Opened, steps: readonly number[], until = Math.max(...steps) + 1): Map<number, Frame> {
  const { simulation, observer } = opened;
  const frames = new Map<number, Frame>();
  const times = planFrames(new Map([[OBSERVER, steps]]), new Map([[OBSERVER, observer]]));
  for (const { step, prepare, observe: observed } of times) {
    if (step < simulation.clock.step || step >= until) continue;
    simulation.advance(step);
    if (observed.length > 0) frames.set(step, observe(opened));
    if (prepare.length > 0) refusePromise('observer', 'prepare', observer.prepare?.());
  }
  return frames;
}

const allFrames = ({ first }: Opened) => FRAMES.map((offset) => first + offset);

function ensureSame(a: Frame | undefined, b: Frame | undefined, message: string): void {
  ensure(a !== undefined && b !== undefined, 'a frame is missing');
  for (const name of Object.keys(a)) ensure(sameBits(a[name], b[name]), `channel ${name} ${message}`);
}

function checkChannel(name: string, { shape = [], dims = [], unit, doc }: Channel): void {
  ensure(/^[A-Za-z][A-Za-z0-9_-]*$/.test(name), `"${name}" is no name for a channel: letters, digits, - and _ only`);
  const whole = shape.every((length) => Number.isInteger(length) && length >= 0);
  ensure(whole, `channel ${name}: shape [${shape}] needs whole numbers`);
  ensure(dims.length === shape.length, `channel ${name}: ${shape.length} axes and ${dims.length} dims`);
  ensure(new Set(dims).size === dims.length && dims.every((dim) => dim !== ''), `channel ${name}: dims need names`);
  ensure(unit !== '' && unit !== undefined, `channel ${name} has no unit; write '1' when it is dimensionless`);
  ensure(doc !== '' && doc !== undefined, `channel ${name} has no doc`);
}

/** Everything that an observer may look at and must not touch, weights and clock first. */
function visible({ simulation: { view } }: Opened): readonly Vector[] {
  const { clock, theta, lossSum, optimiserState } = view;
  const numbers = Float64Array.of(clock.step, clock.time, clock.stepSize);
  return [theta, numbers, lossSum, ...Object.values(optimiserState)].map((vector) => vector.slice());
}

function snapshotsOf({ observer }: Opened, frames: ReadonlyMap<number, Frame>): Snapshot[] {
  return [...frames].flatMap(([step, frame]) =>
    Object.entries(observer.channels).map(([name, { shape = [] }]) => ({
      channel: `${OBSERVER}.${name}`,
      step,
      epoch: 0,
      time: 0,
      shape,
      data: frame[name].slice(),
    })),
  );
}

/** What `derive` makes of the observer's own snapshots. Collected: RxJS does not pass on what a subscriber throws. */
function emitted(observer: Observer, own: readonly Snapshot[]): readonly Snapshot[] {
  const snapshots: Snapshot[] = [];
  const errors: unknown[] = [];
  const subscription = observer.derive?.(from(own)).subscribe({
    next: (snapshot) => snapshots.push(snapshot),
    error: (error: unknown) => errors.push(error),
  });
  for (const error of errors) throw error;
  ensure(
    subscription?.closed ?? true,
    'derive is still open after the last frame: what it emits later is lost; no delay, timer or promise in it',
  );
  return snapshots;
}

export function observerChecks(subject: Subject): readonly Check[] {
  return [
    {
      name: 'describes its channels',
      run() {
        const { channels, derived } = open(subject).observer;
        ensure(Object.keys(channels).length > 0, 'there is no channel');
        for (const [name, channel] of Object.entries({ ...channels, ...derived })) checkChannel(name, channel);
      },
    },
    {
      name: 'fills every channel and nothing else',
      run() {
        const opened = open(subject);
        const frames = measure(opened, allFrames(opened));
        ensure(frames.size === FRAMES.length, 'a frame is missing');
        for (const frame of frames.values()) {
          for (const [name, values] of Object.entries(frame)) {
            const buffer = opened.buffers[name];
            ensure(
              buffer.written() === values.length,
              `channel ${name}: some of its ${values.length} numbers are not written`,
            );
            ensure(buffer.intact(), `channel ${name}: writes beyond its ${values.length} numbers`);
          }
        }
      },
    },
    {
      name: 'changes nothing that it looks at',
      run() {
        const opened = open(subject);
        const { simulation, observer } = opened;
        simulation.advance(opened.first);
        const before = visible(opened);
        observer.prepare?.();
        observe(opened);
        visible(opened).forEach((vector, i) => {
          const what = ['the weights', 'the clock', 'the sum of losses'][i] ?? "the optimiser's state";
          ensure(sameBits(vector, before[i]), `changes ${what}`);
        });
      },
    },
    {
      name: 'keeps its channels as they are',
      run() {
        const opened = open(subject);
        const { observer } = opened;
        const described = () => canonical({ ...observer.channels, ...observer.derived });
        const before = described();
        measure(opened, allFrames(opened));
        ensure(
          described() === before,
          'describes other channels after the frames; they are what results are stored by',
        );
      },
    },
    {
      name: 'leaves the run as it would be without it',
      run() {
        const watched = open(subject, 0);
        measure(watched, allFrames(watched));
        const end = watched.first + 10;
        watched.simulation.advance(end);
        const alone = simulateUnwatched(subject, 1);
        alone.advance(end);
        ensure(
          sameBits(watched.simulation.view.theta, alone.view.theta),
          'the run takes another way when it is watched',
        );
      },
    },
    {
      name: 'gives the same bits again',
      run() {
        const [first, second] = [open(subject, 0), open(subject, 1)];
        const again = measure(second, allFrames(second));
        for (const [step, frame] of measure(first, allFrames(first))) {
          ensureSame(frame, again.get(step), 'differs in a second instance');
        }
      },
    },
    {
      name: 'measures each frame independently of the others',
      run() {
        const many = open(subject, 0);
        for (const [step, frame] of measure(many, allFrames(many))) {
          const alone = measure(open(subject, 1), [step]).get(step);
          ensureSame(frame, alone, 'depends on which other steps are measured');
        }
      },
    },
    {
      name: 'goes on from a checkpoint',
      run() {
        const straight = open(subject, 0);
        const steps = allFrames(straight);
        const middle = straight.first + 1;
        measure(straight, steps, middle);
        straight.simulation.advance(middle);
        const checkpoint: SimulationState = straight.simulation.capture();

        const resumed = open(subject, 1);
        resumed.simulation.restore(checkpoint);
        const found = measure(resumed, steps);
        for (const [step, frame] of measure(straight, steps)) {
          ensureSame(frame, found.get(step), 'differs after a checkpoint: something is remembered outside `state`');
        }
      },
    },
    {
      name: 'has prepare where preparedAt calls it, and nowhere else',
      run() {
        const { preparedAt, prepare } = open(subject).observer;
        ensure(preparedAt !== undefined || prepare === undefined, 'has prepare but no preparedAt to say when');
        ensure(prepare !== undefined || preparedAt === undefined, 'has preparedAt but no prepare to be called');
      },
    },
    {
      name: 'is prepared at whole steps up to the frame, the same ones when asked again',
      run() {
        const opened = open(subject);
        const { observer } = opened;
        const ask = () => ASKED.map((step) => [...(observer.preparedAt?.(step) ?? [])]);
        const asked = ask();
        for (const [i, steps] of asked.entries()) {
          const wrong = steps.find((earlier) => !Number.isInteger(earlier) || earlier > ASKED[i]);
          const expected = `expected whole numbers up to ${ASKED[i]}`;
          ensure(wrong === undefined, `preparedAt(${ASKED[i]}) names the step ${wrong}; ${expected}`);
        }
        measure(opened, allFrames(opened));
        for (const [i, again] of ask().entries()) {
          ensure(sameBits(again, asked[i]), `preparedAt(${ASKED[i]}) gives [${asked[i]}] at first, [${again}] later`);
        }
      },
    },
    {
      name: 'measures weights that are not finite without throwing',
      run() {
        const opened = open(subject);
        const { simulation, first } = opened;
        measure(opened, [first], first);
        simulation.advance(first);
        simulation.view.theta.fill(Number.NaN);
        observe(opened);
      },
    },
    {
      name: 'derives the channels that it describes',
      run() {
        const opened = open(subject);
        const { observer } = opened;
        ensure(
          (observer.derive === undefined) === (observer.derived === undefined),
          'derive and derived come together',
        );
        const described = new Map(
          Object.entries(observer.derived ?? {}).map(([name, channel]) => [`${OBSERVER}.${name}`, channel]),
        );
        const own = snapshotsOf(opened, measure(opened, allFrames(opened)));
        for (const { channel, shape, data } of emitted(observer, own)) {
          const description = described.get(channel);
          ensure(description !== undefined, `derive emits ${channel}, which \`derived\` does not describe`);
          const expected = description.shape ?? [];
          ensure(sameBits(shape, expected), `${channel}: shape [${shape}] instead of [${expected}]`);
          ensure(data.length === sizeOf(shape), `${channel}: ${data.length} numbers for the shape [${shape}]`);
        }
      },
    },
  ];
}
