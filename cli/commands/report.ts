// `eigenflow report`: one HTML page on a results folder.
import { Command } from 'commander';
import { isComparison } from '../../core/node/comparison/comparison-record.js';
import { offeredFigures } from '../offered-figures.js';
import { print } from '../print.js';

async function execute(folder: string, { plugins }: { plugins?: readonly string[] }): Promise<void> {
  if (isComparison(folder)) {
    const { writeComparisonPage } = await import('../../core/node/report/comparison-page.js');
    print(`${await writeComparisonPage(folder)}\n`);
    return;
  }
  const { writeReport } = await import('../../core/node/report/report.js');
  const { offered } = await offeredFigures(folder, plugins);
  print(`${await writeReport(folder, offered)}\n`);
}

export function reportCommand(): Command {
  return new Command('report')
    .description('write report.html: what was run, how it ended, figures, tables, sources; it needs no network')
    .argument('<folder>', 'results folder, or folder of a comparison')
    .option(
      '--plugins <name...>',
      'plugins of yours that offer figures, by name or path; those of the folder are not loaded',
    )
    .action(execute);
}
