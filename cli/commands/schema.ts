// `eigenflow schema`: a scenario file as JSON Schema, so that editors complete and check it while it is typed.
import { Command } from 'commander';
import { scenarioSchema } from '../../core/scenario/scenario-schema.js';
import { everything, load } from '../known-plugins.js';
import { printError } from '../print.js';

async function execute({ plugins = [] }: { readonly plugins?: readonly string[] }): Promise<void> {
  const { loaded, skipped } = await everything();
  const all = [...loaded];
  for (const name of plugins) {
    if (all.some(({ listedAs }) => listedAs === name)) continue;
    const beside = all.map(({ plugin }) => plugin);
    all.push({ listedAs: name, plugin: await load(name, beside) });
  }
  for (const { name, reason } of skipped) printError(`left out: ${name}: ${reason}\n`);
  process.stdout.write(`${JSON.stringify(scenarioSchema(all))}\n`);
}

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a scenario, with which editors complete and check one while it is typed')
    .option(
      '--plugins <names...>',
      'with plugins of your own: packages or paths (./my-plugin.ts), as a scenario lists them',
    )
    .addHelpText(
      'after',
      `
Write it beside the scenarios, and name it in each:

  eigenflow schema > eigenflow.schema.json
  { "$schema": "./eigenflow.schema.json", "title": ... }`,
    )
    .action(execute);
}
