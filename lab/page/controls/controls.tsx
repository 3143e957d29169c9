// The drawer: what to watch, and the scenario with all that can be set in it. It opens beside what is seen, over nothing.
import { useEffect, useRef, useState } from 'preact/hooks';
import { copyScenario, saveScenario } from '../share.js';
import { attempt, isChanged } from '../state.js';
import { ComponentSlot } from './component-slot.js';
import {
  apply,
  catalogue,
  discard,
  drawer,
  firstFault,
  isChecking,
  isDirty,
  openDrawer,
  reset,
  revision,
  type Tab,
} from './controls-state.js';
import { SLOTS } from './draft.js';
import { LengthField } from './length-field.js';
import { Observers } from './observers.js';
import { PlaceFields } from './place-fields.js';
import { Presets } from './presets.js';

const TITLES: Readonly<Record<Tab, string>> = { presets: 'Presets', scenario: 'Controls' };
const TABS: Readonly<Record<Tab, string>> = { presets: 'Watch', scenario: 'Scenario' };

/** Opens and closes the drawer. */
export function Controls() {
  const isOpen = drawer.value !== undefined;
  const toggle = () => {
    if (isOpen) drawer.value = undefined;
    else openDrawer('presets');
  };
  return (
    <button type="button" class="controls-toggle" aria-expanded={isOpen} aria-controls="drawer" onClick={toggle}>
      Scenario
    </button>
  );
}

export function ControlsDrawer() {
  const tab = drawer.value;
  const heading = useRef<HTMLHeadingElement>(null);
  const isOpen = tab !== undefined;
  useEffect(() => {
    document.documentElement.toggleAttribute('data-drawer', isOpen);
    if (isOpen) heading.current?.focus({ preventScroll: true });
    if (isOpen && matchMedia('(max-width: 60rem)').matches) heading.current?.scrollIntoView({ block: 'start' });
  }, [isOpen]);
  const close = () => {
    drawer.value = undefined;
    document.querySelector<HTMLElement>('.controls-toggle')?.focus();
  };
  return (
    <aside
      id="drawer"
      class="drawer"
      hidden={!isOpen}
      aria-labelledby="drawer-title"
      onKeyDown={({ key }) => key === 'Escape' && close()}
    >
      <header class="drawer-head">
        <h2 id="drawer-title" ref={heading} tabIndex={-1}>
          {tab === undefined ? '' : TITLES[tab]}
        </h2>
        <nav aria-label="Parts of the drawer">
          {(Object.keys(TABS) as Tab[]).map((name) => (
            <button key={name} type="button" aria-pressed={tab === name} onClick={() => openDrawer(name)}>
              {TABS[name]}
            </button>
          ))}
        </nav>
        <button type="button" class="drawer-close" aria-label="Close the drawer" onClick={close}>
          ×
        </button>
      </header>
      {tab === 'presets' && <Presets />}
      {tab === 'scenario' && <ScenarioForm />}
    </aside>
  );
}

function ScenarioForm() {
  const run = (event: SubmitEvent) => {
    event.preventDefault();
    if (!firstFault.value && !isChecking.value) attempt(apply);
  };
  if (!catalogue.value) return <p class="slot-about">Reading what there is to choose from…</p>;
  return (
    <form class="scenario-form" onSubmit={run} noValidate>
      <div class="scenario-slots" key={revision.value}>
        <PlaceFields />
        {SLOTS.map((slot) => (
          <ComponentSlot key={slot} slot={slot} />
        ))}
        <LengthField />
        <Observers />
      </div>
      <Foot />
    </form>
  );
}

/** Always in sight: what is wrong or changed, and what can be done. */
function Foot() {
  const fault = firstFault.value;
  const isReady = isDirty.value && !fault && !isChecking.value;
  const [said, setSaid] = useState<string | undefined>(undefined);
  const copy = () =>
    attempt(async () => {
      await copyScenario();
      setSaid('Copied. Saved as a file, `eigenflow run FILE` gives the bits of this run.');
      setTimeout(setSaid, 6000, undefined);
    });
  const told =
    said ??
    (fault
      ? `${fault.path ? `${fault.path}: ` : ''}${fault.message}`
      : isDirty.value
        ? 'Changed, not yet applied.'
        : isChanged.value
          ? 'This run is not the study’s: the scenario was changed.'
          : 'As the study has it.');
  return (
    <footer class="drawer-foot">
      <p class={fault ? 'field-problem' : 'slot-about'} role="status">
        {told}
      </p>
      <div class="drawer-actions">
        <button type="submit" class="primary" disabled={!isReady}>
          Apply and run
        </button>
        <button type="button" disabled={!isDirty.value} onClick={discard}>
          Undo
        </button>
        <button type="button" disabled={!isDirty.value && !isChanged.value} onClick={() => attempt(reset)}>
          As the study has it
        </button>
        <button type="button" onClick={copy}>
          Copy as scenario
        </button>
        <button type="button" onClick={() => attempt(saveScenario)}>
          Save
        </button>
      </div>
    </footer>
  );
}
