// Makes kernels: the compiled module, instantiated on a memory, behind functions that take views for addresses.
import { EigenflowError } from '../errors.js';
import { addressOf, addressOfIndices } from './address.js';
import { decodeBase64 } from './base64.js';
import * as relaxed from './generated/relaxed.js';
import * as strict from './generated/strict.js';
import type { KernelBuild, KernelBuildName, KernelCall, Kernels } from './kernels.js';
import { type RawKernels, type TapePlayer, withPlayer } from './tape-player.js';

/** The first free byte: static data of the kernels lies below. A multiple of 64. */
export const heapBase: number = Math.ceil(Math.max(strict.heapBase, relaxed.heapBase) / 64) * 64;

/** What is known of a build without loading it; the hash of the relaxed one is empty where it was not built. */
export function kernelBuild(build: KernelBuildName): KernelBuild {
  return { name: build, hash: build === 'strict' ? strict.hash : relaxed.hash, portable: build === 'strict' };
}

const modules = new Map<KernelBuildName, WebAssembly.Module>();

/** The compiled module, made once per thread. */
function moduleOf(build: KernelBuildName): WebAssembly.Module {
  const known = modules.get(build);
  if (known) return known;
  const base64 = build === 'strict' ? strict.base64 : relaxed.base64;
  if (!base64) {
    throw new EigenflowError(
      'kernels',
      'kernels',
      'the relaxed build is not part of this copy of eigenflow. Run: node scripts/build-kernels.mjs --relaxed, or use the strict build',
    );
  }
  let made: WebAssembly.Module;
  try {
    made = new WebAssembly.Module(decodeBase64(base64));
  } catch (cause) {
    if (build === 'strict') throw cause;
    throw new EigenflowError(
      'kernels',
      'kernels',
      'this JavaScript engine does not know relaxed SIMD. Node 20 needs --experimental-wasm-relaxed-simd. ' +
        'Or use the strict build',
      { cause },
    );
  }
  modules.set(build, made);
  return made;
}

/**
 * Kernels on `memory`.
 *
 * @param player plays tapes and makes large calls, to the bits of the strict build; of no use to the relaxed one
 * @throws EigenflowError `kernels` when the relaxed build was asked for and is missing, or the engine does not support it;
 *   Error when the memory is smaller than `heapBase` bytes.
 */
export function createKernels(
  memory: WebAssembly.Memory,
  build: KernelBuildName = 'strict',
  player?: TapePlayer,
): Kernels {
  if (memory.buffer.byteLength < heapBase) {
    throw new Error(`The memory has ${memory.buffer.byteLength} bytes; the kernels alone need ${heapBase}.`);
  }
  const instance = new WebAssembly.Instance(moduleOf(build), { env: { memory } });
  // Copied: reading a property of the exports object itself is slow.
  const wasm: RawKernels = { ...(instance.exports as RawKernels) };
  const live = player && build === 'strict' ? withPlayer(wasm, memory, player) : wasm;
  let raw = live;

  return {
    build: kernelBuild(build),
    activate(kind, z, n, out) {
      raw.activate(kind, addressOf(z), n, addressOf(out));
    },
    activationGradient(kind, z, value, n, upstream, out) {
      raw.activationGradient(kind, addressOf(z), addressOf(value), n, addressOf(upstream), addressOf(out));
    },
    activationCurvature(kind, z, value, n, upstream, change, out) {
      raw.activationCurvature(
        kind,
        addressOf(z),
        addressOf(value),
        n,
        addressOf(upstream),
        addressOf(change),
        addressOf(out),
      );
    },
    // Address 0 stands for "no index": no view of an arena starts there.
    dense(weights, rows, cols, x, index, n, out) {
      raw.dense(
        addressOf(weights),
        rows,
        cols,
        addressOf(x),
        index === null ? 0 : addressOfIndices(index),
        n,
        addressOf(out),
      );
    },
    denseTransposed(weights, rows, cols, upstream, n, out) {
      raw.denseTransposed(addressOf(weights), rows, cols, addressOf(upstream), n, addressOf(out));
    },
    outer(upstream, rows, x, cols, index, n, gradient) {
      raw.outer(
        addressOf(upstream),
        rows,
        addressOf(x),
        cols,
        index === null ? 0 : addressOfIndices(index),
        n,
        addressOf(gradient),
      );
    },
    outerDescend(upstream, rows, x, cols, index, n, theta, rate, scratch) {
      raw.outerDescend(
        addressOf(upstream),
        rows,
        addressOf(x),
        cols,
        index === null ? 0 : addressOfIndices(index),
        n,
        addressOf(theta),
        rate,
        addressOf(scratch),
      );
    },
    addRow(alpha, row, cols, n, out) {
      raw.addRow(alpha, addressOf(row), cols, n, addressOf(out));
    },
    gather(x, cols, index, n, out) {
      raw.gather(addressOf(x), cols, addressOfIndices(index), n, addressOf(out));
    },
    halfMeanSquare(out, target, weights, n, width, dOut, value) {
      raw.halfMeanSquare(
        addressOf(out),
        addressOf(target),
        addressOf(weights),
        n,
        width,
        addressOf(dOut),
        addressOf(value),
      );
    },
    crossEntropy(smoothing, out, target, weights, n, width, dOut, value) {
      raw.crossEntropy(
        smoothing,
        addressOf(out),
        addressOf(target),
        addressOf(weights),
        n,
        width,
        addressOf(dOut),
        addressOf(value),
      );
    },
    crossEntropyCurvature(smoothing, out, target, weights, n, width, change, dOutChange) {
      raw.crossEntropyCurvature(
        smoothing,
        addressOf(out),
        addressOf(target),
        addressOf(weights),
        n,
        width,
        addressOf(change),
        addressOf(dOutChange),
      );
    },
    outputLoss(kind, parameter, out, target, weights, n, width, dOut, value) {
      raw.outputLoss(
        kind,
        parameter,
        addressOf(out),
        addressOf(target),
        addressOf(weights),
        n,
        width,
        addressOf(dOut),
        addressOf(value),
      );
    },
    outputLossCurvature(kind, parameter, out, target, weights, n, width, change, dOutChange) {
      raw.outputLossCurvature(
        kind,
        parameter,
        addressOf(out),
        addressOf(target),
        addressOf(weights),
        n,
        width,
        addressOf(change),
        addressOf(dOutChange),
      );
    },
    sgdStep(theta, gradient, n, learningRate, weightDecay) {
      raw.sgdStep(addressOf(theta), addressOf(gradient), n, learningRate, weightDecay);
    },
    momentumStep(theta, gradient, velocity, n, learningRate, momentum, weightDecay) {
      raw.momentumStep(
        addressOf(theta),
        addressOf(gradient),
        addressOf(velocity),
        n,
        learningRate,
        momentum,
        weightDecay,
      );
    },
    nesterovStep(theta, gradient, velocity, n, learningRate, momentum, weightDecay) {
      raw.nesterovStep(
        addressOf(theta),
        addressOf(gradient),
        addressOf(velocity),
        n,
        learningRate,
        momentum,
        weightDecay,
      );
    },
    adamStep(theta, gradient, mean, square, largest, n, rate, beta1, beta2, epsilon, first, second, l2, decoupled) {
      raw.adamStep(
        addressOf(theta),
        addressOf(gradient),
        addressOf(mean),
        addressOf(square),
        largest === null ? 0 : addressOf(largest),
        n,
        rate,
        beta1,
        beta2,
        epsilon,
        first,
        second,
        l2,
        decoupled,
      );
    },
    rmspropStep(theta, gradient, square, mean, velocity, n, rate, smoothing, momentum, epsilon, weightDecay) {
      raw.rmspropStep(
        addressOf(theta),
        addressOf(gradient),
        addressOf(square),
        mean === null ? 0 : addressOf(mean),
        velocity === null ? 0 : addressOf(velocity),
        n,
        rate,
        smoothing,
        momentum,
        epsilon,
        weightDecay,
      );
    },
    adagradStep(theta, gradient, sum, n, rate, slowing, start, epsilon, weightDecay) {
      raw.adagradStep(
        addressOf(theta),
        addressOf(gradient),
        addressOf(sum),
        n,
        rate,
        slowing,
        start,
        epsilon,
        weightDecay,
      );
    },
    signStep(theta, gradient, mean, n, rate, beta1, beta2, decoupled) {
      raw.signStep(
        addressOf(theta),
        addressOf(gradient),
        mean === null ? 0 : addressOf(mean),
        n,
        rate,
        beta1,
        beta2,
        decoupled,
      );
    },
    clipNorm(x, n, limit, out) {
      raw.clipNorm(addressOf(x), n, limit, addressOf(out));
    },
    normalise(x, n, floor, out) {
      raw.normalise(addressOf(x), n, floor, addressOf(out));
    },
    ascend(theta, gradient, n, radius, out) {
      raw.ascend(addressOf(theta), addressOf(gradient), n, radius, addressOf(out));
    },
    exp(x, n, out) {
      raw.expAll(addressOf(x), n, addressOf(out));
    },
    log(x, n, out) {
      raw.logAll(addressOf(x), n, addressOf(out));
    },
    sin(x, n, out) {
      raw.sinAll(addressOf(x), n, addressOf(out));
    },
    cos(x, n, out) {
      raw.cosAll(addressOf(x), n, addressOf(out));
    },
    tanh(x, n, out) {
      raw.tanhAll(addressOf(x), n, addressOf(out));
    },
    erf(x, n, out) {
      raw.erfAll(addressOf(x), n, addressOf(out));
    },
    sumSquares(x, n, slot) {
      raw.dotInto(addressOf(x), addressOf(x), n, addressOf(slot));
    },
    dot(a, b, n, slot) {
      raw.dotInto(addressOf(a), addressOf(b), n, addressOf(slot));
    },
    axpy(alpha, x, n, y) {
      raw.axpy(alpha, addressOf(x), n, addressOf(y));
    },
    scale(alpha, x, n) {
      raw.scale(alpha, addressOf(x), n);
    },
    copy(x, n, out) {
      raw.copy(addressOf(x), n, addressOf(out));
    },
    philox(counter, key, out) {
      raw.philox(addressOf(counter), addressOf(key), addressOf(out));
    },
    uniforms(key0, key1, counter0, counter1, counter2, n, out) {
      raw.uniforms(key0, key1, counter0, counter1, counter2, n, addressOf(out));
    },
    normals(key0, key1, counter0, counter1, counter2, n, out) {
      raw.normals(key0, key1, counter0, counter1, counter2, n, addressOf(out));
    },
    integers(bound, key0, key1, counter0, counter1, counter2, n, out) {
      raw.integers(bound, key0, key1, counter0, counter1, counter2, n, addressOfIndices(out));
    },
    singularValues(matrix, rows, cols, work, out) {
      return raw.singularValues(addressOf(matrix), rows, cols, addressOf(work), addressOf(out));
    },
    symmetricEigen(matrix, n, work, values, vectors) {
      return raw.symmetricEigen(addressOf(matrix), n, addressOf(work), addressOf(values), addressOf(vectors));
    },
    symmetricEigenvalues(matrix, n, work, values) {
      return raw.symmetricEigenvalues(addressOf(matrix), n, addressOf(work), addressOf(values));
    },
    record(work) {
      const calls: KernelCall[] = [];
      const note = (name: string) => {
        return (...numbers: number[]) => {
          calls.push({ name, numbers });
          return 0;
        };
      };
      raw = Object.fromEntries(Object.keys(live).map((name) => [name, note(name)]));
      try {
        work();
      } finally {
        raw = live;
      }
      return calls;
    },
    play(tape, calls, patches, reads, steps, value, limit, sum) {
      return live.play(
        addressOf(tape),
        calls,
        addressOfIndices(patches),
        patches.length / 3,
        addressOfIndices(reads),
        reads.length / 3,
        steps,
        addressOf(value),
        limit,
        addressOf(sum),
      );
    },
  };
}
