// `eigenflow figures`: draws the figures that a scenario declares from stored results.
import { Command } from 'commander';

async function execute(folder: string, options: { only?: string }) {
  const { drawFigures } = await import('../../core/node/figures.js');
  for (const path of await drawFigures(folder, options.only)) process.stdout.write(`${path}\n`);
}

export function figuresCommand(): Command {
  return new Command('figures')
    .description('draw the figures of a results folder again, without computing')
    .argument('<folder>', 'results folder')
    .option('--only <name>', 'one figure')
    .action(execute);
}
