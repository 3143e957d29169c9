// What a run measures for its file. What the page draws is looked at beside it and need not stand here.
import { useId } from 'preact/hooks';
import type { ObserverUse, Trigger } from '../../../core/scenario/scenario.js';
import { ComponentOptions, Parameters } from './component-slot.js';
import { draft, edit, entriesOf, entryOf, faultAt } from './controls-state.js';
import { addObserver, removeObserver, setTrigger } from './draft.js';
import { readTrigger, TRIGGERS, type TriggerForm, textOfTrigger, triggerForm } from './trigger-text.js';

function When({ name, when }: { readonly name: string; readonly when: Trigger | undefined }) {
  const id = useId();
  const form = triggerForm(when);
  const set = (next: Trigger | undefined) => edit((from) => setTrigger(from, name, next));
  const problem = faultAt(`observers.${name}.when`);
  return (
    <div class={`field${problem ? ' is-wrong' : ''}`}>
      <label for={id}>when</label>
      <div class="field-pair">
        <select
          id={id}
          value={form}
          onChange={({ currentTarget }) => set(TRIGGERS[currentTarget.value as TriggerForm].first)}
        >
          {Object.entries(TRIGGERS).map(([key, { title }]) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </select>
        {form !== 'end' && (
          <input
            key={form}
            type="text"
            aria-label={TRIGGERS[form].title}
            autocomplete="off"
            aria-invalid={problem !== undefined}
            defaultValue={textOfTrigger(when)}
            onInput={({ currentTarget }) => set(readTrigger(form, currentTarget.value))}
          />
        )}
      </div>
      {problem && <p class="field-problem">{problem}</p>}
    </div>
  );
}

function Observer({ name, observer }: { readonly name: string; readonly observer: ObserverUse }) {
  const entry = entryOf('observer', observer.use);
  const problem = faultAt(`observers.${name}.use`) ?? (entry ? undefined : faultAt(`observers.${name}`));
  return (
    <details class="observer" open={faultAt(`observers.${name}`) !== undefined || undefined}>
      <summary>
        {name} <span class="field-range">{observer.use === name ? '' : observer.use}</span>
      </summary>
      {entry && <p class="slot-about">{entry.doc}.</p>}
      {problem && <p class="field-problem">{problem}</p>}
      <When name={name} when={observer.when} />
      {entry && <Parameters path={`observers.${name}`} entry={entry} />}
      <button type="button" class="quiet" onClick={() => edit((from) => removeObserver(from, name))}>
        Remove {name}
      </button>
    </details>
  );
}

export function Observers() {
  const id = useId();
  const now = draft.value;
  if (!now) return null;
  const add = (select: HTMLSelectElement) => {
    const entry = entryOf('observer', select.value);
    select.value = '';
    if (entry) edit((from) => addObserver(from, entry));
  };
  return (
    <section class="slot" aria-labelledby={id}>
      <h3 id={id}>Observers</h3>
      <p class="slot-about">Measured for the file of the run; what the page draws is looked at beside them.</p>
      {Object.entries(now.scenario.observers ?? {}).map(([name, observer]) => (
        <Observer key={name} name={name} observer={observer} />
      ))}
      <select aria-label="Add an observer" value="" onChange={({ currentTarget }) => add(currentTarget)}>
        <option value="">Add an observer…</option>
        <ComponentOptions entries={entriesOf('observer')} />
      </select>
    </section>
  );
}
