// Builds dist/types: declarations of every entry point of the package and of what these import.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const target = 'dist/types';
// Those of files that are no longer there would stay.
rmSync(target, { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
// Plugins are loaded by name: no declaration refers to theirs.
for (const entry of readdirSync(join(target, 'plugins'), { withFileTypes: true })) {
  if (entry.isDirectory()) rmSync(join(target, 'plugins', entry.name), { recursive: true });
}
