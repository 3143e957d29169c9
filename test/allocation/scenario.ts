// A scenario as the engine steps it, for the programs here.

import { createRegistry } from '../../core/container.js';
import type { Plugin } from '../../core/contracts/component.js';
import { createSimulation } from '../../core/engine/simulation.js';
import { openMemory } from '../../core/kernels/arena.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import dyson from '../../plugins/dyson/index.js';
import langevin from '../../plugins/langevin/index.js';
import optimisers from '../../plugins/optimisers/index.js';
import sgd from '../../plugins/sgd/index.js';
import solvable from '../../plugins/solvable/index.js';
import teacherStudent from '../../plugins/teacher-student/index.js';
import { printBytesPerStep } from './allocated-bytes.js';

const builtin = [dyson, langevin, optimisers, sgd, solvable, teacherStudent];

const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this program`);
};

/** What steps of a scenario allocate, in rounds of so many. @param others plugins that are not built in */
export async function printBytesOf(
  scenario: Omit<Scenario, 'title' | 'plugins'>,
  round: number,
  others: readonly Plugin[] = [],
): Promise<void> {
  const plugins = [...builtin, ...others];
  const registry = createRegistry(plugins);
  const whole = { ...scenario, title: 'Allocation', plugins: plugins.map(({ name }) => name), steps: 1e9 };
  const [config] = resolveScenario(whole, registry, noFiles).runs;
  const simulation = openMemory().withRoom((workspace) => createSimulation(config, registry, workspace, noFiles));
  await printBytesPerStep(round, (steps) => simulation.advance(simulation.clock.step + steps));
  if (simulation.status !== 'completed') throw new Error(`the run ended early: ${simulation.status}`);
}
