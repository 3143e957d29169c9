// `eigenflow work`: one part of a study's runs, for array jobs, indexed jobs and shell loops. Many may work on one
// folder at once.
import { join } from 'node:path';
import { Command } from 'commander';
import { EigenflowError } from '../../core/errors.js';
import { checkFolderTakes } from '../../node/results/same-study.js';
import { STOPPED } from '../../node/slurm/script.js';
import { readRunsList } from '../../node/slurm/submission.js';
import { checkDivisible, deal, parsePart } from '../../node/study/partition.js';
import { manifestOf } from '../../node/study/study.js';
import { computeStudy, type Finished, reportFailures } from '../compute.js';
import { addComputeOptions, addContinuationOptions, type ComputeArguments } from '../options.js';
import { print, printError } from '../print.js';
import { openTarget, type TargetArguments, withTargetOptions } from '../target.js';

interface WorkArguments extends TargetArguments, ComputeArguments {
  readonly part: string;
  readonly runs?: string;
}

async function execute(target: string, options: WorkArguments): Promise<void> {
  const { index, count } = parsePart(options.part);
  const { study, out } = await openTarget(target, options);
  checkDivisible(study.scenario);
  checkFolderTakes(out, manifestOf(study, out));
  const known = new Set(study.sweep.runs.map(({ id }) => id));
  const ids = options.runs === undefined ? [...known] : readRunsList(options.runs);
  const foreign = ids.find((id) => !known.has(id));
  if (foreign !== undefined) {
    const message =
      `lists the run ${foreign}, which this study does not have: its grid is smaller than the one that was ` +
      'submitted, or a plugin, an array file or eigenflow itself has changed since. Name the results folder in place of ' +
      'the scenario, or submit again';
    throw new EigenflowError('cluster', `--runs ${options.runs}`, message);
  }
  const mine = new Set(deal(ids, count)[index]);
  let hasAdvanced = false;
  const finished = await computeStudy(study, out, options, {
    select: ({ id }) => mine.has(id),
    watch: (event) => {
      hasAdvanced ||= event.type === 'ended' || (event.type === 'steps' && event.count > 0);
    },
  });
  process.exitCode = conclude(mine, finished, hasAdvanced, join(out, 'runs.csv'));
}

/** Says how the part has ended. @returns the exit status */
function conclude(mine: ReadonlySet<string>, { rows, missing }: Finished, hasAdvanced: boolean, table: string): number {
  const ended = rows.filter(({ id }) => mine.has(id));
  const failed = reportFailures(ended, table);
  if (missing === 0) print(`all ${rows.length} runs of the study have ended\n`);
  const open = mine.size - ended.length;
  if (open === 0) return failed > 0 ? 1 : 0;
  printError(`stopped: ${open} of the ${mine.size} runs of this part are still to be computed\n`);
  if (hasAdvanced) return STOPPED;
  printError('not a single step was made before the stop: give it more time\n');
  return 1;
}

export function workCommand(): Command {
  const command = addContinuationOptions(addComputeOptions(new Command('work')))
    .description('compute one part of the runs of a study; parts may be computed at the same time, on many machines')
    .argument('<scenario>', 'a .ts, .js or .json file; or a results folder, to go on with it')
    .requiredOption('-p, --part <i/n>', 'which of n parts, counted from 0')
    .option('--runs <file>', 'parts of the runs in this list instead of all, one id per line');
  return withTargetOptions(command).action(execute);
}
