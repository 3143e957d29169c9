/**
 * Byte offsets of views, remembered on the view itself. Reading `byteOffset` of a typed array takes V8 about 10 ns (no
 * inlining in Node 20), more than the call of a kernel, and a step reads two dozen. A plain property takes next to
 * nothing where all views that pass by are of one kind with one history. Hence a second function for indices, and
 * `rememberAddress` for whoever hands out views: they are then alike before any kernel meets them.
 */

const address = Symbol('address');

interface Remembering extends ArrayBufferView {
  [address]?: number;
}

/** The byte offset of `view`, whatever its kind. The first call adds a hidden property to the view. */
export function addressOf(view: ArrayBufferView): number {
  const known = (view as Remembering)[address];
  return known === undefined ? rememberAddress(view) : known;
}

/** The same for indices: what V8 learns about property reads belongs to a function, not to its arguments. */
export function addressOfIndices(view: Int32Array): number {
  const known = (view as Remembering)[address];
  return known === undefined ? rememberAddress(view) : known;
}

/** Adds the hidden property to a new view. Not to be called twice on one view. */
export function rememberAddress(view: ArrayBufferView): number {
  const value = view.byteOffset;
  // Not enumerable: comparing, printing and spreading a view shows its numbers only.
  Object.defineProperty(view, address, { value });
  return value;
}
