// Files from the disk, for whoever does not drop them: single files, or a folder.
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { attempt } from '../state.js';
import { droppedFrom, openDropped, ownPlugins, reading } from './open-dropped.js';

function FileButton({ children, isFolder }: { readonly children: string; readonly isFolder: boolean }): VNode {
  const input = useRef<HTMLInputElement>(null);
  const open = (field: HTMLInputElement) => {
    const files = droppedFrom(field.files ?? []);
    // The same file may be chosen again, after it was mended.
    field.value = '';
    if (files.length > 0) attempt(() => openDropped(files));
  };
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-label={children}
        multiple
        {...(isFolder && { webkitdirectory: true })}
        onChange={({ currentTarget }) => open(currentTarget)}
      />
    </>
  );
}

export function ChooseFiles() {
  return (
    <section class="choose-files" aria-label="Open files">
      <div class="drawer-actions">
        <FileButton isFolder={false}>Open files…</FileButton>
        <FileButton isFolder>Open a folder…</FileButton>
      </div>
      <p class="slot-about" role="status">
        {reading.value
          ? `Reading ${reading.value}…`
          : 'A results folder, a zip of one, an exported map, a scenario, checkpoints (.npz, .safetensors) or a plugin (.js). Nothing leaves this page.'}
      </p>
      {ownPlugins.value.map(({ listedAs, name, version, components }) => (
        <p key={listedAs} class="slot-about">
          {listedAs}: plugin {name} {version} with {components.map((one) => `${one.kind} ${one.name}`).join(', ')}. It
          can be chosen under Scenario.
        </p>
      ))}
    </section>
  );
}
