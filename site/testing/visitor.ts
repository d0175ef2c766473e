/** A real browser that visits a site which is served here. */
import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Starts the browser. @throws Error where there is no Chromium. */
export function launch(): Promise<Browser> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('No Chromium: apt-get install chromium.');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export interface Visit {
  readonly page: Page;
  /** Everything that it did wrong: errors, dialogs, requests of other hosts. */
  readonly faults: readonly string[];
  readonly status: number | undefined;
}

export async function visitWith(
  browser: Browser,
  address: string,
  context: BrowserContextOptions = {},
): Promise<Visit> {
  const page = await browser.newPage(context);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('dialog', (dialog) => faults.push(dialog.message()));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on('response', (answer) => {
    const isPage = answer.request().isNavigationRequest();
    if (answer.status() >= 400 && !isPage) faults.push(`${answer.status()} ${answer.url()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) faults.push(request.url());
  });
  const response = await page.goto(address, { waitUntil: 'load' });
  return { page, faults, status: response?.status() };
}

/** Returns what axe finds on the page in its present state. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
