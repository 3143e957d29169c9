// What the command `eigenflow` does: parses, calls core, prints. Exit status: 0 when every run ended, 1 when some failed,
// are missing or could not be stored, 2 when the scenario or the command line is wrong.
import { Command, CommanderError } from 'commander';
import { isEigenflowError, messageOf, stackOfBug } from '../core/errors.js';
import { explainFileError } from '../node/files/file-error.js';
import { explainMachineTrouble } from '../node/machine-trouble.js';
import { packageVersion } from '../node/scenario/load-module.js';
import { refuseBlankValues } from './blank-values.js';
import { adviseCommand } from './commands/advise.js';
import { analyseCommand } from './commands/analyse.js';
import { compareCommand } from './commands/compare.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { figuresCommand } from './commands/figures.js';
import { fitCommand } from './commands/fit.js';
import { labCommand } from './commands/lab.js';
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
import { beginCommand, statusOf, UNFINISHED, WRONG_INPUT } from './exit-status.js';
import { isLog, printError } from './print.js';
import { lostOutput } from './standard-streams.js';

const LINES_OF_STACK = 4;

const COMMANDS = [
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
  labCommand,
  figuresCommand,
  reportCommand,
  exportCommand,
  pluginsCommand,
  schemaCommand,
  newCommand,
];

function createProgram(): Command {
  const program = new Command('eigenflow')
    .description('Weight matrices under stochastic gradient descent: simulation, theory, phases')
    .version(packageVersion())
    .showHelpAfterError('(see eigenflow --help)')
    .exitOverride();
  for (const command of COMMANDS) {
    program.addCommand(refuseBlankValues(command()).exitOverride().showHelpAfterError());
  }
  return program;
}

/** Says what went wrong, and sets the exit status. An error that nobody foresaw is thrown again: it is a bug. */
function reportError(thrown: unknown): void {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? 0 : WRONG_INPUT;
    return;
  }
  const error = isEigenflowError(thrown) ? thrown : explainMachineTrouble(thrown);
  if (!error) throw thrown;
  // Whoever wrote the component needs the line; what called it is eigenflow.
  const stack = stackOfBug(error)?.split('\n').slice(0, LINES_OF_STACK);
  printError([`eigenflow: ${messageOf(error)}`, ...(stack ?? []), ''].join('\n'));
  process.exitCode = statusOf(error);
}

/** An error that no caller is there to hear: of a thread, say, that could not be begun. */
function endOnUncaught(error: unknown): void {
  try {
    reportError(error);
  } catch {
    printError(`${stackOfBug(error) ?? messageOf(error)}\n`);
  }
  process.exit(UNFINISHED);
}

/** What of the output could not be written is told, and is an error where the output was all that was asked for. */
async function reportLostOutput(): Promise<void> {
  // A stream tells of it in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  const error = lostOutput();
  if (!error) return;
  printError(`eigenflow: ${explainFileError(error, 'standard output', 'write').message}\n`);
  if (!isLog()) process.exitCode ||= UNFINISHED;
}

export async function executeCommandLine(): Promise<void> {
  beginCommand();
  process.on('uncaughtException', endOnUncaught);
  try {
    await createProgram().parseAsync();
  } catch (error) {
    reportError(error);
  }
  await reportLostOutput();
}
