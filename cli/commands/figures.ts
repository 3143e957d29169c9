// `eigenflow figures`: draws figures from stored results.
import { Command, Option } from 'commander';
import { isComparison } from '../../core/node/comparison/comparison-record.js';
import { readComparison } from '../../core/node/comparison/comparison-reports.js';
import type { FigureFormat } from '../../core/node/figures/render-figure.js';
import { offeredFigures } from '../offered-figures.js';
import { print } from '../print.js';
import { tellFigures } from '../tell-figures.js';

interface FiguresArguments {
  readonly only?: readonly string[];
  readonly format?: readonly FigureFormat[];
  readonly width?: 'column' | 'page';
  readonly plugins?: readonly string[];
  readonly out?: string;
}

async function ofComparison(folder: string, { only, format, width, out }: FiguresArguments) {
  const { drawComparison } = await import('../../core/node/comparison/draw-comparison.js');
  const paths = await drawComparison(folder, readComparison(folder), { only, formats: format, width, out });
  for (const path of paths) print(`${path}\n`);
}

async function execute(folder: string, options: FiguresArguments) {
  if (isComparison(folder)) return ofComparison(folder, options);
  const { only, format, width, plugins, out } = options;
  const { drawFigures } = await import('../../core/node/figures/figures.js');
  const { offered, unasked } = await offeredFigures(folder, plugins);
  tellFigures(await drawFigures(folder, { only, formats: format, width, offered, out }));
  for (const name of unasked)
    print(`figures of the plugin ${name} are not offered: add --plugins ${name} where it is yours\n`);
}

export function figuresCommand(): Command {
  return new Command('figures')
    .description('draw the figures of a results folder again, without computing')
    .argument('<folder>', 'results folder, or folder of a comparison')
    .option('--only <name...>', 'by name, or by number in a paper, such as fig9')
    .option(
      '--plugins <name...>',
      'plugins of yours that offer figures, by name or path; those of the folder are not loaded',
    )
    .addOption(
      new Option('-f, --format <format...>', 'default: all three; the numbers are written as CSV in any case').choices([
        'svg',
        'pdf',
        'png',
      ]),
    )
    .addOption(
      new Option('--width <width>', 'width of a journal: 3.4 or 7 inches (default: that of each figure)').choices([
        'column',
        'page',
      ]),
    )
    .option('-o, --out <folder>', 'where to write (default: figures in the folder)')
    .action(execute);
}
