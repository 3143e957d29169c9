// `eigenflow fit`: a law of levels fitted to stored runs, over the seeds of each cell.
import { Command } from 'commander';
import { fitCells } from '../../analysis/fits/fit-cells.js';
import { writeFits } from '../../analysis/fits/write-fits.js';
import { findLevelLaw, LEVEL_LAWS } from '../../core/theory/random-matrix/level-laws.js';
import { whole } from '../compute.js';
import { fitsReport } from '../fits-report.js';
import { print } from '../print.js';
import { createCounter } from '../progress.js';

interface FitArguments {
  readonly law: string;
  readonly of: string;
  readonly frame: 'last' | number;
  readonly levels?: readonly number[];
}

async function execute(folder: string, { law, ...rest }: FitArguments): Promise<void> {
  let counter: ReturnType<typeof createCounter> | undefined;
  const fits = fitCells(folder, { law: findLevelLaw(law), ...rest }, (cells) => {
    counter ??= createCounter(process.stderr, 'cells fitted', cells);
    counter.add(1);
  });
  counter?.end();
  const path = await writeFits(folder, fits);
  print(`${fitsReport(fits)}\ntable: ${path}\n`);
}

const place = whole(0);

export function fitCommand(): Command {
  return new Command('fit')
    .description('fit a law of levels to stored runs, over the seeds of each cell; table in <folder>/fits')
    .argument('<folder>', 'results folder')
    .requiredOption('--law <law>', `one of ${LEVEL_LAWS.map(({ name }) => name).join(', ')}`)
    .requiredOption('--of <channel>', 'numbers to fit, as observer.channel')
    .option('--frame <n>', 'frame by number, counted from 0', (text) => (text === 'last' ? text : place(text)), 'last')
    .option('--levels <list>', 'elements of the channel, such as 0,1 (default: all)', (text) =>
      text.split(',').map(place),
    )
    .addHelpText(
      'after',
      '\nLaws: two-level takes both levels of a degenerate pair; wigner-surmise one spacing, or two levels;\n' +
        'gaussian one level; semicircle two levels or more.\n' +
        'Errors are one standard error by jackknife over seeds; p accounts for the fit.',
    )
    .action(execute);
}
