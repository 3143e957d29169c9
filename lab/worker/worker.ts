// What runs in a Web Worker: the engine behind the calls of protocol.ts.
import { expose } from 'comlink';
import type { Engine } from '../protocol.js';
import { unpack } from './archive.js';
import { catalogueOf, check } from './catalogue.js';
import { readCheckpoints } from './checkpoints.js';
import { type LiveRun, openLiveRun } from './live-run.js';
import { importPlugin } from './own-plugin.js';
import { scenarioAt } from './place.js';
import { loadPlugins } from './plugins.js';
import { presets } from './presets.js';
import { replay } from './replay.js';
import { drawMap, type OpenStudy, openStudy, runsAt } from './study.js';

let open: OpenStudy | undefined;
let live: LiveRun | undefined;
let speed = { playing: false, stepsPerSecond: 1000 };

function opened(): OpenStudy {
  if (!open) throw new Error('no study is open in this worker');
  return open;
}

const noFiles = (path: string): never => {
  throw new Error(`no file ${path}: open the scenario together with its files`);
};

const engine: Engine = {
  catalogue: async () => catalogueOf(await loadPlugins()),
  presets: () => presets,
  check: (scenario, place) => check(scenario, place, open?.load ?? noFiles),
  readCheckpoints,
  addPlugin: importPlugin,
  async openStudy(files) {
    open = await openStudy(files);
    return open.study;
  },
  unpack: (archive, name) => unpack(archive, name),
  map: (name) => drawMap(opened(), name),
  runsAt: (at) => runsAt(opened(), at),
  replay: (id, onProgress) => replay(opened(), id, onProgress),
  scenarioAt,
  start(scenario, place, on) {
    live?.stop();
    live = openLiveRun(scenario, place, open?.load ?? noFiles, speed, on);
  },
  setSpeed(given) {
    speed = given;
    live?.setSpeed(given);
  },
  step: (count) => live?.step(count),
  stop() {
    live?.stop();
    live = undefined;
  },
};

expose(engine);
