// A small button beside a term; it says in one sentence what the term means, and where that is from.
import { signal } from '@preact/signals';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { TERMS, type TermName } from './terms.js';

/** One explanation is open at a time, by the id of its button. */
const open = signal<string | undefined>(undefined);

const MARGIN = 8;

/** Where the explanation fits: under its button, or above it, within the window. */
function place(note: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { width, height } = note.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - MARGIN));
  const isBelow = at.bottom + MARGIN + height < innerHeight || at.top < height + MARGIN;
  note.style.left = `${left}px`;
  note.style.top = `${isBelow ? at.bottom + MARGIN : at.top - height - MARGIN}px`;
}

export function Term({ of }: { readonly of: TermName }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = open.value === id;
  const { title } = TERMS[of];
  return (
    <>
      <button
        ref={button}
        type="button"
        class="term"
        aria-label={`What is ${title}?`}
        aria-expanded={isOpen}
        aria-describedby={isOpen ? `${id}-note` : undefined}
        onClick={() => {
          open.value = isOpen ? undefined : id;
        }}
      >
        ?
      </button>
      {isOpen && <Note id={`${id}-note`} of={of} button={button.current} />}
    </>
  );
}

interface NoteProps {
  readonly id: string;
  readonly of: TermName;
  readonly button: HTMLButtonElement | null;
}

function Note({ id, of, button }: NoteProps) {
  const note = useRef<HTMLSpanElement>(null);
  const { title, text, cite } = TERMS[of];
  useLayoutEffect(() => {
    if (note.current && button) place(note.current, button);
  }, [button]);
  useEffect(() => {
    const close = () => {
      open.value = undefined;
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return;
      close();
      button?.focus();
    };
    const onPress = ({ target }: Event) => {
      if (target instanceof Node && !note.current?.contains(target) && !button?.contains(target)) close();
    };
    addEventListener('keydown', onKey);
    addEventListener('pointerdown', onPress);
    addEventListener('resize', close);
    addEventListener('scroll', close, { capture: true });
    return () => {
      removeEventListener('keydown', onKey);
      removeEventListener('pointerdown', onPress);
      removeEventListener('resize', close);
      removeEventListener('scroll', close, { capture: true });
    };
  }, [button]);
  return (
    <span ref={note} id={id} class="term-note" role="status">
      <strong>{title}</strong>
      <span>{text}</span>
      <small>{cite}</small>
    </span>
  );
}
