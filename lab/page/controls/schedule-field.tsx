// A number that may follow a schedule: constant, or one of the forms of a schedule with its own fields.
import type { Json } from '../../../core/contracts/json.js';
import { draft, edit, noteMisread } from './controls-state.js';
import { setValue, valueIn } from './draft.js';
import { readField } from './field-text.js';
import { FORMS, type Form, formOf, startOf } from './schedule-forms.js';
import { type InputProps, TextInput } from './text-input.js';

export function ScheduleField(props: InputProps) {
  const { path, about, parameter, isWrong, id } = props;
  const value = draft.value ? valueIn(draft.value, path) : undefined;
  const form = formOf(value);
  const set = (next: Json | undefined) => edit((now) => setValue(now, path, next));
  const choose = (next: Form) => {
    noteMisread(path, undefined);
    set(startOf(next, value ?? ('default' in parameter ? (parameter.default as Json | undefined) : undefined)));
  };
  const typed = (text: string) => {
    const read = readField(parameter, text);
    noteMisread(path, 'problem' in read ? read.problem : undefined);
    if ('value' in read && read.value !== undefined) set(read.value);
  };
  return (
    <div class="schedule">
      {form === 'constant' ? (
        <TextInput {...props} />
      ) : (
        <textarea
          id={id}
          rows={3}
          spellcheck={false}
          aria-describedby={about}
          aria-invalid={isWrong}
          key={form}
          defaultValue={JSON.stringify(value, null, 1).replaceAll(/\s+/g, ' ')}
          onInput={({ currentTarget }) => typed(currentTarget.value)}
        />
      )}
      <select
        aria-label="How it goes with the steps"
        value={form}
        onChange={({ currentTarget }) => choose(currentTarget.value as Form)}
      >
        {Object.entries(FORMS).map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
