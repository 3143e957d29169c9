// Memory of a run: one WebAssembly memory that TypeScript and the kernels share, carved into vectors before the first
// step and sealed after that.
import type { Arena } from '../contracts/environment.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { EigenflowError, isEigenflowError } from '../errors.js';
import { createKernels, heapBase } from './create-kernels.js';
import { type KernelBuildName, type Kernels, rememberAddress } from './kernels.js';
import type { TapePlayer } from './tape-player.js';

const PAGE = 65536;
/** A cache line, so that no vector of doubles straddles more lines than it must. */
const ALIGNMENT = 64;

/** An arena that the engine can seal and use again. */
export interface SealableArena extends Arena {
  seal(): void;
  /** Forgets every vector; the next run carves the same memory anew. */
  clear(): void;
  /** Where the vector begins in which an address lies; the address itself where none was carved. */
  startOf(address: number): number;
}

/** Kernels with the memory that they work on. One workspace serves the runs of one thread, one after the other. */
export interface Workspace {
  readonly kernels: Kernels;
  readonly arena: SealableArena;
  readonly bytes: number;
}

function createArena(memory: WebAssembly.Memory, start: number): SealableArena {
  let next = start;
  let sealed = false;
  /** Ascending. */
  const starts: number[] = [];

  const take = (length: number, bytesPerElement: number): number => {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new EigenflowError(
        'contract',
        'arena',
        `${length} is not the length of a vector; it must be a whole number`,
      );
    }
    if (sealed) {
      throw new EigenflowError(
        'arena-sealed',
        'arena',
        'a vector was asked for after the first step; carve every vector in create, or in open of a model or a loss',
      );
    }
    const bytes = length * bytesPerElement;
    const offset = Math.ceil(next / ALIGNMENT) * ALIGNMENT;
    if (offset + bytes > memory.buffer.byteLength) {
      throw new EigenflowError('arena-full', 'arena', `${offset + bytes} bytes do not fit the memory of this run`);
    }
    next = offset + bytes;
    starts.push(offset);
    return offset;
  };

  /** Zeros, and the address remembered: all views are alike for the optimising compiler before the first step. */
  const prepared = <V extends Vector | Indices>(view: V): V => {
    view.fill(0);
    rememberAddress(view);
    return view;
  };

  return {
    vector: (length: number): Vector => prepared(new Float64Array(memory.buffer, take(length, 8), length)),
    indices: (length: number): Indices => prepared(new Int32Array(memory.buffer, take(length, 4), length)),
    seal() {
      sealed = true;
    },
    startOf(address) {
      let [low, high] = [0, starts.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (starts[middle] <= address) low = middle + 1;
        else high = middle;
      }
      return starts[low - 1] ?? address;
    },
    clear() {
      sealed = false;
      next = start;
      starts.length = 0;
    },
  };
}

/** V8 keeps guard regions around a memory: they cost address space, which some batch systems limit. */
function allocate(bytes: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  } catch (cause) {
    throw new EigenflowError(
      'kernels',
      'kernels',
      `no memory of ${Math.ceil(bytes / 2 ** 20)} MiB could be had. Each thread reserves about 10 GB of address space: raise ` +
        'the limit on it (ulimit -v, h_vmem), or use fewer workers',
      { cause },
    );
  }
}

/**
 * @param bytes capacity. Untouched pages cost address space, not memory. The memory never grows: growing would detach
 * every vector already carved.
 * @param player as in `createKernels`
 * @throws EigenflowError `kernels` when the machine gives no such memory
 */
export function openWorkspace(bytes = 64 * 2 ** 20, build: KernelBuildName = 'strict', player?: TapePlayer): Workspace {
  const memory = allocate(bytes);
  const kernels = createKernels(memory, build, player);
  return { kernels, arena: createArena(memory, heapBase), bytes: memory.buffer.byteLength };
}

const LARGEST = 65535 * PAGE;

/** The workspace of one thread, replaced by a larger one when a run does not fit. */
export interface Memory {
  readonly build: KernelBuildName;
  readonly current: Workspace;
  /** How often it has been given away: whoever holds vectors of an older one has lost them. */
  readonly generation: number;
  /**
   * Calls `make` with the current workspace, its arena cleared, and again with a larger one while it does not fit.
   *
   * @throws EigenflowError `arena-full` at the 4 GiB limit of WebAssembly memory
   */
  withRoom<T>(make: (workspace: Workspace) => T): T;
}

/**
 * A memory with an arena of 64 MiB, which grows with the runs that it is given.
 *
 * @param player as in `createKernels`
 * @throws Error when the engine does not know the instructions of the build, see `createKernels`
 */
export function openMemory(build: KernelBuildName = 'strict', player?: TapePlayer): Memory {
  let current = openWorkspace(undefined, build, player);
  let generation = 0;
  return {
    build,
    get current() {
      return current;
    },
    get generation() {
      return generation;
    },
    withRoom(make) {
      generation += 1;
      for (;;) {
        try {
          current.arena.clear();
          return make(current);
        } catch (error) {
          if (!isEigenflowError(error) || error.code !== 'arena-full') throw error;
          if (current.bytes >= LARGEST) {
            throw new EigenflowError(
              'arena-full',
              'model',
              'this run needs more than the 4 GiB that one WebAssembly memory holds; use fewer samples or smaller layers',
            );
          }
          current = openWorkspace(Math.min(LARGEST, 4 * current.bytes), build, player);
        }
      }
    },
  };
}
