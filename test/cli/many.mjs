// Runs the shipped command many times in one process, one after the other, because loading it takes longer than what
// these runs do. Reads lines { folder, args } from stdin and answers each with a line { status, stdout, stderr } on stdout.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// Every command that is loaded listens for a closed pipe, and for the end of a terminal.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

const main = new URL('../../dist/cli/main.js', import.meta.url);
const write = process.stdout.write.bind(process.stdout);
let calls = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { folder, args } = JSON.parse(line);
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
    await import(`${main.href}?${calls++}`);
  } catch (error) {
    written.stderr += error.stack;
    process.exitCode = 1;
  }
  write(`${JSON.stringify({ status: process.exitCode, ...written })}\n`);
}
process.exitCode = 0;
