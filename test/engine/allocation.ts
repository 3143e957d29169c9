// Bytes that the stepping loop allocates in long windows. One configuration only; see ../allocated-bytes.ts.
import { Session } from 'node:inspector/promises';
import { openWorkbench } from '../../core/arena.js';
import { createRegistry } from '../../core/container.js';
import { defineOptimiser, definePlugin } from '../../core/contracts/component.js';
import { createSimulation } from '../../core/engine/simulation.js';
import { resolveScenario } from '../../core/scenario/run-config.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { allocatedBytes } from '../allocated-bytes.js';
import { builtin, context } from './runs.js';

/** Boxes one double at each step, 12 to 16 bytes: an array of mixed content holds numbers as objects. */
const boxing = defineOptimiser({
  name: 'boxing',
  summary: 'Gradient descent that boxes a double',
  params: {},
  cite: [],
  create: (_params, { kernels }) => {
    const kept: (number | string)[] = ['mixed', 'content'];
    return {
      state: [],
      step(theta, objective, _state, at) {
        objective.evaluate(theta);
        kernels.axpy(-1e-3, objective.gradient, theta.length, theta);
        kept[at.step % 2] = at.step + 0.5;
        at.stepSize = 1e-3;
      },
    };
  },
});

const registry = createRegistry([
  ...builtin,
  definePlugin({ name: 'control', version: '0.0.0', components: [boxing] }),
]);

/** A run advances in slices, between which it returns to the event loop. */
const SLICE = 1000;
const WARM_UP = 200_000;
const WINDOW = 250_000;
/** One boxed double in three hundred steps would be more. */
const NOTHING = 0.05;
/** Windows that the compiler has to finish: it works beside them, and late where other processes take its time. */
const MOST_WINDOWS = 20;

/**
 * Bytes per step in windows of 250 000 steps after a warm-up, up to one in which there are none. What the compiler leaves behind falls into some windows;
 * what a step allocates falls into all.
 */
async function bytesPerStep(scenario: Scenario, windows: number): Promise<number[]> {
  const [config] = resolveScenario({ ...scenario, steps: 1e9 }, registry, context.load).runs;
  const simulation = openWorkbench().withRoom((workspace) =>
    createSimulation(config, registry, workspace, context.load),
  );
  const advance = (steps: number) => {
    for (let made = 0; made < steps; made += SLICE) simulation.advance(simulation.clock.step + SLICE);
  };
  advance(WARM_UP);
  const session = new Session();
  session.connect();
  const found: number[] = [];
  while (found.length < windows && !((found.at(-1) ?? 1) < NOTHING)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    found.push((await allocatedBytes(session, () => advance(WINDOW))) / WINDOW);
  }
  session.disconnect();
  if (simulation.status !== 'completed') throw new Error(`the run ended early: ${simulation.status}`);
  return found;
}

/**
 * Least bytes per step of a window, over at most 5 million steps of a scenario; then of the same with an optimiser that boxes one
 * double at each step.
 */
export async function measureAllocation(scenario: Scenario): Promise<{ measured: number; control: number }> {
  const measured = await bytesPerStep(scenario, MOST_WINDOWS);
  const control = await bytesPerStep({ ...scenario, optimiser: { use: 'boxing' } }, 1);
  return { measured: Math.min(...measured), control: Math.min(...control) };
}
