// A value as text, checked for its form while it is typed.
import { useState } from 'preact/hooks';
import type { Json } from '../../../core/contracts/json.js';
import type { Parameter } from '../../../core/contracts/parameters.js';
import { draft, edit, faultAt, noteMisread } from './controls-state.js';
import { setValue, valueIn } from './draft.js';
import { isList, readField, textOf } from './field-text.js';

export interface InputProps {
  readonly id: string;
  readonly about: string;
  readonly path: string;
  readonly parameter: Parameter;
  readonly isWrong: boolean;
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
          textOf('default' in parameter ? (parameter.default as Json | undefined) : undefined) ||
          (parameter.optional ? 'not set' : isList(parameter) ? '1, 2, 3' : '')
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
