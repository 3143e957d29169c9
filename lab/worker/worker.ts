// What runs in a Web Worker: the engine behind the calls of protocol.ts.
import { expose, transfer } from 'comlink';
import type { ArrayLoader } from '../../core/scenario/resolve.js';
import type { ComparisonEngine } from '../comparison-protocol.js';
import type { Engine } from '../protocol.js';
import { unpack } from './archive.js';
import { comparisonCalls } from './comparison-calls.js';
import type { ComputedStudy } from './computed-study.js';
import { type LiveRun, openLiveRun } from './live-run.js';
import { scenarioAt } from './place.js';
import { loadPlugins } from './plugins.js';
import { replay, stopReplay } from './replay.js';
import { drawMap, mountArrays, type OpenStudy, openStudy, reopen } from './study.js';

let open: OpenStudy | undefined;
let computed: ComputedStudy | undefined;
let live: LiveRun | undefined;
let speed = { playing: false, stepsPerSecond: 1000 };
let limit = Number.POSITIVE_INFINITY;

function opened(): OpenStudy {
  if (!open) throw new Error('no study is open in this worker');
  return open;
}

function sweep(): ComputedStudy {
  if (!computed) throw new Error('no sweep is computed in this worker');
  return computed;
}

const noFiles = (path: string): never => {
  throw new Error(`no file ${path}: open the scenario together with its files`);
};

/** Arrays of the study that is open, or mounted. */
let load: ArrayLoader = noFiles;

const engine: Engine & ComparisonEngine = {
  ...comparisonCalls((path) => load(path)),
  async catalogue() {
    const { catalogueOf } = await import('./catalogue.js');
    return catalogueOf(await loadPlugins());
  },
  async presets() {
    const { presets } = await import('./presets.js');
    return presets;
  },
  async check(scenario, place) {
    const { check } = await import('./catalogue.js');
    return check(scenario, place, open?.load ?? noFiles);
  },
  async readCheckpoints(files) {
    const { readCheckpoints } = await import('./checkpoints.js');
    return readCheckpoints(files);
  },
  async addPlugin(file) {
    const { importPlugin } = await import('./own-plugin.js');
    return importPlugin(file);
  },
  async openStudy(files) {
    open = await openStudy(files);
    load = open.load;
    computed = undefined;
    return open.study;
  },
  mountArrays(files) {
    load = mountArrays(files);
  },
  unpack: (archive, name) => unpack(archive, name),
  map: (name, where) => drawMap(opened(), name, where),
  runsAt: (at) => opened().stored.at(at),
  replay: (id, onProgress) => replay(opened(), id, onProgress),
  stopReplay,
  scenarioAt,
  async beginSweep() {
    const { computeStudy } = await import('./computed-study.js');
    computed = computeStudy(opened());
    return computed.estimate;
  },
  takeRun: (focus) => sweep().take(focus),
  releaseRun: (number) => sweep().release(number),
  keepRun: (number, run) => sweep().keep(number, run),
  async settleSweep() {
    sweep().settle();
    open = await reopen(opened());
    return open.study;
  },
  archive() {
    const bytes = sweep().archive();
    return transfer(bytes, [bytes.buffer]);
  },
  async computeRun(number) {
    const { computeRun } = await import('./compute-run.js');
    const run = await computeRun(opened(), number);
    return run.bytes ? transfer(run, [run.bytes.buffer]) : run;
  },
  start(scenario, place, on, watch = {}) {
    live?.stop();
    live = openLiveRun(scenario, place, watch, { load, speed, on });
    live.holdAt(limit);
  },
  setSpeed(given) {
    speed = given;
    live?.setSpeed(given);
  },
  step: (count) => live?.step(count),
  holdAt(step) {
    limit = step;
    live?.holdAt(step);
  },
  stop() {
    live?.stop();
    live = undefined;
  },
};

expose(engine);
