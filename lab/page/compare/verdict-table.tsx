// Verdicts by window of learning time: what was found, and what could have been.
import type { Outcome } from '../../../analysis/comparison/verdict.js';
import type { ShownVerdict } from '../../comparison-protocol.js';
import { history, verdict } from './compare-state.js';
import { agreedSince, MEANING, percent, pValue, sayPower, short, withSign } from './say.js';

/** Told by shape as well as by colour. */
const MARKS: Readonly<Record<Outcome, string>> = { agrees: '●', fails: '▲', 'cannot tell': '○' };

function Row({ shown, window }: { readonly shown: ShownVerdict; readonly window: number }) {
  const { from, to, outcome, shift, ratio, broken } = shown;
  return (
    <>
      <tr>
        <th scope="row">
          {short(from)} to {short(to)}
        </th>
        <td class={`outcome outcome-${outcome.replace(' ', '-')}`} title={MEANING[outcome]}>
          <span aria-hidden="true">{MARKS[outcome]}</span> {outcome}
        </td>
        <td>{agreedSince(history.value, window)}</td>
        <td>
          {withSign(shift.value)} ± {percent(shift.error)} <span class="faint">level {shift.level}</span>
        </td>
        <td>{pValue(shift.pValue)}</td>
        <td>
          {ratio && (
            <>
              {short(ratio.value)} ({short(ratio.low, 2)} to {short(ratio.high, 2)}){' '}
              <span class="faint">level {ratio.level}</span>
            </>
          )}
        </td>
        <td>{ratio && pValue(ratio.pValue)}</td>
        <td>{outcome === 'fails' ? '' : sayPower(shown)}</td>
      </tr>
      {broken.length > 0 && (
        <tr class="broken">
          <td />
          <td colSpan={7}>{broken.join('; ')}</td>
        </tr>
      )}
    </>
  );
}

export function VerdictTable() {
  const shown = verdict.value;
  if (!shown) return null;
  const { realisations, fitted, windows, note } = shown;
  const outcomes = [...new Set(windows.map(({ outcome }) => outcome))];
  return (
    <>
      <p class="compare-facts">
        {realisations.reference} of SGD, {realisations.surrogate} of the surrogate, from the same weights on the same
        data
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whatever scrolls has to be reached by keys */}
      <section class="verdict-scroll" tabIndex={0} aria-label="Verdicts by window of learning time">
        <table class="verdicts">
          <thead>
            <tr>
              <th scope="col">Learning time</th>
              <th scope="col">Verdict</th>
              <th scope="col">since N</th>
              <th scope="col">Mean off by</th>
              <th scope="col">p</th>
              <th scope="col">Ratio of sd</th>
              <th scope="col">p</th>
              <th scope="col">Would have found</th>
            </tr>
          </thead>
          <tbody>
            {windows.map((window, i) => (
              <Row key={window.to} shown={window} window={i} />
            ))}
          </tbody>
        </table>
      </section>
      <div class="compare-notes">
        {outcomes.map((outcome) => (
          <p key={outcome}>
            <strong>
              {MARKS[outcome]} {outcome}:
            </strong>{' '}
            {MEANING[outcome]}
          </p>
        ))}
        {fitted.map((text) => (
          <p key={text}>{text}</p>
        ))}
        <p>
          {note.charAt(0).toUpperCase()}
          {note.slice(1)}. The verdict at the number that was chosen beforehand counts: looked at as it grows, it fails
          by chance more often than in the 1 % that it allows.
        </p>
      </div>
    </>
  );
}
