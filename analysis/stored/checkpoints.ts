// Weight trajectories that eigenflow did not make: from a folder of checkpoints to a results folder with spectra, spacing
// statistics, outliers and level flow of every layer.
import { basename, join } from 'node:path';
import type { Registry } from '../../core/container.js';
import type { RunResult } from '../../core/engine/gather.js';
import { kernelBuild } from '../../core/kernels/create-kernels.js';
import { RESULTS_SCHEMA } from '../../core/scenario/identity.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { makeHeldFolder, writeHeld } from '../../node/files/held-files.js';
import { type CheckpointRecord, type Manifest, manifestPath, manifestText } from '../../node/results/results-folder.js';
import { writeRun } from '../../node/results/run-file.js';
import { formatRunsTable } from '../../node/results/runs-table.js';
import { tablePath } from '../../node/results/stored-rows.js';
import { packageVersion } from '../../node/scenario/load-module.js';
import { type BuiltinPlugins, loadPlugins } from '../../node/scenario/load-plugins.js';
import type { Checkpoints } from './checkpoint-files.js';
import { measuredPart, recordOf } from './checkpoint-record.js';
import { checkAnalysisFolder, removeEarlier } from './earlier-analysis.js';
import { evidenceTable, type LayerEvidence } from './layer-evidence.js';
import {
  type CheckpointReading,
  OBSERVERS,
  observeCheckpoints,
  openCheckpoints,
  PLUGINS,
} from './observe-checkpoints.js';
import { faultText, type WeightFault } from './weight-faults.js';

export interface CheckpointRequest extends CheckpointReading {
  /** Results folder. */
  readonly out: string;
}

export interface CheckpointAnalysis {
  readonly out: string;
  readonly checkpoints: Checkpoints;
  /** Weights that are not finite: the first of every layer of every checkpoint that has some. */
  readonly faults: readonly WeightFault[];
  readonly result: RunResult;
  readonly evidence: readonly LayerEvidence[];
}

/** Name and version of the plugin that an observer is from. */
function owner(registry: Registry, use: string): [string, string] {
  const { name, version } = registry.owner('observer', use);
  return [name, version];
}

function manifestOf(
  scenario: Scenario,
  registry: Registry,
  channels: RunResult['channels'],
  build: 'strict',
  checkpoints: CheckpointRecord,
): Manifest {
  const { name, hash, portable } = kernelBuild(build);
  const used = Object.values(OBSERVERS).flatMap((use) => registry.find('observer', use, use).cite);
  return {
    format: 'eigenflow-results',
    schema: RESULTS_SCHEMA,
    title: scenario.title,
    scenario: measuredPart(scenario),
    checkpoints,
    versions: {
      eigenflow: packageVersion(),
      node: process.version,
      plugins: Object.fromEntries(Object.values(OBSERVERS).map((use) => owner(registry, use))),
    },
    citations: [...new Set(used)].sort(),
    kernels: { name, hash, portable },
    axes: [],
    seeds: 1,
    channels,
    labels: [],
  };
}

/** What is not finite is told wherever the results are read. */
const withFaults = (scenario: Scenario, faults: readonly WeightFault[]): Scenario => ({
  ...scenario,
  ...(faults.length > 0 && {
    description: faults.map((fault) => `${faultText({ ...fault, path: basename(fault.path) })}.`).join(' '),
  }),
});

/**
 * Reads the checkpoints one after the other and writes a results folder with a single run, and evidence.csv, in place of
 * those of an earlier analysis. Spectra need the weights alone; what is said in learning times or T needs the protocol.
 *
 * @param folder of checkpoints, or a single one
 * @param tell hears of every checkpoint
 * @throws EigenflowError `results`, `arrays` or `file` for checkpoints that cannot be read as a trajectory of these layers,
 *   and for a results folder that holds something else; nothing has been written by then
 */
export async function analyseCheckpoints(
  folder: string,
  request: CheckpointRequest,
  builtin: BuiltinPlugins,
  report: () => void,
): Promise<CheckpointAnalysis> {
  const { out } = request;
  const opened = openCheckpoints(folder, request);
  checkAnalysisFolder(out);
  const { checkpoints, first, layers, scenario } = opened;
  const plugins = await loadPlugins(PLUGINS, folder, builtin);
  const { registry, config, result, faults, evidence } = await observeCheckpoints(opened, request, plugins, report);
  makeHeldFolder(out, join(out, 'runs'));
  removeEarlier(out);
  const record = recordOf(request, layers, checkpoints.found, first);
  const manifest = manifestOf(withFaults(scenario, faults), registry, result.channels, 'strict', record);
  await writeHeld(out, manifestPath(out), manifestText(manifest));
  await writeRun(out, config, result);
  const row = { id: config.id, axes: {}, seed: 0, status: result.status, steps: result.steps } as const;
  await writeHeld(out, tablePath(out), formatRunsTable([], [{ ...row, seconds: Number.NaN, label: '', message: '' }]));
  await writeHeld(out, join(out, 'evidence.csv'), evidenceTable(evidence));
  return { out, checkpoints, faults, result, evidence };
}
