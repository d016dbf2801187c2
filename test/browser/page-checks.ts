import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** Waits for the element; the pattern may span lines. */
export async function expectText(locator: Locator, pattern: RegExp): Promise<void> {
  await locator.first().waitFor();
  expect(await locator.first().textContent()).toMatch(new RegExp(pattern.source, 's'));
}

/** Names of the panels whose table is wider than its container. */
export function findCutTables(panels: Locator): Promise<string[]> {
  return panels.evaluateAll((found: unknown[]) =>
    (found as PanelLike[])
      .filter((panel) => {
        const table = panel.querySelector('.table-scroll');
        return table !== null && table.scrollWidth > table.clientWidth;
      })
      .map((panel) => panel.dataset.panel ?? ''),
  );
}

/** The parts of the DOM that are used here; this project has no DOM types. */
interface PanelLike {
  readonly dataset: { readonly panel?: string };
  querySelector(selector: string): { readonly scrollWidth: number; readonly clientWidth: number } | null;
}

/** Writes over all that is in the loaded editor of the SQL page by pasting: it is no input whose value could be set. */
export async function writeSql(input: Locator, text: string): Promise<void> {
  await input.press('Control+a');
  await input.evaluate((editor, pasted) => {
    const { ClipboardEvent, DataTransfer } = globalThis as unknown as PastingWindow;
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** What is used of the page's window. */
interface PastingWindow {
  readonly DataTransfer: new () => { setData(type: string, text: string): void };
  readonly ClipboardEvent: new (type: string, options: object) => object;
}
