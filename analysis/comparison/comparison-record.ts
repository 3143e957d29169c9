// comparison.json: what the results folders of a comparison are, so that its report and its figure can be made again
// without the scenario.
import { existsSync } from 'node:fs';
import { EigenflowError, isEigenflowError } from '../../core/errors.js';
import { checkKeysAndDepth } from '../../core/scenario/untrusted.js';
import { writeFileAtomic } from '../../node/files/atomic-file.js';
import { readPlainFile } from '../../node/files/plain-file.js';
import { comparisonPath } from '../../node/results/results-folder.js';
import { isPlainName } from '../../node/results/stored-shape.js';

export interface ComparisonRecord {
  readonly format: 'eigenflow-comparison';
  readonly schema: 1;
  readonly title: string;
  /** Name of the scenario's file. */
  readonly scenario: string;
  /** The channel that is compared. */
  readonly levels: string;
  /** How many of the largest levels. */
  readonly top: number;
  /** Ends of the windows; unit: learning time. Missing: quarters of the whole. */
  readonly windows?: readonly number[];
  /** Names of their results folders. */
  readonly surrogates: readonly string[];
  /** How the dynamics that a surrogate declares differ from those of the reference, by its name; where they do. */
  readonly differences?: Readonly<Record<string, readonly string[]>>;
  /** What measured coefficients were fitted to, by the name of the surrogate that has them. */
  readonly fitted?: Readonly<Record<string, FittedOn>>;
}

/**
 * Realisations of the reference that coefficients were measured on: half of them, every other one from the first on, so
 * that the surrogate is compared with the rest; or all, with which it is then compared as well.
 */
export type FittedOn = 'half' | 'all';

/** What the writer of a record gives. */
export type ComparisonContent = Omit<ComparisonRecord, 'format' | 'schema'>;

const MOST_BYTES = 2 ** 20;

export const isComparison = (folder: string): boolean => existsSync(comparisonPath(folder));

export async function writeComparisonRecord(out: string, content: ComparisonContent): Promise<void> {
  const record: ComparisonRecord = { format: 'eigenflow-comparison', schema: 1, ...content };
  await writeFileAtomic(comparisonPath(out), `${JSON.stringify(record, null, 2)}\n`);
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The field that is not as eigenflow writes it; undefined when all are. */
function wrongField(record: Record<string, unknown>): string | undefined {
  const { format, schema, title, scenario, levels, top, windows, surrogates } = record;
  if (format !== 'eigenflow-comparison') return 'format';
  if (schema !== 1) return 'schema';
  if (typeof title !== 'string') return 'title';
  if (typeof scenario !== 'string') return 'scenario';
  if (typeof levels !== 'string') return 'levels';
  if (!Number.isSafeInteger(top) || (top as number) < 1) return 'top';
  if (windows !== undefined && !(Array.isArray(windows) && windows.every((time) => time > 0))) return 'windows';
  const areNames =
    Array.isArray(surrogates) && surrogates.every((name) => typeof name === 'string' && isPlainName(name));
  if (!areNames || surrogates.length === 0) return 'surrogates';
  const { differences = {}, fitted = {} } = record;
  const isListOfTexts = (list: unknown) => Array.isArray(list) && list.every((text) => typeof text === 'string');
  if (!isTree(differences) || !Object.values(differences).every(isListOfTexts)) return 'differences';
  return isTree(fitted) && Object.values(fitted).every((on) => on === 'half' || on === 'all') ? undefined : 'fitted';
}

/** @throws EigenflowError `results` */
export function readComparisonRecord(out: string): ComparisonRecord {
  const path = comparisonPath(out);
  const damaged = (what: string, cause?: unknown) =>
    new EigenflowError('results', path, `${what}; the same "eigenflow compare" writes it again`, { cause });
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(readPlainFile(path, { maxBytes: MOST_BYTES }).toString());
  } catch (cause) {
    throw isEigenflowError(cause) ? cause : damaged('is not valid JSON', cause);
  }
  checkKeysAndDepth(record, path, 'results');
  const wrong = typeof record === 'object' && record !== null ? wrongField(record) : 'format';
  if (wrong !== undefined) throw damaged(`is not the record of a comparison: ${wrong}`);
  return record as unknown as ComparisonRecord;
}
