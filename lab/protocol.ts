// What the page and its workers say to each other. Everything here survives structuredClone.

import type { HeatMapTable } from '../analysis/figures/draw/heat-map-table.js';
import type { PhaseMapTable } from '../analysis/figures/draw/phase-map-table.js';
import type { RunStatus } from '../core/contracts/classifier.js';
import type { ComponentKind } from '../core/contracts/component.js';
import type { HeatMapDeclaration, PhaseMapDeclaration } from '../core/contracts/figure.js';
import type { Json } from '../core/contracts/json.js';
import type { JsonSchema } from '../core/contracts/json-schema.js';
import type { ParameterSchema } from '../core/contracts/parameters.js';
import type { ChannelRecord } from '../core/engine/run.js';
import type { Scenario } from '../core/scenario/scenario.js';
import type { MarchenkoPastur } from '../core/theory/random-matrix/marchenko-pastur.js';
import type { Beta } from '../core/theory/random-matrix/wigner-surmise.js';
import type { RunRow } from '../node/results/runs-table.js';
import type { StudyFile } from './worker/study-file.js';

/** A map that a study offers: what its scenario declares, one for each classifier, one for each number of a run. */
export interface MapView {
  /** Unique in the study; stands in the URL. */
  readonly name: string;
  readonly title: string;
  readonly declaration: Omit<PhaseMapDeclaration, 'name'> | Omit<HeatMapDeclaration, 'name'>;
}

export interface SweepAxis {
  /** Path, such as `model.initialWidth`. */
  readonly name: string;
  readonly values: readonly Json[];
  /** Axes of one group vary together. */
  readonly group: number;
  /** Whether it can have whole numbers alone. */
  readonly whole: boolean;
}

/** A study as the page knows it. */
export interface Study {
  readonly title: string;
  readonly description?: string;
  readonly kind: 'results' | 'map' | 'scenario';
  readonly scenario: Scenario;
  /** In the order of the sweep. */
  readonly axes: readonly SweepAxis[];
  readonly seeds: number;
  readonly maps: readonly MapView[];
  /** How many runs are there, and how many of them with arrays or a digest that a replay can be held against. */
  readonly stored: { readonly runs: number; readonly provable: number };
  /** Version of eigenflow that has computed it, and whether its kernels are those of this page. */
  readonly madeBy: { readonly version: string; readonly sameKernels: boolean };
}

export type MapTable =
  | { readonly kind: 'phase-map'; readonly table: PhaseMapTable }
  | { readonly kind: 'heat-map'; readonly table: HeatMapTable };

/** A place of a sweep. */
export interface Place {
  /** Value of every axis. */
  readonly at: Readonly<Record<string, Json>>;
  readonly seed: number;
}

/** What is stored of one run. */
export interface StoredRun {
  readonly id: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly steps: number;
  /** By name of the classifier. */
  readonly labels: Readonly<Record<string, string>>;
  readonly trajectory?: string;
  /** What a replay is held against: every number, their digest, the name of the trajectory, or a few digits. */
  readonly proof: 'arrays' | 'digest' | 'trajectory' | 'digits' | 'none';
}

/** What came of computing a stored run again. */
export type Replay =
  | { readonly verdict: 'same bits'; readonly proof: 'arrays' | 'digest' | 'trajectory'; readonly numbers: number }
  /** Of an exported map, which has so many digits of some numbers. */
  | { readonly verdict: 'same digits'; readonly numbers: number; readonly digits: number }
  | {
      readonly verdict: 'other bits';
      readonly proof: 'arrays' | 'digest' | 'trajectory' | 'digits';
      /** The first number that differs, where arrays are stored. */
      readonly first?: {
        readonly channel: string;
        readonly frame: number;
        readonly step: number;
        readonly element: number;
        readonly stored: number;
        readonly found: number;
      };
      readonly message: string;
    }
  /** Its numbers are those that are stored, and another label is what the classifier says of them. */
  | { readonly verdict: 'other label'; readonly classifier: string; readonly stored: string; readonly found: string }
  | { readonly verdict: 'not comparable'; readonly message: string }
  /** The user has stopped it. */
  | { readonly verdict: 'stopped' };

/** A number, a vector or a matrix that is looked at while a run goes on. */
export interface Reading {
  readonly channel: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The state of a run as it is shown. */
export interface LiveFrame {
  readonly step: number;
  readonly epoch: number;
  readonly time: number;
  readonly readings: readonly Reading[];
}

/** What is known of a run before its first step, for axes, laws and ticks. */
export interface LiveStart {
  readonly type: 'start';
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly weights: number;
  /** Channels that are looked at, by `observer.channel`. */
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  /** Which of them hold the levels, the loss, the features and the weights; undefined where the model has none. */
  readonly roles: Roles;
  /** Learning time of the last step, where the run ends as planned. */
  readonly endTime: number;
  /** Weight matrices of the model, the largest first. */
  readonly blocks: readonly string[];
  /** The one whose levels, weights and target are looked at; undefined where the levels are those of no matrix. */
  readonly block?: { readonly name: string; readonly rows: number; readonly cols: number };
  /** Marchenko-Pastur law of the first weights of the block; undefined where they have no such law. */
  readonly startLaw?: MarchenkoPastur;
  /** How strongly levels repel that are those of no matrix; 1 for those of a real one. */
  readonly beta: Beta;
  /** Levels of the weights that made the targets, descending. */
  readonly targetLevels?: readonly number[];
  /** Why something cannot be seen in this run, by what it is. */
  readonly missing: Readonly<Record<string, string>>;
  /** T of the noise at the first step; undefined where there is none. */
  readonly temperature?: number;
}

export interface Roles {
  readonly levels?: string;
  readonly loss?: string;
  readonly overlap?: string;
  readonly features?: string;
  readonly weights?: string;
  /** All other channels that are one number. */
  readonly numbers: readonly string[];
}

export type LiveEvent =
  | LiveStart
  | { readonly type: 'frame'; readonly frame: LiveFrame }
  | { readonly type: 'end'; readonly status: RunStatus; readonly step: number; readonly trajectory?: string }
  | { readonly type: 'failed'; readonly message: string };

/** What of a run is looked at. */
export interface Watch {
  /** Name of a weight matrix; the largest one where it is not given, or the model has none of that name. */
  readonly block?: string;
}

/** What computing a sweep in the tab will take. */
export interface Estimate {
  readonly runs: number;
  /** Runs that are there already. */
  readonly stored: number;
  readonly stepsPerRun: number;
  /** At most. */
  readonly bytesPerRun: number;
  /** What a user should know before; nothing of it is a mistake for certain. */
  readonly warnings: readonly string[];
}

/** A run of a sweep as the pool gives it: its row, and its file unless it failed. */
export interface ComputedRun {
  readonly row: RunRow;
  readonly bytes?: Uint8Array;
}

/** How fast a run is watched. */
export interface Speed {
  readonly playing: boolean;
  /** Infinity: as fast as it goes. */
  readonly stepsPerSecond: number;
}

/** A component as the controls offer it. */
export interface CatalogueEntry {
  readonly kind: ComponentKind;
  readonly name: string;
  /** The word under `plugins` with which a scenario lists the plugin that brings it. */
  readonly plugin: string;
  /** One sentence without a full stop. */
  readonly doc: string;
  readonly cite: readonly string[];
  readonly params: ParameterSchema;
}

/** What can stand in the controls: of all plugins that are loaded. */
export interface Catalogue {
  /** Fields of a scenario beside its components, as JSON Schema. */
  readonly fields: Readonly<Record<string, JsonSchema>>;
  /** By kind, in the order of loading. */
  readonly components: readonly CatalogueEntry[];
}

/** A mistake in a scenario, at the path where it stands. */
export interface Fault {
  readonly path: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** A scenario that comes with eigenflow, made short enough to be watched. */
export interface Preset {
  /** Stands in the URL. */
  readonly name: string;
  readonly title: string;
  /** What to look for, in a sentence. */
  readonly look: string;
  /** Papers that the system is from. */
  readonly cite: readonly string[];
  readonly group: 'phases' | 'neighbours';
  readonly scenario: Scenario;
  /** Where to begin; the first values of all axes that are not named. */
  readonly at: Place['at'];
}

/** Levels of W W^T of one layer of a checkpoint, and what they say. */
export interface LayerSpectrum {
  readonly layer: string;
  readonly rows: number;
  readonly cols: number;
  /** As `eigenflow analyse` says it. */
  readonly sentence: string;
  /** Of the last checkpoint, descending. */
  readonly levels: Float64Array;
  /** Variance of the entries of the bulk, and the edges of its Marchenko-Pastur law; undefined where none was fitted. */
  readonly law?: { readonly entryVariance: number; readonly low: number; readonly high: number };
  readonly rank: number;
  /** By name, as in evidence.csv; NaN where not measured. */
  readonly values: Readonly<Record<string, number>>;
  /** Largest levels of every checkpoint, where there are several. */
  readonly flow?: { readonly step: readonly number[]; readonly levels: readonly Float64Array[] };
}

export interface CheckpointSpectra {
  readonly checkpoints: number;
  /** What the numbers in the names count, such as `step`; '' where they have none. */
  readonly label: string;
  readonly layers: readonly LayerSpectrum[];
  /** Matrices that were left out, because there are so many. */
  readonly left: readonly string[];
  /** Weights that are not finite. */
  readonly faults: readonly string[];
}

/** A file of code that the user has opened, after a warning. */
export interface PluginFile {
  /** Without its folders. */
  readonly name: string;
  readonly source: string;
}

/** A plugin that was loaded from a file. */
export interface OwnPlugin {
  /** The word under `plugins` with which scenarios list it. */
  readonly listedAs: string;
  readonly name: string;
  readonly version: string;
  readonly components: readonly { readonly kind: ComponentKind; readonly name: string; readonly doc: string }[];
}

/** What a worker does for the page. One worker does one thing at a time; a page has several. */
export interface Engine {
  catalogue(): Promise<Catalogue>;
  presets(): Promise<readonly Preset[]>;
  /** The first mistake of a scenario at a place, found by creating the run; undefined where there is none. */
  check(scenario: Scenario, place: Place): Promise<Fault | undefined>;
  /** @throws EigenflowError that names the file and the mistake */
  readCheckpoints(files: readonly StudyFile[]): Promise<CheckpointSpectra>;
  /** Runs a file of code. @throws EigenflowError `plugin` for what is no plugin */
  addPlugin(file: PluginFile): Promise<OwnPlugin>;
  /** Opens results, an exported map or a scenario. @throws Error that names the mistake */
  openStudy(files: readonly StudyFile[]): Promise<Study>;
  /** Makes the arrays of a study readable for runs, without opening it. */
  mountArrays(files: readonly StudyFile[]): void;
  /** Files of a zip archive, as `openStudy` takes them. @throws Error */
  unpack(archive: Uint8Array, name: string): StudyFile[];
  /** @param where values of axes that the map does not show, in place of those that it names */
  map(name: string, where?: Place['at']): MapTable;
  runsAt(at: Place['at']): readonly StoredRun[];
  /** @param onProgress hears parts from 0 to 1 */
  replay(id: string, onProgress: (part: number) => void): Promise<Replay>;
  /** Ends the replay that goes on, if any. */
  stopReplay(): void;
  /** The scenario of one place, alone, as the command runs it to the same bits. */
  scenarioAt(scenario: Scenario, place: Place): Scenario;
  /** Makes the open study one that is computed here. @throws Error for a scenario that cannot be run */
  beginSweep(): Promise<Estimate>;
  /** Number of the run to compute next; undefined where none is left or all are under way. @param focus what is looked at */
  takeRun(focus: Place['at'] | undefined): number | undefined;
  /** Gives back a run that was taken and not computed. */
  releaseRun(number: number): void;
  keepRun(number: number, computed: ComputedRun): void;
  /** The study with what has been kept so far. */
  settleSweep(): Promise<Study>;
  /** The results folder as a zip archive, which `eigenflow run` goes on with. */
  archive(): Uint8Array;
  /** Computes a run of the open study's sweep. */
  computeRun(number: number): Promise<ComputedRun>;
  /** Starts a run to watch; the one before it ends. */
  start(scenario: Scenario, place: Place, on: (event: LiveEvent) => void, watch?: Watch): void;
  setSpeed(speed: Speed): void;
  /** Makes so many steps, while it does not play. */
  step(count: number): void;
  /** Lets runs to watch go no further than to this step, until another one is said. */
  holdAt(step: number): void;
  stop(): void;
}
