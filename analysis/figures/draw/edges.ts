// Where the cells of a map end. On a logarithmic axis that is halfway in the logarithm: arithmetic midpoints would put
// every cell off its value.

import type { ScaleKind } from '../../../core/contracts/figure.js';
import { log2, power } from '../../../core/kernels/elementary.js';

/**
 * @param centres ascending; positive on a log scale
 * @returns one more than there are centres: means of neighbours (geometric on a log scale), and outer edges as far from
 *   the first and last centre as the inner ones. A single centre gets a cell of a factor of 2, or of width 1.
 */
export function cellEdges(centres: readonly number[], scale: ScaleKind): number[] {
  if (centres.length === 0) return [];
  if (scale === 'log') {
    const logarithms = centres.map(log2);
    return cellEdges(logarithms, 'linear').map((edge) => power(2, edge));
  }
  if (centres.length === 1) return [centres[0] - 0.5, centres[0] + 0.5];
  const inner = centres.slice(1).map((centre, i) => (centres[i] + centre) / 2);
  const last = centres.length - 1;
  return [2 * centres[0] - inner[0], ...inner, 2 * centres[last] - inner[last - 1]];
}
