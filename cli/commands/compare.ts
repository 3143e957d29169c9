// `eigenflow compare`: SGD and its surrogates from the same weights on the same data at equal learning time, and a
// report of where they agree.
import { basename, extname, join } from 'node:path';
import { Command } from 'commander';
import { type Contrast, contrast } from '../../core/comparison/ensemble.js';
import { contrastSpacings, type SpacingContrast } from '../../core/comparison/spacings.js';
import { judge, type Measured, type WindowVerdict } from '../../core/comparison/verdict.js';
import { comparisonSpec } from '../../core/figures/comparison-spec.js';
import { prepareComparison, REFERENCE, SHARPNESS } from '../../core/node/comparison/comparison.js';
import { type InWindow, readEnsemble, readNumbers } from '../../core/node/comparison/comparison-results.js';
import { dataId, writeFigure } from '../../core/node/figures/figures.js';
import { FIGURE_FORMATS } from '../../core/node/figures/render-figure.js';
import { writeFileAtomic } from '../../core/node/results/atomic-file.js';
import type { RunRow } from '../../core/node/results/runs-table.js';
import { packageVersion } from '../../core/node/scenario/load-module.js';
import { loadScenario } from '../../core/node/scenario/load-scenario.js';
import type { Study } from '../../core/node/study/study.js';
import { quantile, sorted } from '../../core/statistics/estimate.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { comparisonCsv, spacingCsv, verdictCsv, verdictNote, verdictTable } from '../comparison-report.js';
import { computeStudy, reportFailures, reportMissing } from '../compute.js';
import { addComputeOptions, type ComputeArguments } from '../options.js';
import { collect } from '../target.js';

interface CompareArguments extends ComputeArguments {
  readonly out?: string;
  readonly set?: readonly string[];
}

/** What the report says of one surrogate. */
export interface Report {
  readonly surrogate: string;
  readonly contrasts: readonly Contrast[];
  readonly spacings: readonly SpacingContrast[];
  readonly verdicts: readonly WindowVerdict[];
}

const largest = (numbers: readonly number[]) => numbers.reduce((a, b) => (b <= a ? a : b), Number.NaN);
const median = (numbers: readonly number[]) => quantile(sorted(numbers), 0.5);

/** What observers of the reference and of a surrogate say about the assumptions, window by window. */
function openMeasurements(out: string, rowsOf: (name: string) => readonly RunRow[]) {
  const read = (name: string, component: string, channel: string): InWindow =>
    readNumbers(out, name, [component, channel], rowsOf(name));
  const step = read(REFERENCE, SHARPNESS, 'stepTimesSharpness');
  const shift = read(REFERENCE, 'one-step', 'shiftError');
  const variance = read(REFERENCE, 'one-step', 'varianceError');
  return (surrogate: string) => {
    const ownStep = read(surrogate, SHARPNESS, 'stepTimesSharpness');
    return (from: number, to: number): Measured => ({
      stepTimesSharpness: largest(step(from, to)),
      surrogateStepTimesSharpness: largest(ownStep(from, to)),
      oneStepShift: median(shift(from, to)),
      oneStepVariance: median(variance(from, to)),
    });
  };
}

async function execute(file: string, options: CompareArguments): Promise<void> {
  const loaded = await loadScenario(file, options.set);
  const out = options.out ?? join('results', basename(file, extname(file)));
  const prepared = await prepareComparison(loaded, builtinPlugins, out);
  const { comparison, top, surrogates } = prepared;
  const rows = new Map<string, readonly RunRow[]>();
  const rowsOf = (name: string) => rows.get(name) ?? [];
  const compute = async (name: string, study: Study) => {
    process.stderr.write(`${name}\n`);
    const finished = await computeStudy(study, join(out, name), options);
    const failed = reportFailures(finished.rows, join(out, name, 'runs.csv'));
    reportMissing(finished);
    rows.set(name, finished.rows);
    if (failed > 0 || finished.missing > 0) process.exitCode = 1;
    return finished.missing === 0;
  };
  if (!(await compute(REFERENCE, prepared.reference))) return;
  for (const name of surrogates) {
    if (!(await compute(name, await prepared.prepareSurrogate(name, rowsOf(REFERENCE))))) return;
  }

  const reference = readEnsemble(out, REFERENCE, comparison.levels, rowsOf(REFERENCE));
  const measured = openMeasurements(out, rowsOf);
  const end = reference.time[reference.time.length - 1];
  const edges = [0, ...(comparison.windows ?? [end / 4, end / 2, (3 * end) / 4, end])];
  const reports = surrogates.map((surrogate): Report => {
    const ensemble = readEnsemble(out, surrogate, comparison.levels, rowsOf(surrogate));
    const contrasts = contrast(reference, ensemble, top);
    return {
      surrogate,
      contrasts,
      spacings: contrastSpacings(reference, ensemble, top),
      verdicts: judge(contrasts, edges, measured(surrogate)),
    };
  });

  await writeFileAtomic(join(out, 'verdicts.csv'), verdictCsv(reports));
  await writeFileAtomic(join(out, 'spacings.csv'), spacingCsv(reports));
  const figure = {
    spec: comparisonSpec({
      title: loaded.scenario.title,
      n: reference.levels.length,
      panels: reports.map(({ surrogate, contrasts, verdicts }) => ({
        surrogate,
        contrasts,
        verdicts: verdicts.map(verdictNote),
      })),
    }),
    csv: [comparisonCsv(reports)],
  };
  const paths = await writeFigure(join(out, 'figures'), 'comparison', figure, {
    title: loaded.scenario.title,
    sample: `${reference.levels.length} realisations`,
    data: dataId([...rows.values()].flatMap((list) => list.map((row) => row.id))),
    command: `eigenflow compare ${basename(file)}`,
    version: packageVersion(),
    formats: FIGURE_FORMATS,
  });
  process.stdout.write(`${verdictTable(reports)}\n`);
  for (const path of [...paths, join(out, 'verdicts.csv'), join(out, 'spacings.csv')])
    process.stdout.write(`${path}\n`);
}

export function compareCommand(): Command {
  return addComputeOptions(new Command('compare'))
    .description('run SGD and the surrogates that a scenario declares, and say where they agree')
    .argument('<scenario>', 'a scenario with a `compare` field')
    .option('-o, --out <folder>', 'results folder (default: results/<name of the scenario>)')
    .option('--set <path=value>', 'override a value of the scenario; may be repeated', collect)
    .action(execute);
}
