// `npm test`: the Python environment that reads the results, types, lint and layers, then every test. Ends with a line
// `N passed, N failed`. Arguments go to vitest: `npm test -- test/core`.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const wanted = process.argv.slice(2);
let failedSteps = 0;

function step(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  return status === 0;
}

/** What it says is written when it has ended: it is not alone. */
async function required(what, command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part));
  const status = await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', resolve);
  });
  process.stdout.write(Buffer.concat(said));
  if (status === 0) return;
  process.stdout.write(`${what} failed\n`);
  failedSteps += 1;
}

if (wanted.length === 0) {
  await Promise.all([
    required('python environment', 'sh', ['test/python/setup.sh']),
    required('types, lint and layers', 'npm', ['run', '--silent', 'check']),
  ]);
}

const folder = mkdtempSync(join(tmpdir(), 'eigenflow-test-'));
const report = join(folder, 'report.json');
const passed = step('npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...wanted,
]);
let counts = { numPassedTests: 0, numFailedTests: 1 };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  // vitest itself broke: one failure.
}
rmSync(folder, { recursive: true, force: true });
// A file that cannot be loaded fails without a failed test in it.
const failed = failedSteps + (passed ? 0 : Math.max(1, counts.numFailedTests));
process.stdout.write(`${counts.numPassedTests} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
