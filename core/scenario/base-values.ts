// Values at swept paths: no cell uses them, but they stand in the scenario as if they held, and hold again without the
// sweep. Those that no component would take are refused.
import type { Registry } from '../container.js';
import type { Axis } from '../contracts/classifier.js';
import type { ComponentKind } from '../contracts/component.js';
import { checkParameters } from '../plugin/check-parameters.js';
import { valueAt } from './paths.js';
import type { Scenario } from './scenario.js';

const SLOTS: readonly ComponentKind[] = ['model', 'loss', 'noise', 'optimiser', 'classifier'];

function kindOf(slot: string): ComponentKind | undefined {
  return /^observers\.[^.]+$/.test(slot) ? 'observer' : SLOTS.find((kind) => kind === slot);
}

/**
 * Fields of the scenario itself are for `checkFields`. A parameter counts as right where one of the components that its
 * slot may hold takes it.
 *
 * @throws EigenflowError `parameter` or `component` with the path of the value
 */
export function checkBaseValues(scenario: Scenario, axes: readonly Axis[], registry: Registry): void {
  for (const { name: path } of axes) {
    const split = path.lastIndexOf('.');
    const [slot, name] = [path.slice(0, split), path.slice(split + 1)];
    const kind = kindOf(slot);
    const value = valueAt(scenario, path);
    if (kind === undefined || value === undefined) continue;
    const find = (use: unknown) => registry.find(kind, String(use), slot);
    if (name === 'use') {
      find(value);
      continue;
    }
    const swept = axes.find((axis) => axis.name === `${slot}.use`)?.values ?? [];
    const takers = [valueAt(scenario, `${slot}.use`), ...swept].filter((use) => use !== undefined).map(find);
    const taker = takers.find(({ params }) => Object.hasOwn(params, name));
    if (taker) checkParameters(slot, { [name]: value }, { [name]: taker.params[name] });
  }
}
