// The components of one run, resolved from its container in the order in which they depend on each other.

import type { Registry, RunContainer } from '../container.js';
import { Clock } from '../contracts/clock.js';
import type { ComponentKind } from '../contracts/component.js';
import type { Loss } from '../contracts/loss.js';
import type { Model } from '../contracts/model.js';
import type { NoiseModel } from '../contracts/noise-model.js';
import type { Optimiser } from '../contracts/optimiser.js';
import type { RunServices } from '../contracts/services.js';
import type { Vector } from '../contracts/vector.js';
import type { Workspace } from '../kernels/arena.js';
import { bindParameters, type ScheduledParameter } from '../plugin/bind-parameters.js';
import { createStream } from '../random/stream.js';
import type { ArrayLoader, ResolvedUse, RunConfig } from '../scenario/resolve.js';
import { openDivergenceCheck } from './divergence.js';

/** Whatever a step needs, complete. */
export interface RunComponents {
  readonly model: Model;
  readonly loss: Loss;
  readonly noise: NoiseModel;
  readonly optimiser: Optimiser;
  /** Whether model, loss and optimiser leave all arithmetic of a step to kernels. */
  readonly kernelsOnly: boolean;
  /** Parameters of the run that follow a schedule, and what else of the optimiser depends on the step alone. */
  readonly scheduled: readonly ScheduledParameter[];
}

/** What moves, and where it stands. */
export interface Motion {
  readonly theta: Vector;
  /** State vectors of the optimiser, in its order. */
  readonly state: readonly Vector[];
  readonly clock: Clock;
}

/** The services of a run, before plugins replace any. */
function usualServices(config: RunConfig, { kernels, arena }: Workspace, load: ArrayLoader): RunServices {
  return {
    kernels,
    arena,
    arrays: load,
    streams: (path) => ({
      random: createStream(kernels, config.rootSeed, [...config.streamPath, path]),
      common: createStream(kernels, config.rootSeed, ['common', path]),
    }),
    divergence: openDivergenceCheck(arena, kernels),
  };
}

/** A container in which services are bound, and no components yet. */
export function openContainer(
  config: RunConfig,
  registry: Registry,
  workspace: Workspace,
  load: ArrayLoader,
): RunContainer {
  return registry.open(usualServices(config, workspace, load));
}

/**
 * Binds a component to its place in the run; makes nothing. Schedules stand at their first value, so that `create` sees it.
 *
 * @returns its parameters that follow a schedule, and whether it leaves all arithmetic to kernels
 */
export function fillSlot(
  container: RunContainer,
  registry: Registry,
  slot: string,
  kind: ComponentKind,
  { use, params }: ResolvedUse,
): { readonly scheduled: readonly ScheduledParameter[]; readonly kernelsOnly: boolean } {
  const { params: schema, kernelsOnly } = registry.find(kind, use, slot);
  const { values, scheduled } = bindParameters(slot, schema, params, container.services.arrays);
  const start = new Clock();
  for (const parameter of scheduled) parameter.follow(start);
  container.fill(slot, kind, { use, values });
  return {
    scheduled,
    kernelsOnly: typeof kernelsOnly === 'function' ? kernelsOnly(values as never) : kernelsOnly === true,
  };
}

/** The components of a run but for its observers, which are bound and made when the run can be shown to them. */
export function makeComponents(container: RunContainer, config: RunConfig, registry: Registry): RunComponents {
  const fill = (slot: string, kind: ComponentKind, use: ResolvedUse) => fillSlot(container, registry, slot, kind, use);
  const model = fill('model', 'model', config.model);
  const loss = fill('loss', 'loss', config.loss);
  const noise = fill('noise', 'noise', config.noise);
  const optimiser = fill('optimiser', 'optimiser', config.optimiser);
  const observers = Object.entries(config.observers).map(([name, use]) => fill(`observers.${name}`, 'observer', use));
  const made = {
    model: container.get('model', 'model'),
    loss: container.get('loss', 'loss'),
    noise: container.get('noise', 'noise'),
    optimiser: container.get('optimiser', 'optimiser'),
  };
  const { stepNumbers = [] } = made.optimiser;
  const parameters = [model, loss, noise, optimiser, ...observers].flatMap((filled) => filled.scheduled);
  return {
    ...made,
    kernelsOnly: [model, loss, optimiser].every((filled) => filled.kernelsOnly),
    scheduled: [...parameters, ...stepNumbers],
  };
}
