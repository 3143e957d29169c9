// Which cells of a map are checked: some of all that can be, spread over it, the same ones every time.
import type { Spot } from './spot.js';

/** Additive recurrence of the plastic number: any first few of its points are spread over the square. */
const STEP = [0.7548776662466927, 0.5698402909980532] as const;

/** @param count at most @returns `count` different ones of `cells`, or all of them */
export function spreadOver<Cell extends Spot>(cells: readonly Cell[], count: number): Cell[] {
  const left = new Set(cells);
  const columns = Math.max(0, ...cells.map(({ column }) => column)) + 1;
  const rows = Math.max(0, ...cells.map(({ row }) => row)) + 1;
  const chosen: Cell[] = [];
  for (let i = 0; chosen.length < count && left.size > 0; i++) {
    const at = STEP.map((step) => (0.5 + (i + 1) * step) % 1);
    const distance = ({ column, row }: Spot) =>
      ((column + 0.5) / columns - at[0]) ** 2 + ((row + 0.5) / rows - at[1]) ** 2;
    const nearest = [...left].reduce((best, cell) => (distance(cell) < distance(best) ? cell : best));
    left.delete(nearest);
    chosen.push(nearest);
  }
  return chosen;
}
