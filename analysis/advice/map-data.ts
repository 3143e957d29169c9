// A phase map as advice reads it: the label of every run by initial width, temperature, batch size and length of
// training, and what was held fixed.
import type { Json } from '../../core/contracts/json.js';
import type { Smoothness } from '../../core/phases/covariance.js';
import type { Use } from '../../core/scenario/scenario.js';

/** Where an answer is asked for. */
export interface Setting {
  readonly initialWidth: number;
  /** T = learning rate / batch size. */
  readonly temperature: number;
  readonly batchSize: number;
  /** Length of training, in the unit of the map. */
  readonly length: number;
}

export interface MapRun {
  readonly initialWidth: number;
  readonly learningRate: number;
  readonly batchSize: number;
  /** Of the training, in the unit of the conditions. */
  readonly length: number;
  /** Names teacher, data and initial draw: runs of the same instance differ in their setting only. */
  readonly instance: string;
  /** Empty where the run says nothing. */
  readonly label: string;
}

/** What all runs of a map have in common. */
export interface MapConditions {
  /** The network with all its parameters but the initial width. */
  readonly model: Readonly<Record<string, Json>>;
  readonly loss: Use;
  /** Without its batch size. */
  readonly noise: Use;
  readonly optimiser: Use;
  readonly lengthUnit: 'epochs' | 'steps' | 'time';
  readonly classifier: string;
}

export interface MapData {
  readonly title: string;
  /** Folder that it was read from. */
  readonly source: string;
  /** Labels of the classifier, in the order of its legend. */
  readonly labels: readonly string[];
  readonly conditions: MapConditions;
  readonly runs: readonly MapRun[];
  /** Which runs of the folder are not among them, and why, to be told. */
  readonly leftOut?: string;
  /** Whether runs of the same number have the same instance in every cell. */
  readonly paired: boolean;
  /** Where it was found before. */
  readonly smoothness?: Smoothness;
}

/** T = learning rate / batch size. */
export const temperatureOf = (learningRate: number, batchSize: number) => learningRate / batchSize;
