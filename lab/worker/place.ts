// One run of a scenario: at a place of its sweep, or with a seed beyond those that the sweep has.

import type { Registry } from '../../core/container.js';
import { EigenflowError } from '../../core/errors.js';
import { canonical } from '../../core/scenario/identity.js';
import { withoutValue, withValue } from '../../core/scenario/paths.js';
import { type ArrayLoader, type RunConfig, resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { Place } from '../protocol.js';

/**
 * The scenario of one run alone, which the command runs to the same bits: values of the place in their slots, and seeds
 * up to that of the place.
 *
 * @throws EigenflowError `scenario` where cells draw independently: what a cell draws depends on the whole sweep
 */
export function scenarioAt(scenario: Scenario, { at, seed }: Place): Scenario {
  if (scenario.sweep?.independent) {
    const message = 'the draws of a cell depend on the whole sweep here; a single cell alone would draw others';
    throw new EigenflowError('scenario', 'sweep.independent', message);
  }
  const { sweep: _sweep, figures: _figures, compare: _compare, ...rest } = scenario;
  const placed = Object.entries(at).reduce<Scenario>((part, [path, value]) => withValue(part, path, value), rest);
  return { ...placed, ...(seed > 0 && { sweep: { seeds: seed + 1 } }) };
}

/** The run itself. @throws EigenflowError what resolving the scenario throws, `scenario` for a place that is not there */
export function runAt(scenario: Scenario, place: Place, registry: Registry, load: ArrayLoader): RunConfig {
  if (scenario.sweep?.independent) return runOfSweep(scenario, place, registry, load);
  const { runs } = resolveScenario(withoutValue(scenarioAt(scenario, place), 'classifier'), registry, load);
  return runs[place.seed];
}

/** Where cells draw independently, what a cell draws is known of the whole sweep alone, and of its own places. */
function runOfSweep(scenario: Scenario, { at, seed }: Place, registry: Registry, load: ArrayLoader): RunConfig {
  const { runs } = resolveScenario(withoutValue(scenario, 'classifier'), registry, load);
  const found = runs.find((run) => run.seed === seed && canonical(run.axes) === canonical(at));
  if (found) return found;
  const message =
    'cells draw independently here, and this place or seed is none of the sweep: it has no draws of its own';
  throw new EigenflowError('scenario', 'sweep.independent', message);
}
