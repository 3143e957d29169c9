import { describe, expect, test } from 'vitest';
import { createKernels, heapBase, kernelBuild } from '../../../core/kernels/create-kernels.js';
import { addressOf } from '../../../core/kernels/kernels.js';

describe('builds', () => {
  test('the strict build is portable and names its bytes', () => {
    const build = kernelBuild('strict');
    expect(build).toEqual({ name: 'strict', hash: expect.stringMatching(/^[0-9a-f]{16}$/), portable: true });
    expect(createKernels(new WebAssembly.Memory({ initial: 4 })).build).toEqual(build);
  });

  test('the relaxed build works, or says what is missing', () => {
    const memory = new WebAssembly.Memory({ initial: 4 });
    expect(kernelBuild('relaxed').portable).toBe(false);
    let kernels: ReturnType<typeof createKernels> | undefined;
    try {
      kernels = createKernels(memory, 'relaxed');
    } catch (error) {
      expect(error).toMatchObject({ code: 'kernels' });
      expect((error as Error).message).toMatch(/build-kernels\.mjs --relaxed|--experimental-wasm-relaxed-simd/);
    }
    if (kernels === undefined) return;
    const x = new Float64Array(memory.buffer, heapBase, 2);
    x.set([0.5, -3]);
    kernels.tanh(x, 2, x);
    expect(Math.abs(x[0] - Math.tanh(0.5)) + Math.abs(x[1] - Math.tanh(-3))).toBeLessThan(1e-15);
  });

  test('a memory without room for the static data is refused', () => {
    expect(() => createKernels(new WebAssembly.Memory({ initial: 0 }))).toThrow(/0 bytes; the kernels alone need/);
  });

  test('the static data ends at a multiple of 64 below heapBase', () => {
    expect(heapBase % 64).toBe(0);
    const memory = new WebAssembly.Memory({ initial: 4 });
    const all = new Uint8Array(memory.buffer).fill(255);
    const kernels = createKernels(memory);
    const [a, b, c] = [0, 1, 2].map((i) => new Float64Array(memory.buffer, heapBase + 40_000 * i, 4900));
    kernels.normals(1, 2, 3, 4, 5, 4900, a);
    kernels.tanh(a, 4900, b);
    kernels.outer(a, 70, b, 70, null, 70, c);
    expect(all.subarray(heapBase + 40_000 * 2 + 4900 * 8).every((byte) => byte === 255)).toBe(true);
  });
});

describe('addressOf', () => {
  test('is the byte offset and leaves no trace that a comparison sees', () => {
    const buffer = new ArrayBuffer(64);
    const [a, b] = [new Float64Array(buffer, 16, 2), new Float64Array(buffer, 16, 2)];
    expect(addressOf(a)).toBe(16);
    expect(addressOf(a)).toBe(16);
    expect(addressOf(a.subarray(1))).toBe(24);
    expect(a).toEqual(b);
    expect(Object.keys(a)).toEqual(['0', '1']);
    expect(structuredClone(a)).toEqual(b);
  });
});
