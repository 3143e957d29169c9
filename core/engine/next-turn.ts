// Returning to the event loop between two slices of a long computation.

/**
 * Calls `work` after whatever waits in the event loop. A timer of no time takes a millisecond in Node, two per cent of a
 * slice; `setImmediate` takes none, where the host has it.
 *
 * @returns calls it off
 */
export function nextTurn(work: () => void): () => void {
  if (typeof setImmediate === 'function') {
    const handle = setImmediate(work);
    return () => clearImmediate(handle);
  }
  const handle = setTimeout(work);
  return () => clearTimeout(handle);
}
