// The native player leaves the bits of WebAssembly, whatever compiler and width: kernels one by one on hostile
// numbers, and long trajectories. Left out, with a message, where there is no C compiler.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../core/kernels/arena.js';
import { hasSameBits } from '../../node/native/self-check.js';
import { type Contenders, compileContenders, compiler, unless } from './contenders.js';
import { fuzz } from './fuzz.js';
import { memoryAfter, SHAPES, type Shape } from './trajectories.js';

const COMPARISONS = 100_000;
/** Steps of the published network. */
const MANY = 1_000_000;
const COMPILING = 120_000;
const LONG = 180_000;

describe.skipIf(compiler === undefined)(`the native player${unless}`, () => {
  let contenders: Contenders;
  beforeAll(() => {
    contenders = compileContenders();
  }, COMPILING);
  afterAll(() => contenders?.remove());

  it(
    'makes every kernel to the same bits on zeros of both signs, subnormal, huge and infinite numbers and NaN',
    () => {
      const { compared, differing } = fuzz(contenders.players, Math.ceil(COMPARISONS / contenders.players.length), 1);
      expect(differing).toEqual([]);
      expect(compared).toBeGreaterThanOrEqual(COMPARISONS);
    },
    LONG,
  );

  it('is found out when products and sums are contracted', () => {
    if (!contenders.fused) return;
    expect(fuzz([contenders.fused], 500, 1).differing.length).toBeGreaterThan(100);
    expect(hasSameBits(contenders.fused)).toBe(false);
    expect(contenders.players.map(hasSameBits)).toEqual(contenders.players.map(() => true));
  });

  it.each(SHAPES.map((shape) => [JSON.stringify(shape), shape] as const))(
    'follows the trajectory of %s',
    (_, shape) => {
      const wasm = memoryAfter(shape);
      expect(wasm.moved).toBe(true);
      expect(Number.isFinite(wasm.loss)).toBe(true);
      for (const player of contenders.players) {
        expect(Buffer.compare(memoryAfter(shape, player).memory, wasm.memory), player.name).toBe(0);
      }
    },
    LONG,
  );

  it(
    'follows the published step for a million steps',
    () => {
      const published: Shape = {
        rows: 16,
        cols: 32,
        batch: 4,
        outputs: 1,
        activation: 'tanh',
        update: 'descend',
        steps: MANY,
      };
      const wasm = memoryAfter(published);
      expect(wasm.moved).toBe(true);
      const [widest] = contenders.players;
      expect(Buffer.compare(memoryAfter(published, widest).memory, wasm.memory)).toBe(0);
    },
    LONG,
  );

  it('makes variates of any number to the same bits', () => {
    for (const player of contenders.players) {
      const [a, b] = [undefined, player].map((made) => openWorkspace(2 ** 21, 'strict', made));
      for (const n of [64, 65, 66, 71, 100, 1000, 20_001]) {
        for (const kind of ['normals', 'uniforms'] as const) {
          const [x, y] = [a, b].map(({ arena, kernels }) => {
            arena.clear();
            const out = arena.vector(n);
            kernels[kind](n, 2 ** 32 - n, 7, 2 ** 31, 1, n, out);
            return Buffer.from(out.buffer as ArrayBuffer, out.byteOffset, 8 * n);
          });
          expect(Buffer.compare(x, y), `${player.name}, ${n} ${kind}`).toBe(0);
        }
      }
    }
  });
});
