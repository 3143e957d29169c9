// What comes after the command in a pipe may stop reading.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

test('a reader that has seen enough is no error', () => {
  const line = `"${process.execPath}" "${command}" plugins | head -n 1; test "\${PIPESTATUS[0]}" -eq 0`;
  expect(execFileSync('bash', ['-c', line], { encoding: 'utf8' }).split('\n').length).toBe(2);
});
