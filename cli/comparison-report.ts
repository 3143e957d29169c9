// The report of a comparison on the terminal.
import { describeNotFinite, largestFinite } from '../analysis/comparison/finite.js';
import { INSTANCES_NOTE, instancesLine } from '../analysis/comparison/instances-text.js';
import type { ComparedInstances } from '../analysis/comparison/read-comparison.js';
import { describeRealisations } from '../analysis/comparison/realisations.js';
import type { SurrogateReport } from '../analysis/comparison/surrogate-report.js';
import type { WindowVerdict } from '../analysis/comparison/verdict.js';
import {
  assumptionLine,
  fittedLines,
  POWER_NOTE,
  short,
  verdictLine,
  withError,
} from '../analysis/comparison/verdict-text.js';

/** Whether the surrogate's own step was small; nothing where it has no weights to ask. */
function surrogateStep(verdicts: readonly WindowVerdict[]): string[] {
  const steps = verdicts.map(({ assumptions }) => assumptions.surrogateStepTimesSharpness);
  const largest = largestFinite(steps.map(({ value }) => value)).value;
  const total = (count: 'notFinite' | 'of') => steps.reduce((sum, step) => sum + step[count], 0);
  const all = { value: largest, notFinite: total('notFinite'), of: total('of') };
  const told = Number.isFinite(largest) ? `${short(largest, 2)} at most` : 'not known';
  return all.of === 0 ? [] : [`  its own step x sharpness: ${told}${describeNotFinite(all)}`];
}

/** Nothing for one instance. */
function overInstances({ instances, overall }: ComparedInstances): string[] {
  if (overall.length === 0) return [];
  return [
    ...overall.flatMap(({ surrogate, verdicts }) => [
      '',
      `${surrogate}, over ${instances.length} instances`,
      ...verdicts.map((verdict) => `  ${instancesLine(verdict)}`),
    ]),
    '',
    INSTANCES_NOTE,
  ];
}

export function verdictTable(compared: ComparedInstances): string {
  const { reports, instances } = compared;
  const others = instances
    .slice(1)
    .flatMap((instance, i) =>
      instance.reports.flatMap(({ surrogate, verdicts }) => [
        '',
        `${surrogate}, instance ${i + 2}`,
        ...verdicts.map((verdict) => `  ${verdictLine(verdict)}`),
      ]),
    );

  const ofSurrogate = ({ surrogate, fitted, realisations, verdicts, spacings }: SurrogateReport) => [
    '',
    `${surrogate}, ${describeRealisations(realisations.surrogate)}, by window of learning time`,
    ...fittedLines({ fitted, realisations }).map((line) => `  ${line}`),
    ...verdicts.map((verdict) => `  ${verdictLine(verdict)}`),
    ...surrogateStep(verdicts),
    ...(spacings.length > 0 ? ['  spacings at the end (two-sample Kolmogorov-Smirnov):'] : []),
    ...spacings.map(
      (s) =>
        `    levels ${s.level}, ${s.level + 1}: mean ${withError(s.reference)} and ${withError(s.surrogate)}, ` +
        `p = ${short(s.pValue, 2)}, N = ${s.reference.n} and ${s.surrogate.n}`,
    ),
  ];
  return [
    ...(instances.length > 1 ? ['', 'instance 1'] : []),
    '',
    `what the theory assumes, as measured under SGD${reports[0] ? `, ${describeRealisations(reports[0].realisations.reference)}` : ''}`,
    ...(reports[0]?.verdicts.map((verdict) => `  ${assumptionLine(verdict)}`) ?? []),
    ...reports.flatMap(ofSurrogate),
    ...others,
    ...overInstances(compared),
    '',
    POWER_NOTE,
  ].join('\n');
}
