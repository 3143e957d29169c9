// SGD beside a surrogate: what is chosen, what it will take, the verdict as it grows, and by how much levels differ.
import { copyText } from '../clipboard.js';
import { duration } from '../compute/compute-panel.js';
import { poolSize } from '../compute/state.js';
import { attempt, place } from '../state.js';
import { besideMessage, besideState, isBeside } from './beside.js';
import {
  comparisonMessage,
  comparisonState,
  computeComparison,
  ended,
  isComplete,
  offer,
  offers,
  outline,
  planComparison,
  seconds,
  settings,
  stopComparison,
  verdict,
} from './compare-state.js';
import { ContrastPicture } from './contrast-picture.js';
import { differenceView, ratioView } from './contrast-views.js';
import { showsMean } from './overlay-source.js';
import { percent, short } from './say.js';
import { PARTS, REALISATIONS, SUBSTEPS } from './settings-text.js';
import { VerdictTable } from './verdict-table.js';

const count = (value: number) => Math.round(value).toLocaleString('en').replaceAll(',', '\u202f');

interface Choice {
  readonly value: number;
  readonly text: string;
}

function Select({
  label,
  value,
  choices,
  onChoose,
}: {
  readonly label: string;
  readonly value: number;
  readonly choices: readonly Choice[];
  readonly onChoose: (value: number) => void;
}) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
    </label>
  );
}

const PART_CHOICES: readonly Choice[] = [
  { value: 0, text: 'what takes seconds' },
  ...PARTS.map((part) => ({ value: part, text: part === 1 ? 'the whole run' : `${percent(part)} of the run` })),
];
const SUBSTEP_CHOICES: readonly Choice[] = [
  { value: 0, text: 'by the sharpness' },
  ...SUBSTEPS.map((value) => ({ value, text: value === 1 ? 'that of SGD' : `1/${value} of SGD's` })),
];

function Settings() {
  const chosen = offer.value;
  const change = (changes: Partial<typeof settings.value>) => {
    settings.value = { ...settings.value, ...changes };
  };
  return (
    <div class="compare-settings">
      <label>
        <span>Surrogate</span>
        <select value={chosen?.name} onChange={(event) => change({ surrogate: event.currentTarget.value })}>
          {offers.value.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Select
        label="Realisations"
        value={settings.value.realisations}
        choices={REALISATIONS.map((value) => ({ value, text: String(value) }))}
        onChoose={(realisations) => change({ realisations })}
      />
      {chosen?.isPreset && (
        <>
          <Select
            label="Learning time"
            value={settings.value.part}
            choices={PART_CHOICES}
            onChoose={(part) => change({ part })}
          />
          <Select
            label="Step"
            value={settings.value.substeps}
            choices={SUBSTEP_CHOICES}
            onChoose={(substeps) => change({ substeps })}
          />
        </>
      )}
    </div>
  );
}

/** What is known before the first step. */
function Facts() {
  const found = outline.value;
  if (!found) return null;
  const { time, steps, temperature, substeps, stepTimesSharpness, differences, notes, isFitted } = found;
  const ownSteps = Number.isFinite(steps.surrogate) ? ` and ${count(steps.surrogate)}` : '';
  return (
    <>
      <p class="compare-facts">
        Learning time {short(time, 4)}: {count(steps.reference)} steps of SGD
        {ownSteps && `${ownSteps} of the surrogate`}
        {Number.isFinite(temperature.reference) && <>; T {short(temperature.reference)}</>}
        {substeps !== undefined && <>; {substeps === 1 ? 'the step of SGD' : `steps of 1/${substeps}`}</>}
        {stepTimesSharpness !== undefined && <>, step × sharpness {short(stepTimesSharpness, 2)} at the start</>}
      </p>
      {isFitted && <p class="compare-facts">Its coefficients are measured on every other realisation of SGD first.</p>}
      {notes.map((note) => (
        <p class="compare-facts" key={note}>
          Note: {note}.
        </p>
      ))}
      {differences.map((difference) => (
        <p class="compare-warning" key={difference}>
          Not the same dynamics: {difference}.
        </p>
      ))}
    </>
  );
}

function Beside() {
  const isWatched = isBeside.value;
  const cannot = outline.value?.isFitted;
  const said = {
    none: '',
    starting: 'starting',
    running: 'both keep step in learning time',
    paused: '',
    completed: 'the surrogate has come to its end',
    diverged: 'the surrogate has diverged',
    saturated: 'the surrogate is saturated',
    failed: besideMessage.value,
  }[besideState.value];
  return (
    <div class="compare-beside">
      <label>
        <input
          type="checkbox"
          checked={isWatched}
          disabled={cannot}
          onChange={(event) => {
            isBeside.value = event.currentTarget.checked;
          }}
        />
        Watch it beside the run
      </label>
      <label>
        <input
          type="checkbox"
          checked={showsMean.value}
          onChange={(event) => {
            showsMean.value = event.currentTarget.checked;
          }}
        />
        Mean of its realisations over the run
      </label>
      <p role="status">{isWatched && (cannot ? 'it has to be measured before it can be watched' : said)}</p>
    </div>
  );
}

/** Unit: seconds; NaN before one of each side has ended. */
function timeLeft(): number {
  const { realisations } = settings.value;
  const left = (side: 'reference' | 'surrogate') => Math.max(0, realisations - ended.value[side]) * seconds.value[side];
  return (left('reference') + left('surrogate')) / poolSize;
}

function Progress() {
  const { realisations } = settings.value;
  const { reference, surrogate } = ended.value;
  const left = timeLeft();
  if (comparisonState.value !== 'computing' && reference === 0) return null;
  return (
    <>
      {!isComplete.value && (
        <progress aria-label="realisations computed" max={2 * realisations} value={reference + surrogate} />
      )}
      <p class="compare-facts">
        {reference} + {surrogate} of {realisations} realisations each
        {comparisonState.value === 'computing' && left > 0 && `; about ${duration(left)} left`}
      </p>
    </>
  );
}

/** For the command, which gives the same verdict. */
async function copyComparison(): Promise<void> {
  const found = outline.value;
  if (!found?.scenario.compare) return;
  const compare = { ...found.scenario.compare, replicas: settings.value.realisations };
  await copyText(`${JSON.stringify({ ...found.scenario, compare }, null, 2)}\n`);
}

function Actions() {
  const state = comparisonState.value;
  const isComputing = state === 'computing';
  const isBusy = isComputing || state === 'planning';
  const isFirstSeed = place.value?.seed === 0;
  return (
    <div class="compare-actions">
      {isComputing ? (
        <button type="button" onClick={stopComparison}>
          Stop
        </button>
      ) : (
        <button
          type="button"
          class="primary"
          disabled={isBusy || isComplete.value || !offer.value}
          onClick={() => attempt(computeComparison)}
        >
          {ended.value.reference > 0 && !isComplete.value ? 'Go on' : 'Compute realisations'}
        </button>
      )}
      {!outline.value && (
        <button type="button" disabled={isBusy || !offer.value} onClick={() => attempt(planComparison)}>
          What would they take?
        </button>
      )}
      {outline.value && isFirstSeed && (
        <button type="button" onClick={() => attempt(copyComparison)}>
          Copy for <code>eigenflow compare</code>
        </button>
      )}
    </div>
  );
}

export function ComparePanel() {
  if (offers.value.length === 0) return null;
  return (
    <section class="compare" aria-label="SGD beside a surrogate">
      <h2>SGD beside a surrogate</h2>
      <p class="compare-doc">{offer.value?.doc}</p>
      <Settings />
      <Facts />
      {comparisonMessage.value && (
        <p class="compare-warning" role="alert">
          {comparisonMessage.value}
        </p>
      )}
      <Beside />
      <Actions />
      <Progress />
      <VerdictTable />
      {verdict.value && (
        <div class="compare-pictures">
          <ContrastPicture name="difference" title="Difference of the means" viewOf={differenceView} />
          <ContrastPicture name="ratio" title="Ratio of standard deviations" viewOf={ratioView} />
        </div>
      )}
    </section>
  );
}
