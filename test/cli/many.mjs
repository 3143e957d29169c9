// Runs the shipped command many times in one process, one after the other, because loading it takes longer than what
// these runs do. Reads [{ folder, args }] from stdin and writes [{ status, stdout, stderr }] to stdout.
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

// Every command that is loaded listens for a closed pipe, and for the end of a terminal.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

const main = new URL('../../dist/cli/main.js', import.meta.url);
const cases = JSON.parse(await text(process.stdin));
const write = process.stdout.write.bind(process.stdout);
const outcomes = [];
for (const [i, { folder, args }] of cases.entries()) {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    process[stream].write = (chunk) => {
      written[stream] += chunk;
      return true;
    };
  }
  process.argv = [process.execPath, fileURLToPath(main), ...args];
  process.chdir(folder);
  process.exitCode = 0;
  try {
    // The query makes it another module: its top level, which is the command, runs again.
    await import(`${main.href}?${i}`);
  } catch (error) {
    written.stderr += error.stack;
    process.exitCode = 1;
  }
  outcomes.push({ status: process.exitCode, ...written });
}
process.exitCode = 0;
write(JSON.stringify(outcomes));
