// What is known of weights that another program has made, as it is kept in the manifest of their analysis: the files, the
// layers, what the command was told. No loss, no noise and no optimiser are made up for them.
import { basename } from 'node:path';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { CheckpointRecord, StoredScenario } from '../../node/results/results-folder.js';

/** What was told of the training. */
interface Told {
  readonly learningRate?: number;
  readonly batchSize?: number;
  readonly optimiser?: string;
  readonly momentum?: number;
  readonly stepsPerNumber: number;
}

/** Of the first checkpoint. */
interface Layers {
  shapeOf(name: string): readonly number[];
  dtypeOf?(name: string): string;
}

export function recordOf(
  { learningRate, batchSize, optimiser, momentum, stepsPerNumber }: Told,
  layers: readonly string[],
  files: readonly { readonly path: string; readonly number: number }[],
  first: Layers,
): CheckpointRecord {
  return {
    files: files.map(({ path, number }) => ({ name: basename(path), step: number * stepsPerNumber })),
    layers: layers.map((name) => ({ name, shape: [...first.shapeOf(name)], dtype: first.dtypeOf?.(name) })),
    told: { learningRate, batchSize, optimiser, momentum, stepsPerNumber },
  };
}

/** What was looked at and drawn; the rest of the scenario only served to put the weights before the observers. */
export function measuredPart({ title, description, plugins, observers, figures }: Scenario): StoredScenario {
  return { title, description, plugins: plugins.filter((plugin) => plugin !== 'sgd'), observers, figures };
}
