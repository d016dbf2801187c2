import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { ConsoleUnderTest } from './console-under-test.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const busy = '?from=2015-05-19T04:00&to=2015-05-20T22:00';

/** Each page, and what is opened over it. */
type Open = (page: Page) => Promise<void>;
const nothing: Open = async () => {};
const pages: readonly (readonly [name: string, view: string, shown: string, open: Open])[] = [
  ['overview', busy, '[data-panel="ttfb"] .chart', nothing],
  [
    'SQL of a panel',
    busy,
    '[data-panel="ttfb"] .chart',
    (page) => page.getByRole('button', { name: 'SQL of Hit ratio' }).click(),
  ],
  [
    'table of a panel',
    busy,
    '[data-panel="ttfb"] .chart',
    (page) => page.getByRole('button', { name: 'Table of Hit ratio' }).click(),
  ],
  [
    'values of a list',
    busy,
    '[data-panel="failing-paths"] table',
    (page) => page.getByRole('button', { name: 'All of Failing paths' }).click(),
  ],
  ['keys', busy, '[data-panel="ttfb"] .chart', (page) => page.keyboard.press('?')],
  ['geography', `${busy}#/geography`, '[data-panel="countries"] table', nothing],
  ['explore', `${busy}#/explore`, '[data-rows="ready"]', nothing],
  ['SQL', '#/sql', '.cm-content', nothing],
  ['pipelines', '#/pipelines', '[data-pipeline="http"]', nothing],
];

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

const run = `axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}).then(({ violations }) => violations)`;

type Look = readonly [width: number, colorScheme: 'light' | 'dark'];
/** Colours do not depend on the width, nor sizes on colours. */
const usualLooks: readonly Look[] = [
  [1440, 'light'],
  [900, 'dark'],
  [390, 'light'],
];
const everyLook = [1440, 900, 390].flatMap((width): readonly Look[] => [
  [width, 'light'],
  [width, 'dark'],
]);
const looks = process.env.TAILRACE_AXE === 'all' ? everyLook : usualLooks;

/** What axe finds on the page in each look. */
export async function findSerious(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: string[] = [];
  for (const [width, colorScheme] of looks) {
    await page.setViewportSize({ width, height: 1000 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const violations = (await page.evaluate(run)) as readonly Violation[];
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(`${width} ${colorScheme}: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join('; ')}`);
    }
  }
  return found;
}

export function accessibilityCases(current: () => ConsoleUnderTest): void {
  it.each(pages)('axe finds nothing serious: %s', async (_name, view, shown, open) => {
    const { page } = current();
    await page.setViewportSize({ width: 1440, height: 1000 });
    await page.goto(current().address + view);
    await page.locator(shown).first().waitFor();
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    await open(page);
    if (open !== nothing) await page.getByRole('dialog').waitFor();
    expect(await findSerious(page)).toEqual([]);
  });
}
