// The arena: one memory for TypeScript and kernels, carved before the first step and sealed after that.
import { describe, expect, it } from 'vitest';
import { openMemory, openWorkspace } from '../../../core/kernels/arena.js';

const MIB = 2 ** 20;

describe('arena', () => {
  it('aligns every vector to 16 bytes, whatever was carved before it', () => {
    const { arena } = openWorkspace();
    for (let length = 0; length < 9; length++) {
      expect(arena.vector(length).byteOffset % 16).toBe(0);
      expect(arena.indices(length).byteOffset % 16).toBe(0);
    }
  });

  it('carves vectors that do not overlap, on the memory of the kernels', () => {
    const { arena, kernels } = openWorkspace();
    const a = arena.vector(3).fill(1);
    const b = arena.indices(5).fill(7);
    const c = arena.vector(3).fill(2);
    expect(a.buffer).toBe(c.buffer);
    kernels.axpy(10, c, 3, a);
    expect([...a]).toEqual([21, 21, 21]);
    expect([...b]).toEqual([7, 7, 7, 7, 7]);
  });

  it('hands out zeros, also where an earlier run has written', () => {
    const { arena } = openWorkspace();
    arena.vector(100).fill(Number.NaN);
    arena.clear();
    expect([...arena.vector(60), ...arena.indices(80)].every((x) => x === 0)).toBe(true);
  });

  it('refuses to carve once it is sealed, and says where to do it', () => {
    const { arena } = openWorkspace();
    arena.seal();
    expect(() => arena.vector(1)).toThrow(
      /arena: .*after the first step; carve every vector in create, or in open of a model or a loss/,
    );
    expect(() => arena.indices(1)).toThrow(expect.objectContaining({ code: 'arena-sealed' }));
    arena.clear();
    expect(arena.vector(1)).toHaveLength(1);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the length %d', (length) => {
    const { arena } = openWorkspace();
    expect(() => arena.vector(length)).toThrow(`${length} is not the length of a vector`);
    expect(() => arena.indices(length)).toThrow(`${length} is not the length of a vector`);
  });

  it('says that it is full instead of carving beyond its memory', () => {
    const { arena, bytes } = openWorkspace(MIB);
    expect(() => arena.vector(bytes / 8)).toThrow(expect.objectContaining({ code: 'arena-full' }));
    expect(arena.vector(1000)).toHaveLength(1000);
  });
});

describe('workbench', () => {
  it('starts over in a larger memory when a run does not fit', () => {
    const memory = openMemory();
    let tries = 0;
    const vector = memory.withRoom(({ arena }) => {
      tries += 1;
      arena.vector(10).fill(1);
      return arena.vector((100 * MIB) / 8);
    });
    expect(tries).toBe(2);
    expect(vector.byteLength).toBe(100 * MIB);
    expect(memory.current.bytes).toBeGreaterThan(100 * MIB);
    expect(vector.every((x) => x === 0)).toBe(true);
  });

  it('keeps its memory where the next run fits', () => {
    const memory = openMemory();
    const first = memory.withRoom(({ arena }) => arena.vector(10).fill(3));
    const second = memory.withRoom(({ arena }) => arena.vector(10));
    expect(second.buffer).toBe(first.buffer);
    expect(second.byteOffset).toBe(first.byteOffset);
    expect([...first]).toEqual(new Array(10).fill(0));
  });

  it('passes on every other error as it is', () => {
    const memory = openMemory();
    const mistake = new Error('a mistake of a plugin');
    expect(() =>
      memory.withRoom(() => {
        throw mistake;
      }),
    ).toThrow(mistake);
  });

  it('gives up at the 4 GiB that one memory holds, with a way out', () => {
    const memory = openMemory();
    expect(() => memory.withRoom(({ arena }) => arena.vector(2 ** 30))).toThrow(
      /more than the 4 GiB .* use fewer samples or smaller layers/,
    );
  });
});
