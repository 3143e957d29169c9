// Addresses of the page: what is written is read back, and whatever is damaged is told in a sentence.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/contracts/json.js';
import { canonical } from '../../../core/scenario/identity.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { readLink, writeLink } from '../../../lab/page/url/link-text.js';
import { packJson, unpackJson } from '../../../lab/page/url/packed-json.js';
import { changesOf, withChanges } from '../../../lab/page/url/scenario-changes.js';
import threePhases from '../../../scenarios/three-phases.js';

const name = fc.string({ minLength: 1 }).filter((text) => text !== 'v');
const wellFormed = fc.string({ unit: 'grapheme' });

describe('a link', () => {
  it('is read back as it was written, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, wellFormed)), (pairs) => {
        const entries = new Map(pairs);
        const read = readLink(writeLink(entries));
        expect('entries' in read && new Map(read.entries)).toEqual(entries);
      }),
    );
  });

  it('is text that an address carries as it is', () => {
    const text = writeLink(
      new Map([
        ['at.model.initialWidth', '0.125'],
        ['theme', 'dark'],
        ['x', '<b> &#"\''],
      ]),
    );
    expect(text).toMatch(/^#v=1&at\.model\.initialWidth=0\.125&theme=dark&x=[^<>"# ]*$/);
    expect(new URL(text, 'http://127.0.0.1/').hash).toBe(text);
  });

  it.each([
    ['#v=2&map=phases', /version 2/],
    ['#map=phases', /says no version/],
    ['#v=1&map=%E0%A4%A', /damaged/],
    ['#v=1&map', /damaged/],
    ['#v=1&map=a&map=b', /damaged/],
    [`#v=1&x=${'a'.repeat(200_000)}`, /too long/],
  ])('that cannot be read is told: %.30s', (hash, message) => {
    const read = readLink(hash);
    expect('problem' in read && read.problem).toMatch(message);
  });

  it('may be empty', () => {
    for (const hash of ['', '#']) expect(readLink(hash)).toEqual({ entries: new Map() });
  });
});

describe('JSON in a link', () => {
  it('comes back the same, short or long', async () => {
    for (const value of [null, { a: 1 / 3 }, threePhases as unknown as Json, 'é'.repeat(500)]) {
      expect(canonical(await unpackJson(await packJson(value)))).toBe(canonical(value));
    }
  });

  it('is smaller than its text where it is long, and needs no escape', async () => {
    const packed = await packJson(threePhases as unknown as Json);
    expect(packed.length).toBeLessThan(0.75 * JSON.stringify(threePhases).length);
    expect(packed).toMatch(/^z[A-Za-z0-9_-]+$/);
  });

  it('that was cut or changed is told, and what would unfold to more than a scenario is not unfolded', async () => {
    const packed = await packJson(threePhases as unknown as Json);
    for (const bad of [packed.slice(0, -20), 'z!!', `z${packed.slice(5)}`, 'j{"a"', '']) {
      await expect(unpackJson(bad), bad).rejects.toThrow(/damaged/);
    }
    await expect(unpackJson(await packJson('a'.repeat(2 ** 19)))).rejects.toThrow(/too large/);
  });
});

describe('changes of a scenario', () => {
  const changed: Scenario = { ...threePhases, optimiser: { use: 'momentum', learningRate: 1 }, steps: 5 };
  const { epochs: _epochs, ...shorter } = changed;

  it('are the slots that differ, and put back what they were made from', () => {
    const changes = changesOf(threePhases, shorter as Scenario);
    expect(changes).toEqual({ epochs: null, optimiser: changed.optimiser, steps: 5 });
    expect(withChanges(threePhases, changes)).toEqual(shorter);
    expect(changesOf(threePhases, threePhases)).toEqual({});
  });

  it.each([[null], [[1]], ['x'], [{ title: 'other' }], [JSON.parse('{"__proto__": {}}')]])(
    'are refused where they are none: %j',
    (given) => {
      expect(() => withChanges(threePhases, given as Json)).toThrow(/This link/);
    },
  );
});
