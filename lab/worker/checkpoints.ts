// Checkpoints that the user drops on the page: spectra of their layers, by the same code as `eigenflow analyse`.

import { openCheckpoint } from '../../analysis/stored/checkpoint-arrays.js';
import { listCheckpoints } from '../../analysis/stored/checkpoint-files.js';
import type { LayerEvidence } from '../../analysis/stored/layer-evidence.js';
import { layerSentence } from '../../analysis/stored/layer-sentence.js';
import { matricesIn, observerName } from '../../analysis/stored/layers.js';
import { observeCheckpoints, openCheckpoints, PLUGINS } from '../../analysis/stored/observe-checkpoints.js';
import { faultText } from '../../analysis/stored/weight-faults.js';
import type { Series } from '../../core/contracts/classifier.js';
import type { RunResult } from '../../core/engine/gather.js';
import { marchenkoPasturEdges } from '../../core/theory/random-matrix/marchenko-pastur.js';
import type { CheckpointSpectra, LayerSpectrum } from '../protocol.js';
import { mountFolder, unmountFolder } from './node/fs.js';
import { loadPlugins } from './plugins.js';
import { withoutCommonFolder } from './study.js';
import type { StudyFile } from './study-file.js';

/** A page shows no more of them; `eigenflow analyse` takes any number. */
const MOST_LAYERS = 24;
/** Numbers of a matrix, whose spectrum a tab computes in seconds. */
const MOST_NUMBERS = 2 ** 22;
/** Levels of the flow. */
const TOP = 8;

const frameOf = ({ data, step }: Series, k: number) => {
  const width = data.length / step.length;
  return data.slice(k * width, (k + 1) * width);
};

function spectrumOf(evidence: LayerEvidence, { series }: RunResult): LayerSpectrum | undefined {
  const { layer, rows, cols, values } = evidence;
  const levels = series.get(`${observerName('levels', layer)}.levels`);
  if (!levels) return undefined;
  const frames = levels.step.length;
  const entryVariance = values['entry variance last'];
  const edges = entryVariance > 0 ? marchenkoPasturEdges({ rows, cols, entryVariance }) : undefined;
  return {
    layer,
    rows,
    cols,
    sentence: layerSentence(evidence),
    levels: frameOf(levels, frames - 1),
    ...(edges && { law: { entryVariance, low: edges.lower, high: edges.upper } }),
    rank: values['rank last'],
    values,
    ...(frames > 1 && {
      flow: {
        step: [...levels.step],
        levels: Array.from({ length: frames }, (_, k) => frameOf(levels, k).slice(0, TOP)),
      },
    }),
  };
}

let count = 0;

/** @throws EigenflowError that names the file and the mistake */
export async function readCheckpoints(given: readonly StudyFile[]): Promise<CheckpointSpectra> {
  const files = withoutCommonFolder(given);
  const folder = mountFolder(`checkpoints-${count++}`, files);
  try {
    // A single file is a checkpoint of its own; in a folder it would need the number of its step.
    const from = files.length === 1 ? `${folder}/${files[0].path}` : folder;
    const { found } = listCheckpoints(from);
    const arrays = openCheckpoint(found[0]);
    const sizeOf = (layer: string) => arrays.shapeOf(layer).reduce((product, length) => product * length, 1);
    const matrices = matricesIn(arrays);
    const fit = matrices.filter((layer) => sizeOf(layer) <= MOST_NUMBERS);
    const layers = (fit.length > 0 ? fit : matrices).slice(0, MOST_LAYERS);
    const request = { layers, stepsPerNumber: 1 };
    const plugins = (await loadPlugins()).filter(({ listedAs }) => PLUGINS.includes(listedAs));
    const opened = openCheckpoints(from, request);
    const { checkpoints } = opened;
    const { result, evidence, faults } = await observeCheckpoints(
      opened,
      request,
      plugins.map(({ plugin }) => plugin),
      () => {},
    );
    return {
      checkpoints: checkpoints.found.length,
      label: checkpoints.label,
      layers: evidence.map((one) => spectrumOf(one, result)).filter((spectrum) => spectrum !== undefined),
      left: matrices.filter((layer) => !layers.includes(layer)),
      faults: faults.map((fault) => faultText({ ...fault, path: fault.path.split('/').pop() ?? '' })),
    };
  } finally {
    unmountFolder(folder);
  }
}
