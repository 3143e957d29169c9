// Before a plugin file runs: that it is code, which file it is, and how it begins.
import { useEffect, useRef } from 'preact/hooks';
import { loadCatalogue } from '../controls/controls-state.js';
import { attempt } from '../state.js';
import { acceptPlugin, offeredPlugin } from './open-dropped.js';

const FIRST_LINES = 14;
const LONGEST_LINE = 200;

const beginningOf = (source: string) =>
  source
    .split('\n')
    .slice(0, FIRST_LINES)
    .map((line) => line.slice(0, LONGEST_LINE))
    .join('\n');

export function PluginWarning() {
  const dialog = useRef<HTMLDialogElement>(null);
  const offered = offeredPlugin.value;
  useEffect(() => {
    if (offered) dialog.current?.showModal();
  }, [offered]);
  if (!offered) return null;
  const refuse = () => {
    offeredPlugin.value = undefined;
  };
  const run = () =>
    attempt(async () => {
      await acceptPlugin();
      await loadCatalogue();
    });
  const lines = offered.source.split('\n').length;
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="plugin-title" onClose={refuse}>
      <h2 id="plugin-title">Run the code of {offered.name}?</h2>
      <p>
        A plugin is code. It runs in the workers of this page and can read what is open here. Run it only if it is
        yours, or if you trust whoever wrote it.
      </p>
      <p class="slot-about">
        {offered.name}, {offered.source.length.toLocaleString('en')} characters in {lines.toLocaleString('en')} lines.
        It begins:
      </p>
      <pre>{beginningOf(offered.source)}</pre>
      <div class="drawer-actions">
        <button type="button" onClick={refuse}>
          Do not run it
        </button>
        <button type="button" class="primary" onClick={run}>
          Run it
        </button>
      </div>
    </dialog>
  );
}
