// What a user does to the page, and sees of it: by names and texts, as they stand there.
import type { ElementHandle, Page } from 'puppeteer-core';

/** @param region as a screen reader calls the part of the page that it stands in. Default: anywhere */
export async function press(page: Page, name: string, region?: string): Promise<void> {
  const within = region === undefined ? '' : `//*[@aria-label="${region}"]`;
  const named = `normalize-space()="${name}" or @aria-label="${name}"`;
  const button = await page.waitForSelector(`::-p-xpath(${within}//button[not(@disabled) and (${named})])`, {
    visible: true,
  });
  if (!button) throw new Error(`there is no button "${name}"`);
  // Not by the pointer: a page on a busy machine may lay out anew between the look and the click.
  await button.evaluate((element) => (element as HTMLElement).click());
  await button.dispose();
}

/** Steps that the run has made, as its counter says; -1 where there is none yet. */
export const stepShown = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const shown = document.querySelector('.counters dd')?.textContent ?? '';
    return shown === '' ? -1 : Number(shown.replace(/\D/g, ''));
  });

/** Waits until the run has gone beyond a step. */
export async function untilStep(page: Page, step: number): Promise<void> {
  await page.waitForFunction(
    (from) => Number((document.querySelector('.counters dd')?.textContent ?? '').replace(/\D/g, '')) > from,
    {},
    step,
  );
}

/** Opens the page and waits for its picture to move. @throws Error with what the page says instead */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  const found = await page.waitForFunction(() => {
    const step = Number((document.querySelector('.counters dd')?.textContent ?? '').replace(/\D/g, ''));
    return document.querySelector('.problem p')?.textContent ?? (step > 0 ? 'moves' : undefined);
  });
  const said = await found.jsonValue();
  if (said !== 'moves') throw new Error(`the page says: ${said}`);
}

/** Waits for a text anywhere on the page. @returns the smallest part of the page that has it, as text */
export async function untilText(page: Page, text: string): Promise<string> {
  const found = await page.waitForFunction(
    (wanted) => {
      const all = [...document.body.querySelectorAll<HTMLElement>('p, li, span, td, h2, dd, strong')];
      return all.filter(({ textContent }) => textContent?.includes(wanted)).at(-1)?.textContent;
    },
    {},
    text,
  );
  return (await found.jsonValue()) as string;
}

/** Lets go of a file over the page. */
export async function drop(page: Page, name: string, content: Uint8Array | string): Promise<void> {
  const base64 = Buffer.from(content).toString('base64');
  await page.evaluate(
    (file, data) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], file));
      const options = { dataTransfer, bubbles: true, cancelable: true };
      for (const type of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, options));
    },
    name,
    base64,
  );
}

/** The message that lies over the page, which is then dismissed. */
export async function readProblem(page: Page): Promise<string> {
  await page.waitForSelector('.problem p');
  const message = await page.$eval('.problem p', ({ textContent }) => textContent ?? '');
  await press(page, 'dismiss');
  await page.waitForFunction(() => !document.querySelector('.problem'));
  return message;
}

/** Chooses what a list offers; the list stands under a heading or in a label of this text. */
export async function choose(page: Page, list: string, value: string): Promise<void> {
  const handle = await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll('select')].find((each) => {
        const by = each.getAttribute('aria-labelledby');
        const label = (by && document.getElementById(by)?.textContent) || each.labels?.[0]?.textContent;
        return (each.getAttribute('aria-label') ?? label)?.startsWith(wanted);
      }),
    {},
    list,
  );
  const select = handle.asElement() as ElementHandle<HTMLSelectElement>;
  const [chosen] = await select.select(value);
  if (chosen !== value) throw new Error(`"${list}" does not offer ${value}`);
}

/** Types into the field of a label. */
export async function fill(page: Page, label: string, text: string): Promise<void> {
  const handle = await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll('input')].find(({ labels }) => labels?.[0]?.textContent?.startsWith(wanted)),
    {},
    label,
  );
  await page.evaluate(
    (input, value) => {
      if (!input) return;
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    handle,
    text,
  );
}

/** Opens the drawer at the scenario. */
export async function openScenario(page: Page): Promise<void> {
  await press(page, 'Scenario');
  const tab = await page.waitForSelector('.drawer nav button:last-child', { visible: true });
  await tab?.evaluate((button) => (button as HTMLElement).click());
  await page.waitForSelector('.scenario-form .slot');
}

/** Begins the run again and holds it near its first step, wherever it was: one at full speed may end at any moment. */
export async function hold(page: Page): Promise<void> {
  await fill(page, 'Speed', '10');
  await press(page, 'Reset');
  await press(page, 'Pause');
}

/** Lets it run as fast as it goes. */
export async function letGo(page: Page): Promise<void> {
  await fill(page, 'Speed', '51');
  await press(page, 'Play');
}
