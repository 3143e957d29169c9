// What the stored runs of a comparison say: every instance, and all of them together.

import { EigenflowError } from '../../core/errors.js';
import type { ComparisonReports } from './comparison-reports.js';
import { instanceFolder } from './instance-folders.js';
import { type InstancesVerdict, judgeInstances } from './instances.js';
import { readInstance } from './read-instance.js';

/** One surrogate over all instances. */
export interface InstancesReport {
  readonly surrogate: string;
  readonly verdicts: readonly InstancesVerdict[];
}

/** What it says of its own is said of the first instance. */
export interface ComparedInstances extends ComparisonReports {
  /** All, the first one first. */
  readonly instances: readonly ComparisonReports[];
  /** Empty for one instance, which has its own verdicts. */
  readonly overall: readonly InstancesReport[];
}

/** Settings of a comparison that its instances share. */
const sharedBy = ({ record: { levels, top, windows, surrogates, fitted } }: ComparisonReports): string =>
  JSON.stringify([levels, top, windows ?? [], surrogates, fitted ?? {}]);

/**
 * @param out folder of a comparison
 * @throws EigenflowError `results` as `readInstance`, or where an instance was compared in another way than the first
 */
export function readComparison(out: string): ComparedInstances {
  const first = readInstance(out);
  const others = Array.from({ length: (first.record.instances ?? 1) - 1 }, (_, i) => {
    const folder = instanceFolder(out, i + 2);
    const instance = readInstance(folder);
    if (sharedBy(instance) === sharedBy(first)) return instance;
    const remedy = 'the same "eigenflow compare" writes it again';
    throw new EigenflowError('results', folder, `was compared in another way than instance 1; ${remedy}`);
  });
  const instances = [first, ...others];
  const runs = instances.flatMap((instance) => instance.runs);
  if (others.length === 0) return { ...first, instances, overall: [], runs };
  const overall = first.reports.map(({ surrogate }, i): InstancesReport => {
    const own = instances.map(({ reports }) => reports[i]);
    const contrasts = own.map((report) => report.contrasts);
    try {
      const verdicts = own.map((report) => report.verdicts);
      return { surrogate, verdicts: judgeInstances(contrasts, verdicts) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new EigenflowError('results', out, `${surrogate}: ${error.message}`, { cause: error });
    }
  });
  return { ...first, instances, overall, runs };
}
