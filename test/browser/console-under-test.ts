import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { patienceMs } from '../patience.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { requireBuild, type Server, startTailrace } from './built-program.ts';
import { chromiumArguments, findChromium } from './find-chromium.ts';

/** Half an hour off, so that what is not in UTC shows. */
const timezoneId = 'Asia/Kolkata';
const screenshots = resolve(import.meta.dirname, 'screenshots');

/** One browser and one server, shared by all tests here: both are slow to start. */
export class ConsoleUnderTest {
  /** Forbidden events on the page of the running test: console errors, requests to other servers. */
  problems: string[] = [];
  readonly folder: string;
  readonly #browser: Browser;
  #server: Server | undefined;
  #page: Page | undefined;
  #port = '0';

  private constructor(folder: string, browser: Browser) {
    this.folder = folder;
    this.#browser = browser;
  }

  static async open(): Promise<ConsoleUnderTest> {
    requireBuild();
    mkdirSync(screenshots, { recursive: true });
    const folder = await mkdtemp(join(tmpdir(), 'tailrace-browser-'));
    const executablePath = findChromium() ?? '';
    copyPreparedStore(join(folder, 'store'));
    return new ConsoleUnderTest(folder, await chromium.launch({ executablePath, args: chromiumArguments }));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server?.stop();
    await rm(this.folder, { recursive: true });
  }

  get page(): Page {
    if (!this.#page) throw new Error('BUG: no page is open');
    return this.#page;
  }

  /** Of the server; the same after a stop and a start. */
  get address(): string {
    return this.#server?.address ?? '';
  }

  get store(): string {
    return join(this.folder, 'store');
  }

  async startServer(): Promise<void> {
    this.#server = await startTailrace(this.store, this.#port);
    this.#port = new URL(this.#server.address).port;
  }

  async stopServer(): Promise<void> {
    await this.#server?.stop();
  }

  /** So high that all panels are in view: those below the window are not asked for. */
  async openPage(): Promise<void> {
    const page = await this.#browser.newPage({ viewport: { width: 1440, height: 6500 }, timezoneId });
    page.setDefaultTimeout(patienceMs);
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(data|blob|file):/.test(url) && !url.startsWith(this.address)) problems.push(url);
    });
    this.#page = page;
    this.problems = problems;
  }

  closePage(): Promise<void> {
    return this.page.close();
  }

  /** @param view the part of the address behind the slash, e.g. `?range=all` */
  async openOverview(view = ''): Promise<void> {
    await this.page.goto(this.address + view);
    await this.allSettled();
  }

  async allSettled(): Promise<void> {
    await this.page.locator('[data-panel="ttfb"]').waitFor();
    // Panels that come into view are asked for in the frame after.
    await this.#twoFrames();
    // Not a function in the page: its security policy refuses to evaluate text.
    await this.page.locator('[data-panel][aria-busy="true"]').first().waitFor({ state: 'detached' });
    // Charts draw in the frame after their data.
    await this.#twoFrames();
  }

  async #twoFrames(): Promise<void> {
    await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }

  /** Kept for inspection; not compared. */
  async photograph(name: string, fullPage = false): Promise<void> {
    await this.page.screenshot({ path: join(screenshots, `${name}.png`), fullPage });
  }
}
