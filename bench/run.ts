/**
 * Speed, all measured in one run: `npm run bench [-- --peers] [-- --turns 21]`. Prints tables and writes
 * bench/results/latest.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelBuild } from '../core/kernels/create-kernels.js';
import { measureFigures } from './figures.js';
import { measureLab } from './lab.js';
import { measureLarge } from './large.js';
import { measureNative } from './native.js';
import { measureNetwork } from './network.js';
import { measureOptimisers } from './optimisers.js';
import { measurePeers } from './peers.js';
import { measurePublished } from './published.js';
import { measureSingle } from './single.js';
import { measureSurrogates } from './surrogates.js';
import { measureSweeps } from './sweeps.js';

/** Turns of a few milliseconds, of which the fastest counts: many for each turn of the others. */
const OPTIMISER_TURNS = 6;
const folder = fileURLToPath(new URL('./results', import.meta.url));
const turnsAt = process.argv.indexOf('--turns');
const turns = turnsAt < 0 ? 15 : Number(process.argv[turnsAt + 1]);
if (!(turns >= 1)) throw new Error('--turns needs a number from 1 up');

function row(name: string, ...cells: (string | number)[]): void {
  const text = cells.map((cell) => (typeof cell === 'number' ? cell.toPrecision(4) : cell).padStart(14));
  console.log(`  ${name.padEnd(20)}${text.join('')}`);
}

const published = await measurePublished(turns);
console.log(`\nPublished step (${published.size}), nanoseconds`);
row('', 'median', 'fastest', 'to kernels');
for (const t of published.timings) row(t.name, t.median, t.fastest, t.median / published.timings[0].median);
console.log(`  C: ${published.compiler}`);
const { ratioToC, fastestToC } = published;
console.log(
  `  kernels, played, to C: ${ratioToC?.toFixed(2) ?? '-'} (medians), ${fastestToC?.toFixed(2) ?? '-'} (fastest turns)`,
);
console.log(`  checksums of the weights agree to ${published.disagreement.toExponential(1)}`);
const { framework } = published;
console.log(`\nThe same over ${framework.steps} steps, observed at 21 points, nanoseconds a step`);
row('', 'median', 'fastest', 'to kernels');
for (const t of framework.timings) row(t.name, t.median, t.fastest, t.median / framework.timings[0].median);
console.log(`  framework to kernels, fastest turns: ${framework.fastestToKernels.toFixed(2)}`);

const native = await measureNative(turns);
if (typeof native === 'string') console.log(`\nNative player: left out, ${native}`);
else {
  console.log(`\nNative player (${native.player}) and others, nanoseconds a step`);
  for (const { size, timings, limit } of native.sizes) {
    console.log(`  ${size}`);
    row('', 'median', 'fastest', 'native to it');
    const [own] = timings;
    for (const t of timings) row(t.name, t.median, t.fastest, own.fastest / t.fastest);
    if (limit !== null) row('products and sums', '', limit, own.fastest / limit);
  }
  row('', 'native', 'WebAssembly', 'times');
  for (const t of native.others) row(t.name, t.native, t.wasm, t.wasm / t.native);
  console.log(`  whole framework to the player, fastest turns: ${native.frameworkToPlayer.toFixed(2)}`);
  for (const note of native.notes) console.log(`  ${note}`);
}

const sweeps = await measureSweeps(published.timings[0].median);
console.log(`\n${sweeps.runs} runs of ${sweeps.steps} steps: ${sweeps.overhead.toFixed(2)} ms a run beyond the steps`);
const { memory } = sweeps;
if (typeof memory === 'string') console.log(`Memory of a sweep: ${memory}`);
else {
  const { runs, workers, seconds, peak } = memory;
  console.log(`Sweep of ${runs} runs, ${workers} workers: ${peak.toFixed(0)} MiB at most, ${seconds.toFixed(1)} s`);
}

const peers = process.argv.includes('--peers') ? measurePeers() : [];
if (peers.length > 0) {
  console.log('\nPeers, the same step');
  row('', 'ns a step', 'steps/s', 'to kernels');
  for (const { name, nanoseconds, ratioToKernels, note } of peers) {
    if (nanoseconds === null) console.log(`  ${name.padEnd(20)}${note}`);
    else row(name, nanoseconds, 1e9 / nanoseconds, ratioToKernels ?? '-', note.padStart(24));
  }
}

const surrogates = await measureSurrogates(turns);
console.log('\nSurrogates, fastest turns');
row('full-batch', surrogates.fullBatch, 'microseconds');
row('exact Langevin', surrogates.exactNoise, 'microseconds', surrogates.noiseFactor, 'x full-batch');
row('', surrogates.percentOfBound, '% of bound');
row('matrix-step, 16', surrogates.matrixStep, 'microseconds', surrogates.ratioToNumpy ?? '-', 'x numpy');
if (surrogates.note) console.log(`  ${surrogates.note}`);

const optimisers = await measureOptimisers(OPTIMISER_TURNS * turns);
console.log('\nOptimisers at the published size, fastest turns');
row('', 'ns a step', 'to momentum', 'a gradient');
for (const { name, nanoseconds, ratioToMomentum, gradients } of optimisers) {
  row(name, nanoseconds, ratioToMomentum, ratioToMomentum / gradients);
}

const large = await measureLarge(turns);
console.log(`\nLarge layer (${large.size}); bound: dense ${large.boundSize}^3, ${large.bound.toFixed(1)} GFLOP/s`);
row('', 'GFLOP/s', '% of bound', 'microseconds');
for (const name of Object.keys(large.gigaflops)) {
  row(name, large.gigaflops[name], large.percentOfBound[name], large.microseconds[name]);
}

const networks = await measureNetwork(Math.min(turns, 7), process.argv.includes('--peers'));
console.log('\nNetworks on data, whole steps by the engine');
row('', 'microseconds', 'GFLOP/s', '% of dense');
for (const { size, microseconds, gigaflops, percentOfDense, peers: others } of networks) {
  row(size, microseconds, gigaflops, percentOfDense);
  for (const [name, ratio] of Object.entries(others)) row(`  ${name}`, ratio, 'times ours');
}

const single = await measureSingle(turns);
console.log('\nRandom numbers, millions a second');
for (const [name, rate] of Object.entries(single.millionsPerSecond)) row(name, rate);
console.log('\nElementary functions, nanoseconds each');
for (const [name, time] of Object.entries(single.functionNanoseconds)) row(name, time);
console.log('\nSingular values, microseconds');
row('', 'kernel', 'ml-matrix', 'ratio');
for (const { size, kernel, mlMatrix } of single.singularValues) row(size, kernel, mlMatrix, mlMatrix / kernel);

const figures = await measureFigures();
console.log(`\nFigures of ${figures.runs} stored runs: SVG, PDF, PNG and CSV, seconds`);
row('', 'wall', 'processor');
for (const { name, seconds, processorSeconds } of figures.timings) row(name, seconds, processorSeconds);

console.log('\nThe page of the lab in Chromium');
// What has been measured so far is written whatever a browser does.
const lab = await measureLab().catch((error: Error) => error.message);
if (typeof lab === 'string') console.log(`  not measured: ${lab}`);
else {
  row('picture moves after', Math.min(...lab.loads), 's, fastest load');
  row('while a run goes', lab.framesPerSecond, 'pictures/s', lab.stepsPerSecond, 'steps/s');
  row('longest task', lab.longestTask, 'ms', lab.longTasks, 'of 50 ms and more');
  const { cells, minutes, before, after } = lab.heap;
  const size = `${(after / before).toFixed(3)} of what it was, ${(after / 1e6).toFixed(1)} MB`;
  console.log(`  memory after ${cells} cells and ${minutes} minutes: ${size}`);
}

mkdirSync(folder, { recursive: true });
const file = join(folder, 'latest.json');
const machine = { cpu: cpus()[0]?.model ?? 'unknown', node: process.version, kernels: kernelBuild('strict') };
writeFileSync(
  file,
  `${JSON.stringify({ machine, turns, published, native, sweeps, peers, surrogates, optimisers, large, networks, single, figures, lab }, null, 2)}\n`,
);
console.log(`\nWritten: ${file}`);
