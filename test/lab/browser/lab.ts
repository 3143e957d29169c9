// The page as it was built, served by its server to a real browser.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openStudy } from '../../../lab/host/open-study.js';
import { readPageFiles, readShippedStudy } from '../../../lab/host/page-files.js';
import { type LabServer, serveLab } from '../../../lab/host/server.js';
import { builtinPlugins } from '../../../plugins/builtin.js';

/** @param target a results folder, a map or a scenario. Default: the study that is shipped */
export async function serve(target?: string): Promise<LabServer> {
  const page = readPageFiles();
  return serveLab(page, target === undefined ? readShippedStudy(page) : await openStudy(target, builtinPlugins));
}

const PROBE =
  '<!doctype html><html lang="en"><title>probe</title><link rel="icon" href="data:,"><script type="module" src="probe.js"></script></html>';

/** As `serve`; beside the page lies probe.html, which asks the page's workers without the page. */
export async function serveProbe(target: string): Promise<LabServer> {
  const page = readPageFiles();
  const entryPoints = [fileURLToPath(new URL('probe.ts', import.meta.url))];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', platform: 'browser', write: false });
  const files = new Map([
    ...page.files,
    ['probe.html', Buffer.from(PROBE)] as const,
    ['probe.js', Buffer.from(outputFiles[0].contents)] as const,
  ]);
  return serveLab({ ...page, files }, await openStudy(target, builtinPlugins));
}
