// How long a run is: in steps, epochs or learning time, one of the three.
import { useId, useState } from 'preact/hooks';
import { number } from '../../../core/contracts/parameters.js';
import { draft, edit, faultAt, noteMisread } from './controls-state.js';
import { LENGTHS, type Length, lengthOf, setLength, valueIn } from './draft.js';
import { readField, textOf } from './field-text.js';
import { RootSeedField } from './place-fields.js';

const positive = number({ doc: '', unit: '1' });

export function LengthField() {
  const id = useId();
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const now = draft.value;
  if (!now) return null;
  const length = lengthOf(now);
  const value = valueIn(now, length);
  const problem = faultAt(length);
  const set = (text: string) => {
    setTyped(text);
    const read = readField(positive, text);
    noteMisread(length, 'problem' in read ? read.problem : undefined);
    if ('value' in read && typeof read.value === 'number') {
      const number = read.value;
      edit((from) => setLength(from, length, number));
    }
  };
  const change = (next: Length) => {
    noteMisread(length, undefined);
    setTyped(undefined);
    edit((from) => setLength(from, next, typeof value === 'number' ? value : 1000));
  };
  return (
    <section class="slot" aria-labelledby={id}>
      <h3 id={id}>Length and seed</h3>
      <div class="field-grid">
        <div class={`field${problem ? ' is-wrong' : ''}`}>
          <label for={`${id}-value`}>length</label>
          <div class="field-pair">
            <input
              id={`${id}-value`}
              type="text"
              inputMode="decimal"
              autocomplete="off"
              aria-invalid={problem !== undefined}
              value={typed ?? textOf(value)}
              onInput={({ currentTarget }) => set(currentTarget.value)}
              onBlur={() => setTyped(undefined)}
            />
            <select
              aria-label="Unit of the length"
              value={length}
              onChange={({ currentTarget }) => change(currentTarget.value as Length)}
            >
              {LENGTHS.map((name) => (
                <option key={name} value={name}>
                  {name === 'time' ? 'learning time' : name}
                </option>
              ))}
            </select>
          </div>
          {problem && <p class="field-problem">{problem}</p>}
        </div>
        <RootSeedField />
      </div>
    </section>
  );
}
