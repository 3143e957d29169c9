// Creates the components of one run through the container, each with its own random stream and its schedules.

import type { Registry } from '../container.js';
import type { Clock } from '../contracts/clock.js';
import type { ComponentKind, ComponentKinds } from '../contracts/component.js';
import type { Workspace } from '../kernels/arena.js';
import { bindParameters, type ScheduledParameter } from '../plugin/bind-parameters.js';
import { createStream } from '../random/stream.js';
import type { ArrayLoader, ResolvedUse, RunConfig } from '../scenario/resolve.js';

export interface Wiring {
  get<K extends ComponentKind>(slot: string, kind: K): ComponentKinds[K];
  /** Parameters of the run that follow a schedule. */
  readonly scheduled: readonly ScheduledParameter[];
}

/** @param clock at step 0: schedules start from there, so that `create` sees their first value */
export function wireRun(
  config: RunConfig,
  registry: Registry,
  workspace: Workspace,
  load: ArrayLoader,
  clock: Clock,
): Wiring {
  const { kernels, arena } = workspace;
  const container = registry.open();
  const scheduled: ScheduledParameter[] = [];
  const fill = <K extends ComponentKind>(slot: string, kind: K, { use, params }: ResolvedUse) => {
    const { params: schema } = registry.find(kind, use, slot);
    const bound = bindParameters(slot, schema, params, load);
    for (const parameter of bound.scheduled) parameter.follow(clock);
    scheduled.push(...bound.scheduled);
    container.fill(slot, kind, use, bound.values, {
      random: createStream(kernels, config.rootSeed, [...config.streamPath, slot]),
      common: createStream(kernels, config.rootSeed, ['common', slot]),
      arena,
      kernels,
    });
  };
  fill('model', 'model', config.model);
  fill('loss', 'loss', config.loss);
  fill('noise', 'noise', config.noise);
  fill('optimiser', 'optimiser', config.optimiser);
  for (const [name, observer] of Object.entries(config.observers)) fill(`observers.${name}`, 'observer', observer);
  return { get: (slot, kind) => container.get(slot, kind), scheduled };
}
