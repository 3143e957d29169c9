// The structure of a manifest that may come from somebody else: what it names becomes memory, and names of files.
import { EigenflowError, isEigenflowError } from '../../core/errors.js';
import { checkStoredScenario } from '../../core/scenario/parse.js';
import { MOST_RUNS } from '../../core/scenario/sweep.js';
import { checkKeysAndDepth } from '../../core/scenario/untrusted.js';
import {
  areVersions,
  BUILDS,
  isCount,
  isKernels,
  isList,
  isMissingOr,
  isPlainName,
  isText,
  isTree,
  MOST_NAME,
  type Tree,
} from './stored-shape.js';

const isAxis = (axis: unknown) =>
  isTree(axis) &&
  isText(axis.name) &&
  isPlainName(axis.name) &&
  Array.isArray(axis.values) &&
  axis.values.length > 0 &&
  isText(axis.unit) &&
  isCount(axis.group);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const isLabel = (label: unknown) => isText(label) && label.length <= MOST_NAME && !/[\u0000-\u001f]/.test(label);

const isChannel = (channel: unknown) =>
  isTree(channel) &&
  isList(channel.shape, isCount) &&
  isList(channel.dims, (name) => isText(name) && isPlainName(name)) &&
  isMissingOr(channel.label, isLabel) &&
  [channel.unit, channel.doc, channel.component].every(isText) &&
  isMissingOr(channel.leavesOut, isText);

const isResolvedUse = (use: unknown) => isTree(use) && isText(use.use) && isTree(use.params);

const isResolvedRun = (run: unknown) =>
  isTree(run) &&
  isCount(run.rootSeed) &&
  [run.length, run.limits, run.observers].every(isTree) &&
  isMissingOr(run.classifier, isResolvedUse) &&
  [run.model, run.loss, run.noise, run.optimiser, ...Object.values(run.observers as Tree)].every(isResolvedUse);

const isCheckpoints = (record: unknown) =>
  isTree(record) &&
  isList(record.files, (file) => isTree(file) && isText(file.name) && isCount(file.step)) &&
  isList(
    record.layers,
    (layer) => isTree(layer) && isText(layer.name) && isList(layer.shape, isCount) && isMissingOr(layer.dtype, isText),
  ) &&
  isTree(record.told);

/** Groups of axes by number: their lengths, or undefined where axes that vary together differ in length. */
function lengthsOf(axes: readonly { readonly group: number; readonly values: readonly unknown[] }[]) {
  const lengths = new Map(axes.map(({ group, values }) => [group, values.length]));
  return axes.every(({ group, values }) => lengths.get(group) === values.length) ? [...lengths.values()] : undefined;
}

/** The part of a manifest that is wrong; undefined when nothing is. */
function wrongPart(manifest: Tree): string | undefined {
  const { title, checkpoints, scenarioFolder, versions, resolved, kernels, axes, seeds, channels, labels, citations } =
    manifest;
  if (!isText(title)) return 'title';
  if (!isMissingOr(checkpoints, isCheckpoints)) return 'checkpoints';
  if (!isMissingOr(scenarioFolder, isText)) return 'scenarioFolder';
  if (!areVersions(versions)) return 'versions';
  if (!isMissingOr(resolved, isResolvedRun)) return 'resolved';
  if (!isKernels(kernels)) return `kernels: a build of ${Object.keys(BUILDS).join(' or ')}, with its hash`;
  if (!isList(axes, isAxis)) return 'axes';
  if (!isCount(seeds) || seeds === 0) return 'seeds';
  if (!isTree(channels)) return 'channels';
  const bad = Object.entries(channels).find(([name, channel]) => !isPlainName(name) || !isChannel(channel));
  if (bad) return `channels.${bad[0].slice(0, MOST_NAME)}`;
  if (!isList(labels, isText)) return 'labels';
  if (!isList(citations, isText)) return 'citations';
  const known = axes as { name: string; group: number; values: unknown[] }[];
  if (new Set(known.map(({ name }) => name)).size < known.length) return 'axes: a name is there twice';
  const lengths = lengthsOf(known);
  if (lengths === undefined) return 'axes: those of one group differ in length';
  const runs = lengths.reduce((product, length) => product * length, seeds as number);
  return runs > MOST_RUNS ? `axes (${runs} runs; at most ${MOST_RUNS})` : undefined;
}

export const notAsWritten = (path: string, wrong: string, cause?: unknown) =>
  new EigenflowError('results', path, `is not as eigenflow writes it (${wrong}); restore it, or use another folder`, {
    cause,
  });

/**
 * What `act` makes of the scenario of a manifest. A mistake in it is told with the file that it stands in.
 *
 * @param path of the manifest
 * @throws EigenflowError `results` in place of `scenario`
 */
export function asStored<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!isEigenflowError(error) || error.code !== 'scenario') throw error;
    const at = error.path === '' ? 'scenario' : `scenario.${error.path}`;
    throw notAsWritten(path, `${at}: ${error.reason}`, error);
  }
}

/** @throws EigenflowError `results` that names the part that is not as eigenflow writes it */
export function checkManifest(manifest: Tree, path: string): void {
  checkKeysAndDepth(manifest, path, 'results');
  asStored(path, () => checkStoredScenario(manifest.scenario, { hasRun: manifest.checkpoints === undefined }));
  const wrong = wrongPart(manifest);
  if (wrong !== undefined) throw notAsWritten(path, wrong);
}
