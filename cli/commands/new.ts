// `eigenflow new`: writes a plugin or a scenario that works, to start from.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Argument, Command } from 'commander';
import { EigenflowError } from '../../core/errors.js';
import { packageFile } from '../../node/scenario/load-module.js';
import { print } from '../print.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function execute(kind: 'plugin' | 'scenario', name: string): void {
  if (!NAME.test(name)) {
    throw new EigenflowError('file', name, 'a name is lower-case words joined by hyphens, for example weight-drift');
  }
  const path = `${name}.ts`;
  if (existsSync(path)) throw new EigenflowError('file', path, 'exists already; choose another name');
  const template = readFileSync(packageFile('cli', 'templates', `${kind}.ts.txt`), 'utf8');
  writeFileSync(path, template.replaceAll('NAME', name), { flag: 'wx' });
  const next =
    kind === 'plugin'
      ? `list "./${path}" under plugins in a scenario, or see it with: eigenflow plugins ./${path}`
      : `run it with: eigenflow run ${path}`;
  print(`${path}: ${next}\n`);
}

export function newCommand(): Command {
  return new Command('new')
    .description('write a plugin or scenario to start from')
    .addArgument(new Argument('<kind>').choices(['plugin', 'scenario']))
    .argument('<name>', 'lower-case words joined by hyphens')
    .action(execute);
}
