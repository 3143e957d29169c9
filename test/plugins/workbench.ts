// What the tests of components share: creating one component on a workspace, as the engine does it.

import type { Clock } from '../../core/contracts/clock.js';
import type { Component, ComponentKind, ComponentKinds, Environments } from '../../core/contracts/component.js';
import type { Loss } from '../../core/contracts/loss.js';
import type { Model } from '../../core/contracts/model.js';
import type { RunView } from '../../core/contracts/observer.js';
import { openWorkspace, type Workspace } from '../../core/kernels/arena.js';
import { bindParameters } from '../../core/plugin/bind-parameters.js';
import { checkParameters } from '../../core/plugin/check-parameters.js';
import { createStream } from '../../core/random/stream.js';

export interface Created<K extends ComponentKind> extends Workspace {
  readonly component: ComponentKinds[K];
  /** Brings scheduled parameters to their values at this step. */
  follow(at: Clock): void;
}

const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this test`);
};

export interface CreateOptions {
  readonly seed?: number;
  readonly workspace?: Workspace;
  /** What the component depends on: a model and a loss for noise, a model for an optimiser, a run for an observer. */
  readonly model?: Model;
  readonly loss?: Loss;
  readonly run?: RunView;
}

/** @param params as a scenario would write them */
export function create<K extends ComponentKind>(
  component: Component<K>,
  params: Readonly<Record<string, unknown>> = {},
  { seed = 1, workspace = openWorkspace(2 ** 22), ...others }: CreateOptions = {},
): Created<K> {
  const checked = checkParameters(component.kind, params, component.params);
  const { values, scheduled } = bindParameters(component.kind, component.params, checked, noFiles);
  const { arena, kernels } = workspace;
  const made = component.create(
    values as never,
    {
      arena,
      kernels,
      random: createStream(kernels, seed, ['test', component.kind]),
      common: createStream(kernels, seed, ['common', component.kind]),
      ...others,
    } as Environments[K],
  );
  return {
    ...workspace,
    component: made,
    follow: (at) => {
      for (const parameter of scheduled) parameter.follow(at);
    },
  };
}

/** An estimate with its standard error, from the means of consecutive blocks of draws. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** @param samples each the same estimator on independent draws */
export function estimate(samples: readonly number[]): Estimate {
  const value = samples.reduce((a, b) => a + b, 0) / samples.length;
  const variance = samples.reduce((a, b) => a + (b - value) ** 2, 0) / (samples.length - 1);
  return { value, standardError: Math.sqrt(variance / samples.length) };
}

/** Pearson's statistic of counts against equal probabilities. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
