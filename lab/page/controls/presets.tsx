// Systems to watch, each with what to look for; the study of the page; and files of the user.
import { useEffect, useId, useState } from 'preact/hooks';
import type { Preset } from '../../protocol.js';
import { ChooseFiles } from '../open/choose-files.js';
import { loadPresets, openPageStudy, openPreset, origin, presets } from '../open/origin.js';
import { attempt } from '../state.js';

const GROUPS: Readonly<Record<Preset['group'], string>> = {
  phases: 'Phases of SGD',
  neighbours: 'Neighbouring systems',
};

function PresetButton({ preset, isOpen }: { readonly preset: Preset; readonly isOpen: boolean }) {
  return (
    <li>
      <button type="button" class="preset" aria-pressed={isOpen} onClick={() => attempt(() => openPreset(preset.name))}>
        <strong>{preset.title}</strong>
        <span>{preset.look}</span>
        <small>{preset.cite.join('; ')}</small>
      </button>
    </li>
  );
}

export function Presets() {
  const id = useId();
  const [hasPage, setHasPage] = useState(false);
  useEffect(() => {
    attempt(async () => void (await loadPresets()));
    setHasPage(document.getElementById('study') !== null || location.protocol.startsWith('http'));
  }, []);
  const from = origin.value;
  return (
    <div class="presets">
      <ChooseFiles />
      {hasPage && from.kind !== 'page' && (
        <button type="button" onClick={() => attempt(() => openPageStudy())}>
          Back to the study of this page
        </button>
      )}
      {(Object.keys(GROUPS) as Preset['group'][]).map((group) => (
        <section key={group} aria-labelledby={`${id}-${group}`}>
          <h3 id={`${id}-${group}`}>{GROUPS[group]}</h3>
          <ul>
            {(presets.value ?? [])
              .filter((preset) => preset.group === group)
              .map((preset) => (
                <PresetButton
                  key={preset.name}
                  preset={preset}
                  isOpen={from.kind === 'preset' && from.name === preset.name}
                />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
