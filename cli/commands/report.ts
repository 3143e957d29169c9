// `eigenflow report`: one HTML page on a results folder.
import { Command } from 'commander';
import { isComparison } from '../../analysis/comparison/comparison-record.js';
import { offeredFigures } from '../offered-figures.js';
import { print } from '../print.js';

interface ReportArguments {
  readonly plugins?: readonly string[];
  readonly out?: string;
}

async function execute(folder: string, { plugins, out }: ReportArguments): Promise<void> {
  if (isComparison(folder)) {
    const { writeComparisonPage } = await import('../../analysis/report/comparison-page.js');
    print(`${await writeComparisonPage(folder, out)}\n`);
    return;
  }
  const { writeReport } = await import('../../analysis/report/report.js');
  const { offered } = await offeredFigures(folder, plugins);
  print(`${await writeReport(folder, offered, out)}\n`);
}

export function reportCommand(): Command {
  return new Command('report')
    .description('write report.html: what was run, how it ended, figures, tables, sources; it needs no network')
    .argument('<folder>', 'results folder, or folder of a comparison')
    .option(
      '--plugins <name...>',
      'plugins of yours that offer figures, by name or path; those of the folder are not loaded',
    )
    .option('-o, --out <path>', 'page to write, or a folder for it (default: report.html in the folder)')
    .action(execute);
}
