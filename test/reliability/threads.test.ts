// Worker threads that cannot begin, or say nothing that can be repeated: the command ends and says why. It never waits.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eigenflow, main } from '../cli/command.js';
import { eightRuns, newFolder } from '../node/studies.js';

function folderWith(plugin: string, observers: object = {}): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'plugin.ts'), plugin);
  const scenario = { ...eightRuns, plugins: [...eightRuns.plugins, './plugin.ts'], observers };
  writeFileSync(join(folder, 'a.json'), JSON.stringify(scenario));
  return folder;
}

const run = ['run', 'a.json', '--out', 'out', '--workers', '2', '--export', 'none'];

it('a plugin that cannot be loaded in a thread ends the study, with status 1', async () => {
  const folder = folderWith(`
    import { isMainThread } from 'node:worker_threads';
    import { definePlugin } from 'eigenflow';
    if (!isMainThread) throw new Error('only on the main thread');
    export default definePlugin({ name: 'shy', version: '1.0.0', components: [] });`);
  const { status, stderr } = await eigenflow(folder, run);
  expect(stderr).toMatch(/a worker thread: cannot begin: .*plugin\.ts: .*only on the main thread/);
  expect(status).toBe(1);
});

it('a plugin file that is broken between its two loads ends the study, with status 1', async () => {
  const folder = folderWith(`
    import { writeFileSync } from 'node:fs';
    import { isMainThread } from 'node:worker_threads';
    import { definePlugin } from 'eigenflow';
    if (isMainThread) writeFileSync('plugin.ts', 'export default (');
    export default definePlugin({ name: 'brief', version: '1.0.0', components: [] });`);
  const { status, stderr } = await eigenflow(folder, run);
  expect(stderr).toMatch(/a worker thread: cannot begin: .*plugin\.ts: does not compile/);
  expect(status).toBe(1);
});

it('an observer that throws something without a text fails its runs', async () => {
  const plugin = `
    import { defineObserver, definePlugin } from 'eigenflow';
    const dumb = defineObserver({
      name: 'dumb', summary: 'Throws', params: {}, cite: [],
      create: () => ({
        channels: {},
        observe: () => { throw { toString() { throw new Error('not even that'); } }; },
      }),
    });
    export default definePlugin({ name: 'dumb', version: '1.0.0', components: [dumb] });`;
  const folder = folderWith(plugin, { dumb: { use: 'dumb', when: 'end' } });
  const { status, stderr } = await eigenflow(folder, run);
  expect(stderr).toContain('something was thrown that has no text');
  expect(status).toBe(1);
  expect(readFileSync(join(folder, 'out', 'runs.csv'), 'utf8').match(/,failed,/g)).toHaveLength(8);
});

it.runIf(process.platform === 'linux')('a limit on address space is told with its remedy', async () => {
  const folder = folderWith(`
    import { definePlugin } from 'eigenflow';
    export default definePlugin({ name: 'none', version: '1.0.0', components: [] });`);
  const limited = (kilobytes: number) =>
    new Promise<{ status: unknown; stderr: string }>((resolve) => {
      const command = `ulimit -v ${kilobytes}; exec "$@"`;
      execFile('sh', ['-c', command, 'sh', process.execPath, main, ...run], { cwd: folder }, (error, _stdout, stderr) =>
        resolve({ status: error?.code ?? 0, stderr }),
      );
    });
  // Not enough for two threads beside the main one; with some versions of Node not even for that.
  const { status, stderr } = await limited(20_000_000);
  expect(stderr).toContain('raise the limit on it (ulimit -v, h_vmem), or use fewer workers');
  expect([1, 2]).toContain(status);
});
