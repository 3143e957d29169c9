// The structure of a manifest that may come from somebody else: what it names becomes memory, and names of files.
import { EigenflowError } from '../../errors.js';
import { checkKeysAndDepth } from '../../scenario/untrusted.js';

/** Cells times seeds; far above any study, and far below what exhausts memory. */
const MOST_RUNS = 1e7;
const MOST_NAME = 200;

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isList = (value: unknown, of: (entry: unknown) => boolean) => Array.isArray(value) && value.every(of);
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** Names of axes and channels become names of arrays in an export, which are folders in some formats. */
export function isPlainName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return name.length > 0 && name.length <= MOST_NAME && !/[/\\:\u0000-\u001f]/.test(name) && !/^\.|\.\./.test(name);
}

const isAxis = (axis: unknown) =>
  isTree(axis) &&
  isText(axis.name) &&
  isPlainName(axis.name) &&
  Array.isArray(axis.values) &&
  isText(axis.unit) &&
  isCount(axis.group);

const isChannel = (channel: unknown) =>
  isTree(channel) &&
  isList(channel.shape, isCount) &&
  isList(channel.dims, (name) => isText(name) && isPlainName(name)) &&
  [channel.unit, channel.doc, channel.component].every(isText);

/** The part of a manifest that is wrong; undefined when nothing is. */
function wrongPart(manifest: Tree): string | undefined {
  const { title, scenario, versions, kernels, axes, seeds, channels, labels, citations } = manifest;
  if (!isText(title)) return 'title';
  if (!isTree(scenario)) return 'scenario';
  if (!isTree(versions) || !isTree(versions.plugins) || !isText(versions.eigenflow)) return 'versions';
  if (!isTree(kernels) || !isText(kernels.name) || !isText(kernels.hash)) return 'kernels';
  if (!isList(axes, isAxis)) return 'axes';
  if (!isCount(seeds)) return 'seeds';
  if (!isTree(channels)) return 'channels';
  const bad = Object.entries(channels).find(([name, channel]) => !isPlainName(name) || !isChannel(channel));
  if (bad) return `channels.${bad[0].slice(0, MOST_NAME)}`;
  if (!isList(labels, isText)) return 'labels';
  if (!isList(citations, isText)) return 'citations';
  const groups = new Map(
    (axes as { group: number; values: unknown[] }[]).map((axis) => [axis.group, axis.values.length]),
  );
  const runs = [...groups.values()].reduce((product, length) => product * length, seeds as number);
  return runs > MOST_RUNS ? `axes (${runs} runs; at most ${MOST_RUNS})` : undefined;
}

/** @throws EigenflowError `results` that names the part that is not as eigenflow writes it */
export function checkManifest(manifest: Tree, path: string): void {
  checkKeysAndDepth(manifest, path, 'results');
  const wrong = wrongPart(manifest);
  if (wrong !== undefined) {
    throw new EigenflowError(
      'results',
      path,
      `is not as eigenflow writes it (${wrong}); restore it, or use another folder`,
    );
  }
}
