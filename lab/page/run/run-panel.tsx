// The run of the place: levels against learning time, the transport, and a row of small panels.
import { useMemo } from 'preact/hooks';
import type { ScaleKind } from '../../../core/contracts/figure.js';
import type { LiveStart } from '../../protocol.js';
import { Term } from '../guide/term.js';
import { runStart } from '../state.js';
import { createDensityPanel } from './density-panel.js';
import { createFeaturesPanel } from './features-panel.js';
import { LevelsExport } from './levels-export.js';
import { LevelsPanel } from './levels-panel.js';
import { createLossPanel } from './loss-panel.js';
import { createNumberPanel, nameOfNumber } from './number-panel.js';
import {
  CLOCK_LABEL,
  CLOCKS,
  type Clock,
  chooseBlock,
  clockShown,
  fourth,
  hasClock,
  xAxis,
  xKind,
  yKind,
} from './run-state.js';
import { SmallPanel } from './small-panel.js';
import { createSpacingsPanel } from './spacings-panel.js';
import { Transport } from './transport.js';
import { createWeightsPanel } from './weights-panel.js';

/** A scale that is one of two, as a switch. */
function ScaleSwitch({ axis, kind }: { readonly axis: string; readonly kind: typeof xKind }) {
  const other: ScaleKind = kind.value === 'log' ? 'linear' : 'log';
  return (
    <button
      type="button"
      class="switch"
      aria-pressed={kind.value === 'log'}
      title={`${axis} axis: ${other === 'log' ? 'logarithmic' : 'linear'}`}
      onClick={() => {
        kind.value = other;
      }}
    >
      log {axis}
    </button>
  );
}

function ClockSwitch({ run }: { readonly run: LiveStart }) {
  return (
    <label class="choice">
      <span class="visually-hidden">Horizontal axis</span>
      <select
        value={xAxis.value?.clock}
        onChange={(event) => {
          clockShown.value = event.currentTarget.value as Clock;
        }}
      >
        {CLOCKS.filter((clock) => hasClock(run, clock)).map((clock) => (
          <option key={clock} value={clock}>
            {CLOCK_LABEL[clock]}
          </option>
        ))}
      </select>
    </label>
  );
}

function BlockSwitch({ run: { blocks, block } }: { readonly run: LiveStart }) {
  if (blocks.length < 2) return null;
  return (
    <label class="choice">
      <span class="visually-hidden">Weight matrix</span>
      <select value={block?.name} onChange={(event) => chooseBlock(event.currentTarget.value)}>
        {blocks.map((name) => (
          <option key={name} value={name}>
            matrix {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Of the matrix that is seen, or of levels that are those of none. */
function titleOf(run: LiveStart | undefined) {
  if (!run?.block) return run?.roles.levels ? 'Levels' : 'Run';
  const { rows, cols } = run.block;
  return `Levels of W Wᵀ, ${rows} × ${cols}`;
}

function LevelsHead() {
  const run = runStart.value;
  return (
    <header class="levels-head">
      <h2>
        {titleOf(run)}
        <Term of="level" />
      </h2>
      {run && (
        <fieldset class="levels-axes" aria-label="Axes">
          <BlockSwitch run={run} />
          <ClockSwitch run={run} />
          <ScaleSwitch axis="x" kind={xKind} />
          {run.block && <ScaleSwitch axis="y" kind={yKind} />}
          <LevelsExport run={run} />
        </fieldset>
      )}
    </header>
  );
}

/** The fourth panel shows what the user chooses. */
function FourthPanel() {
  const run = runStart.value;
  const numbers = run?.roles.numbers ?? [];
  const names: Readonly<Record<string, string>> = {
    loss: 'Loss, order parameters',
    weights: 'Weights',
    ...Object.fromEntries(numbers.map((channel) => [channel, nameOfNumber(channel)])),
  };
  // A number of another model is kept for when it comes back.
  const shown = Object.hasOwn(names, fourth.value) ? fourth.value : 'loss';
  const create = useMemo(
    () => ({ loss: createLossPanel, weights: createWeightsPanel })[shown] ?? createNumberPanel(shown),
    [shown],
  );
  const chooser = (
    <select
      aria-label="Fourth panel"
      value={shown}
      onChange={(event) => {
        fourth.value = event.currentTarget.value;
      }}
    >
      {Object.entries(names).map(([name, text]) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  );
  return <SmallPanel key={shown} name={shown} title={names[shown]} create={create} chooser={chooser} />;
}

export function RunPanel() {
  return (
    <section class="run" aria-label="Run">
      <LevelsHead />
      <LevelsPanel />
      <Transport />
      <div class="panels">
        <SmallPanel name="density" title="Density of levels" term="marchenko-pastur" create={createDensityPanel} />
        <SmallPanel name="spacings" title="Spacings of neighbours" term="wigner-surmise" create={createSpacingsPanel} />
        <SmallPanel name="features" title="Features" term="features" create={createFeaturesPanel} />
        <FourthPanel />
      </div>
    </section>
  );
}
