// What an observer promises: described channels, complete frames, and a run that goes on as if nobody had looked.
import { from } from 'rxjs';
import type { Channel, Observer, Snapshot } from '../contracts/observer.js';
import type { Vector } from '../contracts/vector.js';
import type { SimulationState } from '../engine/checkpoint.js';
import { makeAgenda } from '../engine/frame-times.js';
import type { Simulation } from '../engine/simulation.js';
import { refusePromise } from '../plugin/promise.js';
import { type Check, ensure, type Marked, markedFrame, sameBits } from './check.js';
import { OBSERVER, type Place, STEPS, type Subject, simulate } from './stage.js';

/** Steps from the first frame to each of the others: closer than the lead of most observers along a path. */
const FRAMES = [0, 2, 5];

type Frame = Readonly<Record<string, Vector>>;

interface Opened {
  readonly simulation: Simulation;
  readonly observer: Observer;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly buffers: Readonly<Record<string, Marked<Vector>>>;
  readonly lead: number;
  /** Step of the first frame. */
  readonly first: number;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

function open(subject: Subject, place: Place = 0): Opened {
  const { simulation, arena } = simulate(subject, place);
  const observer = simulation.observers.get(OBSERVER);
  ensure(observer !== undefined, 'create returns nothing');
  const channels = observer.attach(simulation.view);
  arena.seal();
  const lead = observer.lead ?? 0;
  ensure(Number.isInteger(lead) && lead >= 0, `lead is ${lead}, expected a whole number of steps`);
  ensure(lead + FRAMES[FRAMES.length - 1] < STEPS, `lead is ${lead}, too long for the ${STEPS} steps of this test`);
  const buffers = Object.fromEntries(
    Object.entries(channels).map(([name, { shape }]) => [name, markedFrame(sizeOf(shape))]),
  );
  return { simulation, observer, channels, buffers, lead, first: Math.max(lead, 2) };
}

function observe({ observer, simulation, buffers }: Opened): Frame {
  const out: Record<string, Vector> = {};
  for (const [name, buffer] of Object.entries(buffers)) {
    buffer.mark();
    out[name] = buffer.values;
  }
  refusePromise('observer', 'observe', observer.observe(simulation.view, out));
  return Object.fromEntries(Object.entries(out).map(([name, values]) => [name, values.slice()]));
}

/**
 * Advances the run through the given frames, preparing as the engine does.
 *
 * @param until stops before this step; default: after the last frame, whatever waypoints come later
 * @returns what was measured, by step
 */
function measure(opened: Opened, steps: readonly number[], until = Math.max(...steps) + 1): Map<number, Frame> {
  const { simulation, observer } = opened;
  const frames = new Map<number, Frame>();
  for (const { step, prepare, observe: observed } of makeAgenda(
    new Map([[OBSERVER, steps]]),
    new Map([[OBSERVER, observer]]),
  )) {
    if (step < simulation.clock.step || step >= until) continue;
    simulation.advance(step);
    if (observed.length > 0) frames.set(step, observe(opened));
    if (prepare.length > 0) refusePromise('observer', 'prepare', observer.prepare?.(simulation.view));
  }
  return frames;
}

const allFrames = ({ first }: Opened) => FRAMES.map((offset) => first + offset);

function ensureSame(a: Frame | undefined, b: Frame | undefined, message: string): void {
  ensure(a !== undefined && b !== undefined, 'a frame is missing');
  for (const name of Object.keys(a)) ensure(sameBits(a[name], b[name]), `channel ${name} ${message}`);
}

function checkChannel(name: string, { shape, dims, unit, doc }: Channel): void {
  ensure(/^[A-Za-z][A-Za-z0-9_-]*$/.test(name), `"${name}" is no name for a channel: letters, digits, - and _ only`);
  const whole = shape.every((length) => Number.isInteger(length) && length >= 0);
  ensure(whole, `channel ${name}: shape [${shape}] needs whole numbers`);
  ensure(dims.length === shape.length, `channel ${name}: ${shape.length} axes and ${dims.length} dims`);
  ensure(new Set(dims).size === dims.length && dims.every((dim) => dim !== ''), `channel ${name}: dims need names`);
  ensure(unit !== '' && unit !== undefined, `channel ${name} has no unit; write '1' when it is dimensionless`);
  ensure(doc !== '' && doc !== undefined, `channel ${name} has no doc`);
}

/** Everything that an observer may look at and must not touch. */
function visible({ simulation: { view } }: Opened): readonly Vector[] {
  return [view.theta, ...Object.values(view.optimiserState)].map((vector) => vector.slice());
}

function snapshotsOf({ channels }: Opened, frames: ReadonlyMap<number, Frame>): Snapshot[] {
  return [...frames].flatMap(([step, frame]) =>
    Object.entries(channels).map(([name, { shape }]) => ({
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
        const { channels, observer } = open(subject);
        ensure(Object.keys(channels).length > 0, 'attach names no channel');
        for (const [name, channel] of Object.entries({ ...channels, ...observer.derived })) checkChannel(name, channel);
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
        const { step, time } = simulation.clock;
        observer.prepare?.(simulation.view);
        observe(opened);
        visible(opened).forEach((vector, i) => {
          ensure(sameBits(vector, before[i]), i === 0 ? 'changes the weights' : "changes the optimiser's state");
        });
        ensure(simulation.clock.step === step && simulation.clock.time === time, 'changes the clock');
      },
    },
    {
      name: 'leaves the run as it would be without it',
      run() {
        const watched = open(subject, 0);
        measure(watched, allFrames(watched));
        const end = watched.first + 10;
        watched.simulation.advance(end);
        const alone = simulate(subject, 1).simulation;
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
      name: 'prepares when it has a lead or waypoints, and only then',
      run() {
        const { observer, lead } = open(subject);
        ensure(lead === 0 || observer.prepare !== undefined, `has a lead of ${lead} steps but no prepare`);
        const called = lead > 0 || (observer.waypoints?.length ?? 0) > 0;
        ensure(called || observer.prepare === undefined, 'has prepare but neither lead nor waypoints to call it');
      },
    },
    {
      name: 'measures weights that are not finite without throwing',
      run() {
        const opened = open(subject);
        const { simulation, observer } = opened;
        simulation.advance(opened.first - opened.lead);
        if (opened.lead > 0) observer.prepare?.(simulation.view);
        simulation.advance(opened.first);
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
          ensure(sameBits(shape, description.shape), `${channel}: shape [${shape}] instead of [${description.shape}]`);
          ensure(data.length === sizeOf(shape), `${channel}: ${data.length} numbers for the shape [${shape}]`);
        }
      },
    },
  ];
}
