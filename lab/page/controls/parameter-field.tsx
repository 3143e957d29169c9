// One parameter of a component: its field by its type, what it is, its unit and range, and what is wrong with it.
import { useId } from 'preact/hooks';
import type { Json } from '../../../core/contracts/json.js';
import type { Parameter } from '../../../core/contracts/parameters.js';
import { draft, edit, faultAt } from './controls-state.js';
import { setValue, valueIn } from './draft.js';
import { rangeOf, textOf } from './field-text.js';
import { ScheduleField } from './schedule-field.js';
import { type InputProps, TextInput } from './text-input.js';

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
