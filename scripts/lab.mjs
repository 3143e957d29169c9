// The lab from a checkout, built where it is not yet. `npm run lab [-- TARGET ...]` serves it; `npm run build:lab [-- OUT
// [TARGET ...]]` writes a folder for a static host, by default results/lab-site.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const command = 'dist/cli/main.js';
const [first, ...rest] = process.argv.slice(2);
const isStatic = first === '--static';
const [out = 'results/lab-site', ...target] = rest;
const wanted = isStatic ? ['--static', out, ...target] : process.argv.slice(2);

if (!existsSync(command) || !existsSync('dist/lab/index.html')) {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const child = spawn(process.execPath, [command, 'lab', ...wanted], { stdio: 'inherit' });
// Ctrl-C reaches both; the one who serves ends in its own time, and says how.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (status, signal) => {
  process.exitCode = signal ? 1 : status;
});
