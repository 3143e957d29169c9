// What runs in a Web Worker: the engine behind the calls of protocol.ts.
import { expose } from 'comlink';
import { scenarioSchema } from '../../core/scenario/scenario-schema.js';
import type { Engine } from '../protocol.js';
import { unpack } from './archive.js';
import { createComparisonEngine } from './comparison-engine.js';
import { type LiveRun, openLiveRun } from './live-run.js';
import { scenarioAt } from './place.js';
import { loadPlugins } from './plugins.js';
import { replay } from './replay.js';
import { drawMap, type OpenStudy, openStudy, runsAt } from './study.js';

let open: OpenStudy | undefined;
let live: LiveRun | undefined;
let speed = { playing: false, stepsPerSecond: 1000 };
let limit = Number.POSITIVE_INFINITY;

function opened(): OpenStudy {
  if (!open) throw new Error('no study is open in this worker');
  return open;
}

const noFiles = (path: string): never => {
  throw new Error(`no file ${path}: open the scenario together with its files`);
};

const engine: Engine = {
  ...createComparisonEngine((path) => (open?.load ?? noFiles)(path)),
  async catalogue() {
    const plugins = await loadPlugins();
    return {
      schema: scenarioSchema(plugins),
      components: plugins.flatMap(({ listedAs, plugin }) =>
        plugin.components.map(({ kind, name, summary }) => ({ kind, name, plugin: listedAs, doc: summary })),
      ),
    };
  },
  async openStudy(files) {
    open = await openStudy(files);
    return open.study;
  },
  unpack: (archive, name) => unpack(archive, name),
  map: (name) => drawMap(opened(), name),
  runsAt: (at) => runsAt(opened(), at),
  replay: (id, onProgress) => replay(opened(), id, onProgress),
  scenarioAt,
  start(scenario, place, on, watch = {}) {
    live?.stop();
    live = openLiveRun(scenario, place, watch, { load: open?.load ?? noFiles, speed, on });
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
