// Workers of the page, each an engine behind the calls of protocol.ts.
import { type Remote, wrap } from 'comlink';
import type { ComparisonEngine } from '../comparison-protocol.js';
import type { Engine, OwnPlugin, PluginFile } from '../protocol.js';

/** All that a worker does: of the page, and of a comparison. */
type WholeEngine = Engine & ComparisonEngine;

export type RemoteEngine = Remote<WholeEngine>;

/** The script of workers: a file beside the page, or in the page itself where that is one file. */
const script = (() => {
  const embedded = document.getElementById('worker')?.textContent;
  if (!embedded) return { url: new URL('worker.js', document.baseURI).href, type: 'module' } as const;
  const url = URL.createObjectURL(new Blob([embedded], { type: 'text/javascript' }));
  return { url, type: 'classic' } as const;
})();

export interface OpenEngine {
  readonly engine: RemoteEngine;
  /** Ends the worker, whatever it does. */
  close(): void;
}

/** Files of code that the user has opened: every worker has them. */
const plugins = new Map<string, PluginFile>();
const workers = new Set<OpenEngine>();

/** @param name for the tools of browsers */
export function openEngine(name: string): OpenEngine {
  const worker = new Worker(script.url, { name: `eigenflow ${name}`, type: script.type });
  const engine = wrap<WholeEngine>(worker);
  const open: OpenEngine = {
    engine,
    close() {
      workers.delete(open);
      worker.terminate();
    },
  };
  workers.add(open);
  // It was loaded once without a mistake.
  for (const file of plugins.values()) engine.addPlugin(file).catch(() => {});
  return open;
}

/** Runs a file of code in every worker, those to come as well. @throws Error that names the mistake; no worker has it then */
export async function addPlugin(file: PluginFile): Promise<OwnPlugin> {
  const [first, ...others] = workers;
  const added = await first.engine.addPlugin(file);
  plugins.set(file.name, file);
  await Promise.all(others.map(({ engine }) => engine.addPlugin(file)));
  return added;
}
