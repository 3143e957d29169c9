// What the parts of JSON files look like that eigenflow writes and somebody else may have changed.
import type { KernelBuildName } from '../../core/kernels/kernels.js';

export const BUILDS: Readonly<Record<KernelBuildName, true>> = { strict: true, relaxed: true };
export const MOST_NAME = 200;

export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isList = (value: unknown, of: (entry: unknown) => boolean) => Array.isArray(value) && value.every(of);
export const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
export const areTexts = (value: unknown) => isTree(value) && Object.values(value).every(isText);
/** What older folders, or some kinds of results, do not have. */
export const isMissingOr = (value: unknown, is: (value: unknown) => boolean) => value === undefined || is(value);

/** Names of axes and channels become names of arrays in an export, which are folders in some formats. */
export function isPlainName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return name.length > 0 && name.length <= MOST_NAME && !/[/\\:\u0000-\u001f]/.test(name) && !/^\.|\.\./.test(name);
}

export const areVersions = (versions: unknown) =>
  isTree(versions) &&
  areTexts(versions.plugins) &&
  isText(versions.eigenflow) &&
  isText(versions.node) &&
  isMissingOr(versions.contract, isCount) &&
  isMissingOr(versions.code, areTexts);

export const isKernels = (kernels: unknown) =>
  isTree(kernels) &&
  isText(kernels.name) &&
  Object.hasOwn(BUILDS, kernels.name) &&
  isText(kernels.hash) &&
  typeof kernels.portable === 'boolean';
