// Programs that look at what eigenflow writes: LaTeX, poppler, a browser.
import { execFileSync } from 'node:child_process';

/** Where a program is. @throws Error where it is not installed */
export const programPath = (program: string): string =>
  execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();

/** Tests may do without such a program, except where everything must pass. */
export function has(program: string): boolean {
  try {
    programPath(program);
    return true;
  } catch {
    if (process.env.CI === 'true') return true;
    process.stdout.write(`skipped: ${program} is not installed\n`);
    return false;
  }
}
