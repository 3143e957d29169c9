// Which axes of a sweep have whole numbers alone, such as batch sizes: between two of them a page must not choose 2.83.
import type { Registry } from '../../core/container.js';
import type { Axis } from '../../core/contracts/classifier.js';
import type { ArrayLoader } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { SweepAxis } from '../protocol.js';
import { runAt } from './place.js';

/** An axis of whole numbers is one of counts where the scenario cannot be resolved with a fraction on it. */
export function markWhole(
  axes: readonly Axis[],
  scenario: Scenario,
  registry: Registry,
  load: ArrayLoader,
): readonly SweepAxis[] {
  const at = Object.fromEntries(axes.map(({ name, values }) => [name, values[0]]));
  const resolves = (name: string, value: number) => {
    try {
      runAt(scenario, { at: { ...at, [name]: value }, seed: 0 }, registry, load);
      return true;
    } catch {
      return false;
    }
  };
  return axes.map((axis) => {
    const numbers = axis.values.filter((value) => typeof value === 'number');
    const isWhole =
      numbers.length === axis.values.length &&
      numbers.every(Number.isInteger) &&
      resolves(axis.name, numbers[0]) &&
      !resolves(axis.name, Math.min(...numbers) + 0.5);
    return { ...axis, whole: isWhole };
  });
}
