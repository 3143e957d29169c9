// One error type. A message says where (the path in the scenario or file), what is wrong, and what to do.
import { plainText } from './plain-text.js';

/** Stable codes that programs may test for. */
export type ErrorCode =
  | 'scenario'
  | 'parameter'
  | 'component'
  | 'plugin'
  | 'arrays'
  | 'file'
  | 'results'
  | 'time-limit'
  | 'cluster'
  /** Nothing more can be computed or stored: the machine's trouble, not a mistake in the scenario. */
  | 'storage'
  | 'arena-sealed'
  | 'arena-full'
  | 'kernels'
  | 'contract';

export class EigenflowError extends Error {
  override readonly name = 'EigenflowError';
  readonly code: ErrorCode;
  /** Where the mistake is, for example `optimiser.learningRate`. */
  readonly path: string;
  /** The message without the path. */
  readonly reason: string;

  constructor(code: ErrorCode, path: string, reason: string, options?: { cause?: unknown }) {
    super(path === '' ? reason : `${path}: ${reason}`, options);
    this.code = code;
    this.path = path;
    this.reason = reason;
  }
}

/** Errors that say their place: the innermost place is the most exact one. */
const withPlace = new WeakSet<EigenflowError>();

function markPlaced(error: EigenflowError): EigenflowError {
  withPlace.add(error);
  return error;
}

/**
 * The error, told with the place where it happened: components do not know theirs. A mistake in their code becomes an
 * EigenflowError `contract`, whose cause keeps the stack.
 */
export function placed(place: string, error: unknown): EigenflowError {
  if (!isEigenflowError(error)) {
    return markPlaced(new EigenflowError('contract', place, messageOf(error), { cause: error }));
  }
  if (withPlace.has(error) || error.code === 'arena-full' || error.path.startsWith(place)) return markPlaced(error);
  const known = error.path === '' || place.startsWith(`${error.path}.`) || place.endsWith(`.${error.path}`);
  const path = known ? place : `${place}.${error.path}`;
  return markPlaced(new EigenflowError(error.code, path, error.reason, { cause: error }));
}

/** As `placed`, for a component that knows its slot: a path in its error says more than the slot. */
export function placedInSlot(slot: string, error: unknown): EigenflowError {
  return isEigenflowError(error) && error.path !== '' ? markPlaced(error) : placed(slot, error);
}

/** Calls `act`; an error that it throws is told with its place. */
export function inPlace<T>(place: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw placed(place, error);
  }
}

/**
 * What anything that was thrown says, as plain text that is cut where nobody reads on. Never throws itself: whoever asks
 * is about to tell of a mistake.
 */
export function messageOf(error: unknown): string {
  try {
    // A message is a string by custom only.
    return plainText(String(error instanceof Error ? error.message : error));
  } catch {
    return 'something was thrown that has no text';
  }
}

/** As `inPlace`, with `placedInSlot`. */
export function inSlot<T>(slot: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw placedInSlot(slot, error);
  }
}

const MOST_STACK = 20_000;

/** The stack of a mistake in somebody's code, also where an error tells of it; undefined for errors that were meant. */
export function stackOfBug(error: unknown): string | undefined {
  if (isEigenflowError(error)) return error.code === 'contract' ? stackOfBug(error.cause) : undefined;
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
  const { stack, message } = error;
  // It begins with the message, whose length would leave no room for the lines of code.
  const cut = typeof message === 'string' ? stack.replace(message, () => messageOf(error)) : stack;
  return plainText(cut, MOST_STACK);
}

/** Recognises the error across copies of the package. */
export function isEigenflowError(error: unknown): error is EigenflowError {
  return error instanceof Error && error.name === 'EigenflowError';
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length];
}

/** ` did you mean "x"?` for the nearest known word, or nothing when none is near. */
export function suggest(word: string, known: readonly string[]): string {
  let best = '';
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  const near = bestDistance <= Math.max(2, Math.floor(word.length / 3));
  return near ? `; did you mean "${best}"?` : '';
}

/** The same at the end of a sentence: with a full stop where there is nothing to suggest. */
export function suggestOrStop(word: string, known: readonly string[]): string {
  return suggest(word, known) || '.';
}
