// The stored runs of the place, each with a button that computes it again, and the check of the whole map.
import { signal } from '@preact/signals';
import type { StoredRun } from '../../protocol.js';
import { Term } from '../guide/term.js';
import { attempt, mapTable, place, replays, stored, study } from '../state.js';
import { CHECKED, checkMap, type MapCheck, mapCheck, stopCheck, witness } from './check-map.js';
import { readSpot, view } from './map-state.js';
import { checkWords, isSame, replayWords } from './proof-words.js';

/** Runs that are listed at first. */
const SOME = 5;
const all = signal(false);

function labelOf({ status, labels }: StoredRun): string {
  const declaration = view.value?.declaration;
  const classifier = declaration?.kind === 'phase-map' ? declaration.classifier : undefined;
  if (status !== 'completed') return status;
  if (classifier !== undefined && classifier in labels) return labels[classifier] || 'not judged';
  return Object.values(labels).find((each) => each !== '') ?? status;
}

function Row({ run }: { readonly run: StoredRun }) {
  const replay = replays.value.get(run.id);
  const computing = replay?.verdict === 'computing';
  const tone = !replay || computing || replay.verdict === 'stopped' ? 'faint' : isSame(replay) ? 'good' : 'bad';
  const again = () => attempt(async () => void (await witness(run, place.value?.at ?? {})));
  return (
    <li class="stored-run">
      <span class="stored-seed">seed {run.seed}</span>
      <span class="stored-label">{labelOf(run)}</span>
      <button type="button" class="small-button" disabled={computing || run.proof === 'none'} onClick={again}>
        {replay && !computing ? 'again' : 'replay'}
      </button>
      {replay && (
        <span class={`stored-proof small ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
          {computing && <progress max={1} value={replay.part} aria-label={`seed ${run.seed}`} />}
          {tone === 'good' && <b aria-hidden="true">✓ </b>}
          {tone === 'bad' && <b aria-hidden="true">✗ </b>}
          {replayWords(replay)}
        </span>
      )}
    </li>
  );
}

/** Other numbers before what cannot be compared. */
const faultsOf = ({ found }: MapCheck) =>
  found
    .filter(({ replay }) => !isSame(replay))
    .sort((a, b) => Number(a.replay.verdict === 'not comparable') - Number(b.replay.verdict === 'not comparable'));

function MapCheckLine() {
  const check = mapCheck.value;
  const words = check && checkWords(check);
  const possible = (study.value?.stored.provable ?? 0) > 0 && mapTable.value !== undefined;
  return (
    <div class="map-check">
      {check?.going ? (
        <button type="button" onClick={stopCheck}>
          Stop the check
        </button>
      ) : (
        <button type="button" disabled={!possible} onClick={() => attempt(() => checkMap())}>
          Check this map
        </button>
      )}
      {check && <progress max={check.planned} value={check.found.length} aria-label="Cells checked" />}
      <p class={`small ${words ? (words.sound ? (check.going ? '' : 'good') : 'bad') : 'faint'}`} role="status">
        {words
          ? words.sentence
          : `Computes ${CHECKED} of its runs again, spread over it, and compares them with what is stored.`}
      </p>
      {check && !words?.sound && (
        <ul class="check-faults small bad">
          {faultsOf(check).map(({ place: at, run, replay }) => (
            <li key={run.id}>
              {at}, seed {run.seed}: {replayWords(replay)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What a proof here can say at most. */
function origin(): string {
  const { kind, madeBy, stored: count } = study.value ?? {};
  if (!madeBy || kind === 'scenario') return '';
  const kernels = madeBy.sameKernels ? '' : ', with other kernels than this page: bits may differ';
  const partly = count && count.provable < count.runs ? `; ${count.provable} of ${count.runs} runs can be proved` : '';
  return `Made by eigenflow ${madeBy.version}${kernels}${partly}.`;
}

export function StoredRuns() {
  if (!study.value) return <section class="proof" aria-label="Proof" aria-busy="true" />;
  if (study.value.kind === 'scenario') {
    return (
      <section class="proof" aria-label="Proof">
        <p class="small faint">A scenario without results: its cells can be run, and nothing is stored of them.</p>
      </section>
    );
  }
  const here = stored.value;
  const isPlace = readSpot.value !== undefined;
  return (
    <section class="proof" aria-label="Proof">
      <h2>
        Stored runs of this place
        <Term of="seed" />
      </h2>
      {here.length > 0 ? (
        <>
          <ul class="stored-runs">
            {here.slice(0, all.value ? here.length : SOME).map((run) => (
              <Row key={run.id} run={run} />
            ))}
          </ul>
          {here.length > SOME && (
            <button
              type="button"
              class="small-button"
              aria-expanded={all.value}
              onClick={() => {
                all.value = !all.value;
              }}
            >
              {all.value ? 'fewer' : `${here.length - SOME} more`}
            </button>
          )}
        </>
      ) : (
        <p class="small faint">{isPlace ? 'None: the run beside the map is one that nobody has stored.' : 'None.'}</p>
      )}
      <MapCheckLine />
      <p class="small faint">{origin()}</p>
    </section>
  );
}
