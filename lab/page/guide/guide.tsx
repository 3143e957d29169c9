// The tour: a card that tells what to look at, and a ring around it. The page stays in use meanwhile.
import { useEffect, useRef } from 'preact/hooks';
import { goOn, leave, left, show, step } from './tour-state.js';
import { TOUR } from './tour-steps.js';

export function GuideButton() {
  const isBegun = left.value > 0 && left.value < TOUR.length - 1;
  return (
    <button
      type="button"
      class="guide-button"
      aria-expanded={step.value !== undefined}
      onClick={() => (step.value === undefined ? goOn() : leave())}
    >
      {isBegun && step.value === undefined ? `Tour, ${left.value + 1} of ${TOUR.length}` : 'Tour'}
    </button>
  );
}

/** Rings what is pointed at, and brings it into sight. */
function usePointer(selector: string | undefined): void {
  useEffect(() => {
    const found = selector ? document.querySelector(selector) : null;
    if (!found) return;
    found.classList.add('is-pointed-at');
    found.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    return () => found.classList.remove('is-pointed-at');
  }, [selector]);
}

export function Guide() {
  const index = step.value;
  const current = index === undefined ? undefined : TOUR[index];
  const heading = useRef<HTMLHeadingElement>(null);
  usePointer(current?.at);
  useEffect(() => {
    if (index !== undefined) heading.current?.focus({ preventScroll: true });
  }, [index]);
  if (index === undefined || !current) return null;
  const end = () => {
    leave();
    document.querySelector<HTMLElement>('.guide-button')?.focus();
  };
  const isLast = index === TOUR.length - 1;
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end();
    else if (event.key === 'ArrowRight' && !isLast) show(index + 1);
    else if (event.key === 'ArrowLeft' && index > 0) show(index - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section class="tour" role="dialog" aria-labelledby="tour-title" aria-describedby="tour-text" onKeyDown={onKey}>
      <p class="tour-count">
        Step {index + 1} of {TOUR.length}
      </p>
      <h2 id="tour-title" ref={heading} tabIndex={-1}>
        {current.title}
      </h2>
      <p id="tour-text">{current.text}</p>
      <div class="drawer-actions">
        <button type="button" disabled={index === 0} onClick={() => show(index - 1)}>
          Back
        </button>
        {!isLast && (
          <button type="button" class="primary" onClick={() => show(index + 1)}>
            Next
          </button>
        )}
        <button type="button" class={isLast ? 'primary' : ''} onClick={end}>
          {isLast ? 'Done' : 'Leave'}
        </button>
      </div>
    </section>
  );
}
