// `eigenflow new`: writes a plugin or a scenario that works, to start from.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { COMPONENT_KINDS, type ComponentKind } from '../../core/contracts/component.js';
import { EigenflowError } from '../../core/errors.js';
import { writeNewNamed } from '../../node/files/named-file.js';
import { packageFile, packageVersion } from '../../node/scenario/load-module.js';
import { print } from '../print.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** As it is called in a sentence, and what a scenario writes to use it. */
const KINDS: Readonly<Record<ComponentKind, { readonly called: string; readonly use: string }>> = {
  model: { called: 'a model', use: "model: { use: 'NAME' }" },
  loss: { called: 'a loss', use: "loss: { use: 'NAME' }" },
  noise: { called: 'a noise model', use: "noise: { use: 'NAME' }" },
  optimiser: { called: 'an optimiser', use: "optimiser: { use: 'NAME' }" },
  observer: { called: 'an observer', use: "observers: { 'NAME': { use: 'NAME', when: { at: [0, 'end'] } } }" },
  classifier: { called: 'a classifier', use: "classifier: { use: 'NAME' }" },
};

/** Files of a plugin beside its code, the same for all kinds. */
const SHARED = ['index.test.ts', 'package.json', 'tsconfig.json', 'README.md'];

const template = (...path: string[]) => readFileSync(packageFile('cli', 'templates', ...path), 'utf8');

/** @returns the text with the words in capitals replaced */
const fill = (text: string, words: Readonly<Record<string, string>>) =>
  text.replace(/\b[A-Z]{3,}\b/g, (word) => (Object.hasOwn(words, word) ? words[word] : word));

function refuseExisting(path: string): void {
  if (existsSync(path)) throw new EigenflowError('file', path, 'exists already; choose another name');
}

async function writeScenario(name: string): Promise<void> {
  const path = `${name}.ts`;
  refuseExisting(path);
  await writeNewNamed(path, fill(template('scenario.ts.txt'), { NAME: name }));
  print(`${path}: run it with: eigenflow run ${path}\n`);
}

async function writePlugin(name: string, kind: ComponentKind): Promise<void> {
  refuseExisting(name);
  const { devDependencies } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  const { called, use } = KINDS[kind];
  const words = {
    ...{ NAME: name, KIND: called, USE: fill(use, { NAME: name }), EIGENFLOW: packageVersion() },
    ...{ TYPESCRIPT: devDependencies.typescript, VITEST: devDependencies.vitest },
  };
  const files = new Map([
    ['index.ts', template(`${kind}.ts.txt`)],
    ...SHARED.map((file): [string, string] => [file, template('package', `${file}.txt`)]),
  ]);
  mkdirSync(name);
  for (const [file, text] of files) await writeNewNamed(join(name, file), fill(text, words));
  const path = `./${name}/index.ts`;
  print(`${name}/: ${[...files.keys()].join(', ')}\n`);
  print(`list "${path}" under plugins in a scenario, or see it with: eigenflow plugins ${path}\n`);
}

async function execute(what: 'plugin' | 'scenario', name: string, { kind }: { kind?: ComponentKind }): Promise<void> {
  if (!NAME.test(name)) {
    throw new EigenflowError('file', name, 'a name is lower-case words joined by hyphens, for example weight-drift');
  }
  if (what === 'plugin') await writePlugin(name, kind ?? 'observer');
  else if (kind === undefined) await writeScenario(name);
  else throw new EigenflowError('parameter', '--kind', 'is for plugins: eigenflow new plugin NAME --kind KIND');
}

export function newCommand(): Command {
  return new Command('new')
    .description('write a plugin (a folder with its test) or a scenario to start from')
    .addArgument(new Argument('<what>').choices(['plugin', 'scenario']))
    .argument('<name>', 'lower-case words joined by hyphens')
    .addOption(new Option('--kind <kind>', 'of plugin; default: observer').choices(COMPONENT_KINDS))
    .action(execute);
}
