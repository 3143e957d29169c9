// comparison.json: what the results folders of a comparison are, so that its report and its figure can be made again
// without the scenario.
import { EigenflowError, isEigenflowError } from '../../core/errors.js';
import {
  above,
  checkKeysAndDepth,
  type Infer,
  list,
  oneOf,
  open,
  optional,
  record,
  text,
  whole,
} from '../../core/schema/schema.js';
import { isHeld, readHeld, writeHeld } from '../../node/files/held-files.js';
import { isNamedFolder } from '../../node/files/named-file.js';
import { plainName } from '../../node/results/check-manifest.js';
import { comparisonPath } from '../../node/results/results-folder.js';

/**
 * Realisations of the reference that coefficients were measured on: half of them, every other one from the first on, so
 * that the surrogate is compared with the rest; or all, with which it is then compared as well.
 */
const fittedOn = oneOf('half', 'all');
export type FittedOn = Infer<typeof fittedOn>;

const RECORD = open({
  format: oneOf('eigenflow-comparison'),
  schema: oneOf(1),
  title: text,
  /** Name of the scenario's file. */
  scenario: text,
  /** The channel that is compared. */
  levels: text,
  /** How many of the largest levels. */
  top: whole(1),
  /** Whether levels are compared by their rank or place by place; missing: by their rank. */
  match: optional(oneOf('by-size', 'by-place')),
  /** Ends of the windows; unit: learning time. Missing: quarters of the whole. */
  windows: optional(list(above(0))),
  /** Names of their results folders. */
  surrogates: list(plainName, 1),
  /** How many instances, this one and those in folders of it; missing: one. */
  instances: optional(whole(1)),
  /** How the dynamics that a surrogate declares differ from those of the reference, by its name; where they do. */
  differences: optional(record(list(text))),
  /** What measured coefficients were fitted to, by the name of the surrogate that has them. */
  fitted: optional(record(fittedOn)),
});
export type ComparisonRecord = Infer<typeof RECORD>;

/** What the writer of a record gives. */
export type ComparisonContent = Omit<ComparisonRecord, 'format' | 'schema'>;

const MOST_BYTES = 2 ** 20;

export const isComparison = (folder: string): boolean =>
  isNamedFolder(folder) && isHeld(folder, comparisonPath(folder));

export async function writeComparisonRecord(out: string, content: ComparisonContent): Promise<void> {
  const record: ComparisonRecord = { format: 'eigenflow-comparison', schema: 1, ...content };
  await writeHeld(out, comparisonPath(out), `${JSON.stringify(record, null, 2)}\n`);
}

/** @throws EigenflowError `results` */
export function readComparisonRecord(out: string): ComparisonRecord {
  const path = comparisonPath(out);
  const damaged = (what: string, cause?: unknown) =>
    new EigenflowError('results', path, `${what}; the same "eigenflow compare" writes it again`, { cause });
  let content: unknown;
  try {
    content = JSON.parse(readHeld(out, path, { maxBytes: MOST_BYTES }).toString());
  } catch (cause) {
    throw isEigenflowError(cause) ? cause : damaged('is not valid JSON', cause);
  }
  checkKeysAndDepth(content, path, 'results');
  try {
    RECORD.check(content, '');
  } catch (cause) {
    throw isEigenflowError(cause) ? damaged(`is not the record of a comparison: ${cause.message}`, cause) : cause;
  }
  return content as ComparisonRecord;
}
