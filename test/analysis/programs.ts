// Programs that look at what eigenflow writes: LaTeX, poppler, a browser.
import { execFileSync } from 'node:child_process';

/** A browser without windows. As root, which is what containers run as, it has no sandbox, and little shared memory. */
export const HEADLESS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

/** Tests may do without such a program, except where everything must pass. */
export function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    if (process.env.CI === 'true') return true;
    process.stdout.write(`skipped: ${program} is not installed\n`);
    return false;
  }
}
