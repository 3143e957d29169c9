// Workers of the page, each an engine behind the calls of protocol.ts.
import { type Remote, wrap } from 'comlink';
import type { Engine } from '../protocol.js';

export type RemoteEngine = Remote<Engine>;

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

/** @param name for the tools of browsers */
export function openEngine(name: string): OpenEngine {
  const worker = new Worker(script.url, { name: `eigenflow ${name}`, type: script.type });
  return { engine: wrap<Engine>(worker), close: () => worker.terminate() };
}
