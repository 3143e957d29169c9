// A real folder for the tests of one file, removed when they have ended.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
