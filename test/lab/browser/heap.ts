// Memory of a page and of its workers, and what a user who tries one cell after the other does to it. Chromium alone tells.
import type { CDPSession, KeyInput, Page } from 'puppeteer-core';
import { hold, letGo, press, untilStep } from './user.js';

/** Bytes in use after a collection: objects, and what lies outside of the heap of the engine. */
async function used(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.enable');
  // What one collection sets free tells the other side of a message port, which sets free what it held for it.
  for (let i = 0; i < 3; i++) {
    await session.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}

/** Bytes of the page and of each of its workers, with a run that stands at its first step. */
export async function heapAtRest(page: Page): Promise<number[]> {
  await hold(page);
  await press(page, 'Reset');
  await page.waitForFunction(() => document.querySelector('.counters dd')?.textContent === '0');
  const own = await page.createCDPSession();
  const sessions = [...page.workers().map(({ client }) => client), own];
  // Once to let go of what the others hold, once to count.
  for (const session of sessions) await used(session);
  const sizes: number[] = [];
  for (const session of sessions) sizes.push(await used(session));
  await own.detach();
  await letGo(page);
  await untilStep(page, 0);
  return sizes;
}

/** Goes to cells of a map of 12 x 12, row by row from the lower left, and waits at each until its run moves. */
export async function visitCells(page: Page, count: number): Promise<void> {
  const go = async (...keys: readonly KeyInput[]) => {
    const before = page.url();
    await page.focus('.map-keys');
    for (const key of keys) await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.waitForFunction((from) => location.href !== from, {}, before);
    await untilStep(page, 0);
  };
  for (let i = 0; i < count; i++) {
    if (i % 144 === 0) await go('Home', 'PageDown');
    else if (i % 12 === 0) await go('Home', 'ArrowUp');
    else await go('ArrowRight');
  }
}
