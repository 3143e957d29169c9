// The structure of a phase map that may come from somebody else.
import { checkStoredScenario } from '../../core/scenario/parse.js';
import { checkKeysAndDepth } from '../../core/scenario/untrusted.js';
import { asStored, notAsWritten } from '../../node/results/check-manifest.js';
import {
  areVersions,
  BUILDS,
  isCount,
  isKernels,
  isList,
  isText,
  isTree,
  type Tree,
} from '../../node/results/stored-shape.js';

const isPositive = (value: unknown) => typeof value === 'number' && value > 0 && Number.isFinite(value);
const isWidth = (value: unknown) => value === 0 || isPositive(value);

const isAxis = (axis: unknown) => isTree(axis) && isText(axis.name) && isText(axis.unit);
const isColumn = (column: unknown) => isTree(column) && isText(column.unit) && isText(column.doc);

const areLabels = (labels: unknown) =>
  isList(labels, isText) && new Set(labels as string[]).size === (labels as string[]).length;

const isPart = (part: unknown) =>
  isTree(part) && isTree(part.scenario) && areVersions(part.versions) && isKernels(part.kernels);

/** Lengths for the initial width and T, then for batch size and length of training where these vary. */
const isSmoothness = (smoothness: unknown) =>
  isTree(smoothness) &&
  isList(smoothness.lengths, isPositive) &&
  [2, 3, 4].includes((smoothness.lengths as unknown[]).length) &&
  isPositive(smoothness.amplitude) &&
  isWidth(smoothness.instanceSpread);

/** The part that is wrong; undefined when nothing is. */
function wrongPart({
  title,
  versions,
  parts,
  citations,
  kernels,
  axes,
  seeds,
  classifiers,
  columns,
  smoothness,
}: Tree) {
  if (!isText(title)) return 'title';
  if (parts !== undefined && !isList(parts, isPart)) return 'parts';
  if (!areVersions(versions)) return 'versions';
  if (!isList(citations, isText)) return 'citations';
  if (!isKernels(kernels)) return `kernels: a build of ${Object.keys(BUILDS).join(' or ')}, with its hash`;
  if (!isList(axes, isAxis)) return 'axes';
  if (!isCount(seeds)) return 'seeds';
  if (!isTree(classifiers) || !Object.values(classifiers).every(areLabels)) return 'classifiers';
  if (!isTree(columns) || !Object.values(columns).every(isColumn)) return 'columns';
  const names = Object.keys(classifiers);
  if (!isTree(smoothness) || !names.every((name) => isSmoothness(smoothness[name]))) return 'smoothness';
  return undefined;
}

/** @throws EigenflowError `results` that names the part that is not as eigenflow writes it */
export function checkMap(map: Tree, path: string): void {
  checkKeysAndDepth(map, path, 'results');
  asStored(path, () => checkStoredScenario(map.scenario));
  const wrong = wrongPart(map);
  if (wrong !== undefined) throw notAsWritten(path, wrong);
  for (const part of (map.parts ?? []) as readonly Tree[]) asStored(path, () => checkStoredScenario(part.scenario));
}
