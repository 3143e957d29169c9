// Workers of the page, each an engine behind the calls of protocol.ts.
import { type Remote, wrap } from 'comlink';
import type { Engine } from '../protocol.js';

export type RemoteEngine = Remote<Engine>;

const urlOf = (text: string, type: string) => URL.createObjectURL(new Blob([text], { type }));

/**
 * The script of workers: a file beside the page, or in the page itself where that is one file. There, it is told where the
 * files are that lie beside it otherwise, `<script type="text/plain" data-file="NAME">`.
 */
const script = (() => {
  const embedded = document.getElementById('worker')?.textContent;
  if (!embedded) return new URL('worker.js', document.baseURI).href;
  const files = [...document.querySelectorAll<HTMLScriptElement>('script[data-file]')].map(
    ({ dataset, textContent }) => [dataset.file, urlOf(textContent ?? '', 'text/plain')] as const,
  );
  return urlOf(`self.eigenflowFiles=${JSON.stringify(Object.fromEntries(files))};${embedded}`, 'text/javascript');
})();

export interface OpenEngine {
  readonly engine: RemoteEngine;
  /** Ends the worker, whatever it does. */
  close(): void;
}

/** @param name for the tools of browsers */
export function openEngine(name: string): OpenEngine {
  const worker = new Worker(script, { name: `eigenflow ${name}` });
  return { engine: wrap<Engine>(worker), close: () => worker.terminate() };
}
