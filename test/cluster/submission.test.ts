// The record of what was sent, and what follows from it with the queue: which runs are on their way, which are lost.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { queueLines } from '../../cli/queue-lines.js';
import { jobStatesOf } from '../../node/slurm/job-states.js';
import {
  createSubmission,
  jobsOf,
  readRunsList,
  readSubmissions,
  recordSubmission,
  runsInQueue,
  type SubmittedArray,
} from '../../node/slurm/submission.js';
import { deal } from '../../node/study/partition.js';
import { newFolder } from '../node/studies.js';

const runs = Array.from({ length: 10 }, (_, i) => String(i).repeat(20));
const arrays: SubmittedArray[] = [
  { first: 0, tasks: 2, script: 'array-1.sh', job: '41' },
  { first: 2, tasks: 1, script: 'array-2.sh', job: '42' },
];

/** A folder with one submission of ten runs in three parts. */
async function submitted(sent: readonly SubmittedArray[] = arrays) {
  const results = newFolder();
  const { folder, number } = await createSubmission(results, runs);
  await recordSubmission(results, { folder, number, runs, parts: 3, arrays: sent });
  return { results, folder };
}

describe('a submission', () => {
  it('is read back as it was recorded, after those before it', async () => {
    const { results, folder } = await submitted();
    expect(folder).toBe(join(results, 'jobs', '0001'));
    const second = await createSubmission(results, runs.slice(0, 1));
    expect(second.folder).toBe(join(results, 'jobs', '0002'));
    // The second was killed before it sent anything.
    expect(readSubmissions(results)).toEqual([{ folder, number: 1, runs, parts: 3, arrays }]);
    expect(jobsOf(readSubmissions(results))).toEqual(['41', '42']);
  });

  it('has a folder of its own, however many are made at once', async () => {
    const results = newFolder();
    const made = await Promise.all(Array.from({ length: 8 }, () => createSubmission(results, runs)));
    expect(new Set(made.map(({ folder }) => folder)).size).toBe(8);
  });

  it.each([
    ['{', 'cannot read it'],
    ['null', 'is no record of a submission'],
    ['{"parts":3,"arrays":[{"first":0,"tasks":1,"script":"a.sh","job":"1;rm"}]}', 'is no record of a submission'],
  ])('with the record %s is refused', async (text, message) => {
    const { results, folder } = await submitted();
    writeFileSync(join(folder, 'submission.json'), text);
    expect(() => readSubmissions(results)).toThrow(message);
  });

  it('with a list that holds other things is refused', async () => {
    const { folder } = await submitted();
    const list = join(folder, 'runs.txt');
    writeFileSync(list, `${readFileSync(list, 'utf8')}../../etc/passwd\n`);
    expect(() => readRunsList(list)).toThrow('"../../etc/passwd" is no name of a run');
  });
});

describe('with the queue', () => {
  const running = { job: '41', task: 1, state: 'RUNNING', reason: 'None' };
  const pending = { job: '42', task: 0, state: 'PENDING', reason: 'Priority' };

  it('the runs of tasks that are pending or running are on their way, and no others', async () => {
    const { results } = await submitted();
    const parts = deal(runs, 3);
    const found = runsInQueue(readSubmissions(results), [running, pending, { job: '99', task: 0 }]);
    expect([...found].sort()).toEqual([...parts[1], ...parts[2]].sort());
  });

  it('an array that never reached the queue has nothing on its way', async () => {
    const { results } = await submitted([arrays[0], { ...arrays[1], job: undefined }]);
    expect(runsInQueue(readSubmissions(results), [pending]).size).toBe(0);
  });

  it('tasks are counted by state and reason, and those that ended with runs open are named', async () => {
    const { results, folder } = await submitted();
    const [lost] = deal(runs, 3)[0];
    const jobStates = jobStatesOf(readSubmissions(results), [running, pending], (id) => id === lost);
    expect(jobStates).toEqual([
      { job: '41', folder, tasks: 2, states: new Map([['running', 1]]), ended: 1, unfinished: [0] },
      { job: '42', folder, tasks: 1, states: new Map([['pending (Priority)', 1]]), ended: 0, unfinished: [] },
    ]);
  });

  it('a study of which nothing is open asks no queue: it may have been copied to where there is none', async () => {
    const { results } = await submitted();
    expect(await queueLines(results, () => false)).toEqual([]);
  });

  it('a folder without submissions says nothing of a queue', async () => {
    const results = newFolder();
    mkdirSync(join(results, 'runs'));
    expect(await queueLines(results, () => true)).toEqual([]);
  });
});
