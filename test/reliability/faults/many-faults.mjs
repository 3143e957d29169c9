// Runs the shipped command many times in one process, as test/cli/many.mjs does, with a fault of its own each time. Reads
// [{ folder, args, kind, at, below }] from stdin and writes a line
// { status, stdout, stderr, points, which } for each to stdout.
import { openSync, readlinkSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);
process.setMaxListeners(0);

const main = new URL('../../../dist/cli/main.js', import.meta.url);
const cases = JSON.parse(await text(process.stdin));
const write = process.stdout.write.bind(process.stdout);
/** faults.c listens to what is opened; there is no such file. */
function order(kind, at, below) {
  try {
    openSync(`/fault/${kind}/${at}${below}`, 'r');
  } catch {
    // As said.
  }
}

for (const [i, { folder, args, kind, at, below }] of cases.entries()) {
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
  order(kind, at, below);
  try {
    await import(`${main.href}?${i}`);
  } catch (error) {
    written.stderr += error.stack;
    process.exitCode = 1;
  }
  const points = Number(readlinkSync('/fault/points'));
  const which = readlinkSync('/fault/which');
  order('none', 0, '/');
  write(`${JSON.stringify({ status: process.exitCode, ...written, points, which })}\n`);
}
process.exitCode = 0;
