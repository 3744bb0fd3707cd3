import { readFileSync } from 'node:fs';
import { images, type Service, startService, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { type Visit, visit } from '@podman-api/testing/visit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';

/** Finds texts of a page that are hard to read. */
const paleTexts = readFileSync(new URL('./browser/pale-texts.js', import.meta.url), 'utf8');

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

async function openDocs(...look: Parameters<typeof visit> extends [string, ...infer Rest] ? Rest : never): Promise<Visit> {
  const visited = await visit(`${service.url}/docs`, ...look);
  onTestFinished(() => visited.close());
  await visited.page.waitForSelector('.opblock');
  return visited;
}

/** Writes into a field as a person does, in place of what stands there. */
async function write({ page }: Visit, selector: string, text: string): Promise<void> {
  await page.waitForSelector(selector);
  await page.focus(selector);
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  await page.keyboard.sendCharacter(text);
}

/** Fills in an operation's form, sends it, and gives what the page shows of the answer. */
async function tryOut(docs: Visit, id: string, { name, body }: { name?: string; body?: object }) {
  const { page } = docs;
  const block = `[id$="-${id}"]`;
  if (!(await page.$(`${block} .execute`))) await page.click(`${block} .opblock-summary-control`);
  await page.waitForSelector(`${block} .execute`);
  if (name !== undefined) await write(docs, `${block} tr[data-param-name="name"] input`, name);
  if (body) await write(docs, `${block} textarea`, JSON.stringify(body));
  // What was answered before goes.
  if (await page.$(`${block} .btn-clear`)) await page.click(`${block} .btn-clear`);
  await page.click(`${block} .execute`);
  const shown = (selector: string) => page.waitForSelector(`${block} .live-responses-table tr.response ${selector}`);
  const textOf = async (selector: string) => String(await (await shown(selector))?.evaluate(node => node.textContent));
  const status = await textOf('.response-col_status');
  const answer: unknown = JSON.parse(await textOf('.response-col_description .highlight-code code'));
  return { status: status.trim().slice(0, 3), answer };
}

function expectQuiet({ faults, origins }: Visit): void {
  expect(faults).toEqual([]);
  expect([...origins]).toEqual([service.url]);
}

test('in a browser, the docs page makes a container and runs a command in it, and asks nobody else for anything', async () => {
  const docs = await openDocs();
  const name = ownName();
  expect(await tryOut(docs, 'containerCreate', { body: { image: images.plain, name, command: 'sleep 300' } })).toMatchObject({
    status: '201',
    answer: { success: true, container: { name, status: 'running' } },
  });
  expect(await tryOut(docs, 'containerExec', { name, body: { command: 'echo "<b>seen</b>"; exit 3' } })).toMatchObject({
    status: '200',
    answer: { execution: { exit_code: 3, stdout: '<b>seen</b>\n' } },
  });
  expectQuiet(docs);
});

test.each([
  [360, 'light'],
  [360, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const)('it fits in %i px, in %s colours', async (width, colours) => {
  const docs = await openDocs({ width, colours });
  await tryOut(docs, 'containerList', {});
  // Text that is evaluated in the page: here there are no types of one.
  expect(await docs.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  expect(await docs.page.evaluate("document.documentElement.classList.contains('dark-mode')")).toBe(colours === 'dark');
  expect(await docs.page.evaluate(paleTexts)).toEqual([]);
  expectQuiet(docs);
});

test('its headers let it load nothing from elsewhere; it is sent compressed, and once', async () => {
  const page = await fetch(`${service.url}/docs/swagger-ui.js`);
  expect(page.headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(page.headers.get('Content-Encoding')).toBe('gzip');
  const tag = page.headers.get('ETag') ?? '';
  expect((await fetch(page.url, { headers: { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' } })).status).toBe(304);
  expect(await (await fetch(page.url, { headers: { 'Accept-Encoding': 'identity' } })).text()).toBe(await page.text());
});

describe('where there are tokens', () => {
  let token: string;
  beforeAll(async () => {
    token = createToken(String(service.env['API_TOKENS_FILE']), { write: () => {} }, 'docs', { scopes: 'containers:read' });
    await until(async () => (await service.call('GET', '/containers')).status === 401);
  });
  const list = (docs: Visit) => tryOut(docs, 'containerList', {});

  test('the page opens without one, and sends the one it is told', async () => {
    const docs = await openDocs();
    expect(await list(docs)).toMatchObject({ status: '401', answer: { error: { type: 'UnauthorizedError' } } });
    await docs.page.click('.authorize');
    await write(docs, '.auth-container input', token);
    await docs.page.click('.auth-btn-wrapper .authorize');
    await docs.page.click('.auth-btn-wrapper .btn-done');
    expect(await list(docs)).toMatchObject({ status: '200', answer: { success: true } });
    // The token is gone with the page.
    expect(await docs.page.evaluate('localStorage.length')).toBe(0);
  });

  test('nothing else opens without one', async () => {
    const statuses = await Promise.all(
      ['/docs', '/docs/', '/api/v1/openapi.json', '/docs/page.html', '/api/v1/jobs'].map(
        async path => (await fetch(service.url + path)).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 401, 401]);
  });
});
