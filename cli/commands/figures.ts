// `eigenflow figures`: draws figures from stored results.
import { Command, InvalidArgumentError, Option } from 'commander';
import { isComparison } from '../../analysis/comparison/comparison-record.js';
import { readComparison } from '../../analysis/comparison/read-comparison.js';
import type { FigureFormat } from '../../analysis/figures/render-figure.js';
import type { FigureWidth } from '../../core/contracts/figure.js';
import { EigenflowError } from '../../core/errors.js';
import { offeredFigures } from '../offered-figures.js';
import { positive } from '../options.js';
import { print } from '../print.js';
import { printFigures } from '../print-figures.js';

interface FiguresArguments {
  readonly only?: readonly string[];
  readonly format?: readonly FigureFormat[];
  readonly bare?: boolean;
  readonly width?: FigureWidth | number;
  readonly font?: string;
  readonly fontSize?: number;
  readonly plugins?: readonly string[];
  readonly out?: string;
}

async function ofComparison(folder: string, { only, format, bare, width, font, fontSize, out }: FiguresArguments) {
  const stray = Object.entries({ bare, font, 'font-size': fontSize }).find(([, value]) => value !== undefined);
  if (stray !== undefined || typeof width === 'number') {
    const option = stray === undefined ? `--width ${width}` : `--${stray[0]}`;
    throw new EigenflowError('results', option, 'the figure of a comparison comes in one look; leave this out');
  }
  const { drawComparison } = await import('../../analysis/comparison/draw-comparison.js');
  const paths = await drawComparison(folder, readComparison(folder), { only, formats: format, width, out });
  for (const path of paths) print(`${path}\n`);
}

async function execute(folder: string, options: FiguresArguments) {
  if (isComparison(folder)) return ofComparison(folder, options);
  const { only, format, plugins, bare, width, font, fontSize, out } = options;
  const look = { bare, width, font, fontSize };
  const { drawFigures } = await import('../../analysis/figures/figures.js');
  const { offered, unasked } = await offeredFigures(folder, plugins);
  printFigures(await drawFigures(folder, { only, formats: format, look, offered, out }));
  for (const name of unasked)
    print(`figures of the plugin ${name} are not offered: add --plugins ${name} where it is yours\n`);
}

function widthOf(text: string): FigureWidth | number {
  if (text === 'column' || text === 'page') return text;
  const inches = Number(text);
  if (Number.isFinite(inches)) return inches;
  throw new InvalidArgumentError('Give column, page, or a number of inches.');
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
    .option('--bare', 'for papers: no title and no small print, which go to <name>.caption.txt')
    .addOption(
      new Option(
        '--width <width>',
        'column or page of a journal (3.4 or 7 inches), or inches (default: that of each figure)',
      ).argParser(widthOf),
    )
    .option('-o, --out <folder>', 'where to write (default: figures in the folder)')
    .addOption(
      new Option('--font-size <points>', 'of labels; all else keeps its proportion (default: 7.5)').argParser(positive),
    )
    .option('--font <font>', 'DejaVu Sans, DejaVu Serif, DejaVu Sans Mono, or a font file (default: the first)')
    .action(execute);
}
