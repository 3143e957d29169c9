#!/usr/bin/env node
// The command `eigenflow`: parses, calls core, prints. Exit status: 0 when every run ended, 1 when some failed, are missing
// or could not be stored, 2 when the scenario or the command line is wrong.
import { Command, CommanderError } from 'commander';
import { isEigenflowError, messageOf, stackOfBug } from '../core/errors.js';
import { packageVersion } from '../node/scenario/load-module.js';
import { refuseBlankValues } from './blank-values.js';
import { adviseCommand } from './commands/advise.js';
import { analyseCommand } from './commands/analyse.js';
import { compareCommand } from './commands/compare.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { figuresCommand } from './commands/figures.js';
import { fitCommand } from './commands/fit.js';
import { nativeCommand } from './commands/native.js';
import { newCommand } from './commands/new.js';
import { pluginsCommand } from './commands/plugins.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { statusCommand } from './commands/status.js';
import { submitCommand } from './commands/submit.js';
import { verifyCommand } from './commands/verify.js';
import { whyCommand } from './commands/why.js';
import { workCommand } from './commands/work.js';
import { statusOf, WRONG_INPUT } from './exit-status.js';
import { printError } from './print.js';
import { isTerminalGone, outliveTerminals } from './terminal-end.js';

const LINES_OF_STACK = 4;

// Stacks name the lines of scenarios and plugins as they were written.
process.setSourceMapsEnabled(true);
// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isTerminalGone(error)) return;
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
// Runs under way are to write their checkpoints also where nobody can be told of it any more.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (!isTerminalGone(error)) throw error;
});
outliveTerminals();

const program = new Command('eigenflow')
  .description('Weight matrices under stochastic gradient descent: simulation, theory, phases')
  .version(packageVersion())
  .showHelpAfterError('(see eigenflow --help)')
  .exitOverride();

for (const command of [
  runCommand,
  compareCommand,
  adviseCommand,
  analyseCommand,
  submitCommand,
  workCommand,
  statusCommand,
  verifyCommand,
  whyCommand,
  doctorCommand,
  nativeCommand,
  fitCommand,
  figuresCommand,
  reportCommand,
  exportCommand,
  pluginsCommand,
  schemaCommand,
  newCommand,
]) {
  program.addCommand(refuseBlankValues(command()).exitOverride().showHelpAfterError());
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_INPUT;
  } else if (isEigenflowError(error)) {
    // Whoever wrote the component needs the line; what called it is eigenflow.
    const stack = stackOfBug(error)?.split('\n').slice(0, LINES_OF_STACK);
    printError([`eigenflow: ${messageOf(error)}`, ...(stack ?? []), ''].join('\n'));
    process.exitCode = statusOf(error);
  } else {
    throw error;
  }
}
