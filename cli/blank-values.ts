// A variable of the shell that is not set leaves an option or an argument without a value: `--out "$NO_SUCH_VARIABLE"`.
// What follows from that (seed 0, results in the working directory) is what nobody has meant.
import { EventEmitter } from 'node:events';
import type { Command } from 'commander';

const REMEDY = 'Leave it out, or check the variable that it comes from (for example with: set -u)';

const isBlank = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isBlank) : typeof value === 'string' && value.trim() === '';

/** Every option of the command that takes a value, and every argument, refuses an empty one by its name. */
export function refuseBlankValues(command: Command): Command {
  for (const option of command.options) {
    if (!option.required && !option.optional) continue;
    // Before the parser of the option hears of it: Number('') is 0.
    EventEmitter.prototype.prependListener.call(command, `option:${option.name()}`, (value: unknown) => {
      if (!isBlank(value)) return;
      command.error(`error: option '${option.flags}' has no value: it is empty. ${REMEDY}`);
    });
  }
  return command.hook('preAction', () => {
    command.registeredArguments.forEach((argument, i) => {
      if (!isBlank(command.processedArgs[i])) return;
      command.error(`error: the argument '${argument.name()}' has no value: it is empty. ${REMEDY}`);
    });
  });
}
