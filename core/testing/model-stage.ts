// A model that is wired, with weights and a batch, for the checks of what it promises.
import type { Arena } from '../contracts/environment.js';
import type { Model, ModelPass } from '../contracts/model.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { carveRoom, ensure, type Marked, markedVector, sameBits } from './check.js';
import { type Place, type Subject, type Wired, wire } from './stage.js';

/** Samples of a batch. */
export const BATCH = 7;
/** Largest relative difference of sums that are formed in another order. */
export const ROUNDING = 1e-11;

export interface Opened extends Wired {
  /** For the vectors of the tests: the arena is sealed. */
  readonly room: Arena;
  readonly model: Model;
  /** Opened for a batch. */
  readonly pass: ModelPass;
  /** Passes of other capacities, opened after it. */
  readonly others: readonly ModelPass[];
  readonly theta: Marked<Vector>;
  /** First and last sample, some in between, one of them twice. */
  readonly batch: Indices;
}

/** Numbers that one check computes at most, generously. */
function roomFor({ size, outputs, heldOut }: Model): number {
  const held = heldOut ? heldOut.samples * (outputs + heldOut.features) : 0;
  return 10_000 + 60 * (size + BATCH * outputs) + 10 * held;
}

/** @param capacities of other passes */
export function open(subject: Subject, place: Place = 0, capacities: readonly number[] = []): Opened {
  const wired = wire(subject, place);
  const { model } = wired.components;
  const pass = model.open(BATCH);
  const others = capacities.map((capacity) => model.open(capacity));
  const room = carveRoom(wired.arena, roomFor(model));
  wired.arena.seal();
  const theta = markedVector(room, model.size);
  model.initialise(theta.values);
  const batch = room.indices(BATCH);
  const last = Math.min(model.samples, 1000) - 1;
  for (let i = 0; i < BATCH; i++) batch[i] = i === 1 ? 0 : Math.floor((last * i) / (BATCH - 1));
  return { ...wired, room, model, pass, others, theta, batch };
}

/** Calls `compute` twice on marked vectors: it must fill them, the same way each time, and change no weight. */
export function checkPure(
  what: string,
  length: number,
  { room, theta }: Opened,
  compute: (out: Vector) => void,
): Vector {
  const before = theta.values.slice();
  const [first, second] = [markedVector(room, length), markedVector(room, length)];
  compute(first.values);
  compute(second.values);
  ensure(first.written() === length, `${what} leaves some of its ${length} numbers unwritten`);
  ensure(first.intact(), `${what} writes beyond its ${length} numbers`);
  ensure(sameBits(first.values, second.values), `${what} gives other numbers when it is called again`);
  ensure(sameBits(theta.values, before) && theta.intact(), `${what} changes the weights`);
  return first.values;
}
