// One parameter of a component: its field by its type, what it is, its unit and range, and what is wrong with it.
import { useId, useState } from 'preact/hooks';
import type { Json } from '../../../core/contracts/json.js';
import type { Parameter } from '../../../core/contracts/parameters.js';
import { draft, edit, faultAt, noteMisread } from './controls-state.js';
import { setValue, valueIn } from './draft.js';
import { isList, rangeOf, readField, textOf } from './field-text.js';
import { ScheduleField } from './schedule-field.js';

interface FieldProps {
  /** In the scenario, such as `optimiser.learningRate`. */
  readonly path: string;
  readonly name: string;
  readonly parameter: Parameter;
}

const defaultOf = (parameter: Parameter): Json | undefined =>
  'default' in parameter ? (parameter.default as Json | undefined) : undefined;

/** `learningRate` as it is read. */
export const spoken = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);

export function ParameterField({ path, name, parameter }: FieldProps) {
  const id = useId();
  const now = draft.value;
  if (!now) return null;
  const isAxis = Object.hasOwn(now.at, path);
  const problem = faultAt(path);
  const range = rangeOf(parameter);
  const about = `${id}-about`;
  return (
    <div class={`field${problem ? ' is-wrong' : ''}`}>
      <label for={id}>
        {spoken(name)}
        {range && <span class="field-range">{range}</span>}
        {isAxis && <span class="field-axis">axis of the map</span>}
      </label>
      <Input id={id} about={about} path={path} parameter={parameter} isWrong={problem !== undefined} />
      <p id={about} class="field-about">
        {problem && (
          <strong class="field-problem" role="status">
            {problem}
          </strong>
        )}
        <span>{parameter.doc}.</span>
        {parameter.type === 'arrays' && (
          <span> A file is named, not uploaded: open it together with the scenario.</span>
        )}
      </p>
    </div>
  );
}

interface InputProps {
  readonly id: string;
  readonly about: string;
  readonly path: string;
  readonly parameter: Parameter;
  readonly isWrong: boolean;
}

function Input(props: InputProps) {
  const { id, about, path, parameter, isWrong } = props;
  const value = draft.value ? valueIn(draft.value, path) : undefined;
  const shared = { id, 'aria-describedby': about, 'aria-invalid': isWrong } as const;
  const set = (next: Json | undefined) => edit((now) => setValue(now, path, next));
  if (parameter.type === 'choice') {
    return (
      <select
        {...shared}
        value={textOf(value ?? defaultOf(parameter))}
        onChange={({ currentTarget }) => set(currentTarget.value)}
      >
        {value === undefined && defaultOf(parameter) === undefined && <option value="">—</option>}
        {parameter.values.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  if (parameter.type === 'flag') {
    const isOn = value ?? defaultOf(parameter) ?? false;
    return (
      <input
        {...shared}
        type="checkbox"
        checked={isOn === true}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
    );
  }
  if (parameter.type === 'number' && parameter.schedulable) return <ScheduleField {...props} />;
  return <TextInput {...props} />;
}

/** Keeps what was typed as long as it is being typed: `1.` is on its way to 1.5. */
export function TextInput({ id, about, path, parameter, isWrong }: InputProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const value = draft.value ? valueIn(draft.value, path) : undefined;
  const words = 'words' in parameter ? (parameter.words ?? []) : [];
  const isNumber = parameter.type === 'number' || parameter.type === 'integer';
  const set = (text: string) => {
    setTyped(text);
    const read = readField(parameter, text);
    noteMisread(path, 'problem' in read ? read.problem : undefined);
    if ('value' in read) edit((now) => setValue(now, path, read.value));
  };
  return (
    <>
      <input
        id={id}
        aria-describedby={about}
        aria-invalid={isWrong}
        type="text"
        inputMode={isNumber ? 'decimal' : undefined}
        list={words.length > 0 ? `${id}-words` : undefined}
        spellcheck={false}
        autocomplete="off"
        placeholder={
          textOf(defaultOf(parameter)) || (parameter.optional ? 'not set' : isList(parameter) ? '1, 2, 3' : '')
        }
        value={typed ?? textOf(value)}
        onInput={({ currentTarget }) => set(currentTarget.value)}
        onBlur={() => faultAt(path) === undefined && setTyped(undefined)}
      />
      {words.length > 0 && (
        <datalist id={`${id}-words`}>
          {words.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      )}
    </>
  );
}
