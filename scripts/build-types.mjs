// Builds dist/types: declarations of every entry point of the package and of what these import.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

// Those of files that are no longer there would stay.
rmSync('dist/types', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
