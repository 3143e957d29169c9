// Where in the sweep the run is: a value of every axis, also between those of the map, and the seed.
import { useId } from 'preact/hooks';
import type { Json } from '../../../core/contracts/json.js';
import { integer } from '../../../core/contracts/parameters.js';
import type { SweepAxis } from '../../protocol.js';
import { study } from '../state.js';
import { draft, edit, faultAt } from './controls-state.js';
import { textOf } from './field-text.js';
import { spoken } from './parameter-field.js';
import { TextInput } from './text-input.js';

const wholeNumber = integer({ doc: '', unit: '1', min: 0, default: 0 });

const nameOf = (path: string) => spoken(path.split('.').slice(1).join(' ') || path);

function AxisField({ axis }: { readonly axis: SweepAxis }) {
  const id = useId();
  const now = draft.value;
  if (!now) return null;
  const value = now.at[axis.name];
  const texts = axis.values.map((one) => textOf(one));
  const choose = (text: string) => {
    const chosen: Json | undefined = axis.values[texts.indexOf(text)];
    if (chosen !== undefined) edit((from) => ({ ...from, at: { ...from.at, [axis.name]: chosen } }));
  };
  const isKnown = value === undefined || texts.includes(textOf(value));
  return (
    <div class="field">
      <label for={id}>
        {nameOf(axis.name)} <span class="field-range">{axis.name}</span>
      </label>
      <select id={id} value={textOf(value)} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {value === undefined && <option value="">not in this scenario</option>}
        {!isKnown && <option value={textOf(value)}>{textOf(value)}, between cells</option>}
        {texts.map((text) => (
          <option key={text} value={text}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function PlaceFields() {
  const id = useId();
  const now = draft.value;
  const axes = study.value?.axes ?? [];
  if (!now) return null;
  return (
    <section class="slot" aria-labelledby={id}>
      <h3 id={id}>Place in the sweep</h3>
      {axes.length === 0 && <p class="slot-about">Nothing is swept in this scenario.</p>}
      <div class="field-grid">
        {axes.map((axis) => (
          <AxisField key={axis.name} axis={axis} />
        ))}
        <SeedField />
      </div>
    </section>
  );
}

function SeedField() {
  const id = useId();
  const now = draft.value;
  if (!now) return null;
  const set = (text: string) => {
    const seed = Number(text);
    if (Number.isSafeInteger(seed) && seed >= 0) edit((from) => ({ ...from, seed }));
  };
  return (
    <div class="field">
      <label for={id}>realisation</label>
      <input
        id={id}
        type="number"
        min={0}
        step={1}
        value={now.seed}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </div>
  );
}

export function RootSeedField() {
  const id = useId();
  const problem = faultAt('seed');
  return (
    <div class={`field${problem ? ' is-wrong' : ''}`}>
      <label for={id}>root seed</label>
      <TextInput id={id} about={`${id}-about`} path="seed" parameter={wholeNumber} isWrong={problem !== undefined} />
      <p id={`${id}-about`} class="field-about">
        {problem && <strong class="field-problem">{problem}</strong>}
        <span>All random draws follow from it.</span>
      </p>
    </div>
  );
}
