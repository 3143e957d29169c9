// `eigenflow why`: what has changed between stored results and a scenario, and what would be computed because of it.
import { Command, Option } from 'commander';
import { isEigenflowError } from '../../core/errors.js';
import { checkFolderTakes } from '../../node/results/same-study.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import { type Change, explainStudy } from '../../node/study/provenance.js';
import { manifestOf, prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { print } from '../print.js';
import { collect } from '../target.js';

interface WhyArguments {
  readonly set: readonly string[];
  readonly kernels: 'strict' | 'relaxed';
  readonly list: boolean;
  readonly json: boolean;
}

/** Longest value that is printed whole. */
const WIDTH = 40;
const shorten = (text: string) => (text.length > WIDTH ? `${text.slice(0, WIDTH - 3)}...` : text || '(nothing)');

const sentence = ({ what, stored, now, renames }: Change) =>
  `  ${what}: ${shorten(stored)} -> ${shorten(now)}${renames ? '  (makes other runs)' : ''}`;

/** Why the folder would refuse the scenario; undefined where it would not. */
function refusal(folder: string, study: Awaited<ReturnType<typeof prepareStudy>>): string | undefined {
  try {
    checkFolderTakes(folder, manifestOf(study, folder));
    return undefined;
  } catch (error) {
    if (isEigenflowError(error)) return error.message;
    throw error;
  }
}

async function execute(folder: string, file: string, options: WhyArguments): Promise<void> {
  const study = await prepareStudy(await loadScenario(file, options.set), builtinPlugins, options.kernels);
  const { changes, reused, computed, failed, orphaned } = explainStudy(folder, study);
  const refused = refusal(folder, study);
  const ids = (runs: readonly { id: string }[]) => runs.map(({ id }) => id);
  if (options.json) {
    const answer = { changes, reused: ids(reused), computed: ids(computed), orphaned, refused };
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  const say = (line: string) => print(`${line}\n`);
  say(changes.length === 0 ? 'nothing has changed' : 'changed:');
  for (const change of changes) say(sentence(change));
  say(`reused    ${reused.length}`);
  say(`computed  ${computed.length}${failed > 0 ? ` (${failed} of them failed before)` : ''}`);
  say(`left over ${orphaned.length}`);
  if (options.list) {
    for (const id of ids(computed)) say(`  compute ${id}`);
    for (const id of orphaned) say(`  left over ${id}`);
  }
  if (refused !== undefined) say(`This folder would not take the scenario: ${refused}`);
}

export function whyCommand(): Command {
  return new Command('why')
    .description('say what changed between stored results and a scenario, before anything is computed')
    .argument('<folder>', 'results folder')
    .argument('<scenario>', 'a .ts, .js or .json file')
    .option('--set <path=value>', 'override a value of the scenario; may be repeated', collect, [])
    .addOption(new Option('--kernels <build>').choices(['strict', 'relaxed']).default('strict'))
    .option('--list', 'name the runs', false)
    .option('--json', 'print everything as JSON', false)
    .action(execute)
    .addHelpText(
      'after',
      '\nreused: stored runs that the scenario asks for. left over: stored runs that it does not ask for; they stay.',
    );
}
