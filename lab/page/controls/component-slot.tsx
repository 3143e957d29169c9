// A slot of the scenario: which component stands in it, and its parameters. Those that the scenario sets come first.
import { useId, useState } from 'preact/hooks';
import type { CatalogueEntry } from '../../protocol.js';
import { draft, edit, entriesOf, entryOf, faultAt } from './controls-state.js';
import { chooseComponent, type Draft, type Slot, useAt, valueIn } from './draft.js';
import { ParameterField } from './parameter-field.js';

const TITLES: Readonly<Record<Slot, string>> = {
  model: 'Model and data',
  loss: 'Loss',
  noise: 'Noise',
  optimiser: 'Optimiser',
};

export function ComponentSlot({ slot }: { readonly slot: Slot }) {
  const id = useId();
  const now = draft.value;
  if (!now) return null;
  const use = useAt(now, slot);
  const entry = entryOf(slot, use);
  const choose = (name: string) => {
    const chosen = entryOf(slot, name);
    if (chosen) edit((from) => chooseComponent(from, slot, chosen));
  };
  const problem = faultAt(`${slot}.use`) ?? (entry ? undefined : faultAt(slot));
  return (
    <section class="slot" aria-labelledby={id}>
      <h3 id={id}>{TITLES[slot]}</h3>
      <select aria-labelledby={id} value={use} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {!entry && <option value={use}>{use}</option>}
        <ComponentOptions entries={entriesOf(slot)} />
      </select>
      {entry && <p class="slot-about">{entry.doc}.</p>}
      {problem && <p class="field-problem">{problem}</p>}
      {entry && <Parameters key={use} path={slot} entry={entry} />}
    </section>
  );
}

/** Components by the plugin that brings them. */
export function ComponentOptions({ entries }: { readonly entries: readonly CatalogueEntry[] }) {
  const plugins = [...new Set(entries.map(({ plugin }) => plugin))];
  return (
    <>
      {plugins.map((plugin) => (
        <optgroup key={plugin} label={plugin}>
          {entries
            .filter((entry) => entry.plugin === plugin)
            .map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </optgroup>
      ))}
    </>
  );
}

const isNeeded = ({ params }: CatalogueEntry, name: string) => {
  const parameter = params[name];
  return !parameter.optional && !('default' in parameter && parameter.default !== undefined);
};

/** @param path of the component in the scenario */
export function Parameters({ path, entry }: { readonly path: string; readonly entry: CatalogueEntry }) {
  const now = draft.value as Draft;
  const names = Object.keys(entry.params);
  // As it was when it was opened: a field does not move away from whoever types into it.
  const [first] = useState(() =>
    names.filter((name) => isNeeded(entry, name) || valueIn(now, `${path}.${name}`) !== undefined),
  );
  const others = names.filter((name) => !first.includes(name));
  const isWrong = others.some((name) => faultAt(`${path}.${name}`) !== undefined);
  const field = (name: string) => (
    <ParameterField key={name} path={`${path}.${name}`} name={name} parameter={entry.params[name]} />
  );
  return (
    <>
      {first.map(field)}
      {others.length > 0 && (
        <details class="slot-more" open={isWrong || undefined}>
          <summary>
            {first.length > 0
              ? `${others.length} more, as they are by default`
              : `${others.length} parameters, all by default`}
          </summary>
          {others.map(field)}
        </details>
      )}
    </>
  );
}
