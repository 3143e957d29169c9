// The page of `eigenflow lab` in Chromium: how soon a run moves, how smoothly, and what many cells leave in memory.
import type { Browser } from 'puppeteer-core';
import { readPageFiles, readShippedStudy } from '../lab/host/page-files.js';
import { serveLab } from '../lab/host/server.js';
import { CHROMIUM, openBrowser, openPage } from '../test/browser/browsers.js';
import { heapAtRest, visitCells } from '../test/lab/browser/heap.js';
import { visit } from '../test/lab/browser/user.js';

export interface LabTiming {
  /** Seconds from the request of the page to a picture that has moved, each with an empty cache. */
  readonly loads: readonly number[];
  /** Pictures a second while a run goes at full speed. */
  readonly framesPerSecond: number;
  /** Milliseconds; the longest of the tasks that Chromium calls long, 0 where there was none. */
  readonly longestTask: number;
  readonly longTasks: number;
  /** Steps that the run made meanwhile, a second. */
  readonly stepsPerSecond: number;
  /** Of the page and its workers, bytes after a collection: before and after many cells and a long time. */
  readonly heap: { readonly cells: number; readonly minutes: number; readonly before: number; readonly after: number };
}

const LOADS = 5;
const WATCHED = 10_000;

async function measureLoad(url: string): Promise<number> {
  const { browser, close } = await openBrowser(CHROMIUM);
  try {
    const { page } = await openPage(browser);
    const began = performance.now();
    await visit(page, url);
    return (performance.now() - began) / 1000;
  } finally {
    await close();
  }
}

/** Watched from inside the page, where nothing stands between the clock and the screen. */
async function measureRun(browser: Browser, url: string) {
  const { page } = await openPage(browser);
  await page.setViewport({ width: 1400, height: 900 });
  await visit(page, url);
  const measured = await page.evaluate(async (milliseconds) => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
    let steps = 0;
    let last = Number.POSITIVE_INFINITY;
    let frames = 0;
    const began = performance.now();
    while (performance.now() - began < milliseconds) {
      await new Promise(requestAnimationFrame);
      frames += 1;
      const now = Number((document.querySelector('.counters dd')?.textContent ?? '').replace(/\D/g, ''));
      steps += Math.max(0, now - last);
      last = now;
      // A run that has ended begins again.
      document.querySelector<HTMLElement>('[aria-label="Run again"]')?.click();
    }
    const seconds = (performance.now() - began) / 1000;
    return {
      framesPerSecond: frames / seconds,
      stepsPerSecond: steps / seconds,
      longTasks: tasks.length,
      longestTask: Math.max(0, ...tasks),
    };
  }, WATCHED);
  await page.close();
  return measured;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

async function measureHeap(browser: Browser, url: string, cells: number, minutes: number) {
  const { page } = await openPage(browser);
  await visit(page, url);
  await visitCells(page, 10);
  const before = sum(await heapAtRest(page));
  const end = performance.now() + minutes * 60_000;
  await visitCells(page, cells);
  await page.evaluate(
    (milliseconds) =>
      new Promise((resolve) => {
        const again = setInterval(() => document.querySelector<HTMLElement>('[aria-label="Run again"]')?.click(), 100);
        setTimeout(() => resolve(clearInterval(again)), milliseconds);
      }),
    Math.max(0, end - performance.now()),
  );
  // A run that has ended has no button to pause.
  await visitCells(page, 1);
  return { cells, minutes, before, after: sum(await heapAtRest(page)) };
}

/** @param minutes of running for the memory */
export async function measureLab(cells = 200, minutes = 10): Promise<LabTiming> {
  const page = readPageFiles();
  const server = await serveLab(page, readShippedStudy(page));
  try {
    const loads: number[] = [];
    for (let i = 0; i < LOADS; i++) loads.push(await measureLoad(server.url));
    const { browser, close } = await openBrowser(CHROMIUM, { protocolTimeout: (minutes + 5) * 60_000 });
    try {
      const run = await measureRun(browser, server.url);
      return { loads, ...run, heap: await measureHeap(browser, server.url, cells, minutes) };
    } finally {
      await close();
    }
  } finally {
    await server.close();
  }
}
