// A phase map as advice reads it: the label of every run by initial width, temperature, batch size and length of
// training, and what was held fixed.
import type { Json } from '../../core/contracts/json.js';
import type { Smoothness } from '../../core/phases/covariance.js';
import type { Use } from '../../core/scenario/scenario.js';

/** The axis of a map beside learning rate, batch size and length of training. */
export interface MapCoordinate {
  /** Path of the parameter. */
  readonly path: string;
  /** In words. */
  readonly name: string;
}

export const INITIAL_WIDTH: MapCoordinate = { path: 'model.initialWidth', name: 'initial width' };

/** Where an answer is asked for. */
export interface Setting {
  /** The value on the coordinate of the map, the initial width in most; 1 where the map has none. */
  readonly initialWidth: number;
  /** Learning rate / batch size, which is the temperature T of plain SGD. */
  readonly temperature: number;
  readonly batchSize: number;
  /** Length of training, in the unit of the map. */
  readonly length: number;
}

export interface MapRun {
  /** As in `Setting`. */
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
  /** The network with all its parameters but the coordinate of the map. */
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
  /** Default: the initial width. 'none' where the map varies nothing but learning rate, batch size and length. */
  readonly coordinate?: MapCoordinate | 'none';
  readonly runs: readonly MapRun[];
  /** Which runs of the folder are not among them, and why, to be told. */
  readonly leftOut?: string;
  /** Whether runs of the same number have the same instance in every cell. */
  readonly paired: boolean;
  /** Where it was found before. */
  readonly smoothness?: Smoothness;
}

/** The coordinate of a map; undefined where it has none. */
export const coordinateOf = ({ coordinate = INITIAL_WIDTH }: MapData): MapCoordinate | undefined =>
  coordinate === 'none' ? undefined : coordinate;

/** The optimiser for which learning rate / batch size is a temperature. */
const PLAIN = 'sgd';

/**
 * What learning rate / batch size is called: T for plain SGD. Momentum has another temperature, and an optimiser that
 * preconditions has none.
 */
export const ratioName = ({ conditions }: MapData): string =>
  conditions.optimiser.use === PLAIN ? 'T' : 'learning rate / batch size';

/** Learning rate / batch size. */
export const temperatureOf = (learningRate: number, batchSize: number) => learningRate / batchSize;
