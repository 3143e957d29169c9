// Whether the seed changes a run at all, found out before anything is computed: where it does not, seeds are copies.
import type { RunConfig } from '../scenario/resolve.js';
import type { Grid } from '../scenario/sweep.js';
import type { RunContext } from './run.js';
import { createSimulation } from './simulation.js';
import { nameTrajectory } from './trajectory.js';

/** Initial weights, data and the first batches differ by then, where anything does. */
const STEPS = 3;

/** Name of the first steps; undefined where they end the run, so that they say nothing. */
function firstSteps(config: RunConfig, { registry, memory, load }: RunContext): string | undefined {
  return memory.withRoom((workspace) => {
    const simulation = createSimulation({ ...config, observers: {} }, registry, workspace, load);
    simulation.advance(Math.min(STEPS, simulation.steps));
    return simulation.status === 'completed'
      ? nameTrajectory(simulation.capture(), simulation.firstBatches(), () => [])
      : undefined;
  });
}

/**
 * Looks at the first steps of one run: what is drawn only later goes unseen, and so does what another cell draws. How many
 * runs do repeat another one is told with the results.
 *
 * @returns what to tell before a study of such runs begins; undefined where another seed makes another run
 */
export function warnOfRepeats(
  config: RunConfig,
  { seeds, independent }: Pick<Grid, 'seeds' | 'independent'>,
  context: RunContext,
): string | undefined {
  if (seeds === 1 && !independent) return undefined;
  const own = firstSteps(config, context);
  const other = { ...config, streamPath: [...config.streamPath, 'another seed'] };
  if (own === undefined || own !== firstSteps(other, context)) return undefined;
  const cause = 'no random number has changed the first steps (weights, data and the order of batches are all given)';
  const effects = [
    ...(seeds > 1 ? [`the ${seeds} seeds of a cell make the same run, which counts once`] : []),
    ...(independent ? ['sweep.independent has no effect'] : []),
  ];
  return `${effects.join(', and ')}: ${cause}. Let something be drawn, such as the batches, or take them away`;
}

/** Weights, and the loss and its gradient there, on all data; undefined for endless data. */
function startOf(config: RunConfig, { registry, memory, load }: RunContext): string | undefined {
  return memory.withRoom((workspace) => {
    const { model, view } = createSimulation({ ...config, observers: {} }, registry, workspace, load);
    if (!Number.isFinite(model.samples)) return undefined;
    const { loss, gradient } = view.fullBatch();
    return [...view.theta, loss, ...gradient].join();
  });
}

/**
 * Whether two runs begin at the same weights on the same data, as far as the loss on all data and its gradient show.
 *
 * @returns false for endless data too, of which nothing can be said
 */
export function startTheSame(a: RunConfig, b: RunConfig, context: RunContext): boolean {
  const own = startOf(a, context);
  return own !== undefined && own === startOf(b, context);
}
