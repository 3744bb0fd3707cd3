import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi, startFleet, type TestFleet, type TestNode, until } from '@podman-api/testing';
import type { OpenPage } from '@podman-api/testing/browser';
import { type RegistryGate, startRegistry, startRegistryGate, type TestRegistry, trustRegistries } from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { makeImageIn } from './images/make-image.ts';
import { hostilePath } from './overview/make-jobs.ts';
import { evaluate, hasRow, sendToken, textOf, waitForRow } from './overview/page-actions.ts';
import { expectNoProblems } from './pages/expect-page.ts';
import { click, openResources, removeByRow, submitPull, waitForNoRow, waitForText } from './resources/page-actions.ts';

/** Bytes of a layer: more than the gate and the buffers of sockets take. */
const layerBytes = 16_000_000;

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
let registry: TestRegistry;
let gate: RegistryGate;
let fleet: TestFleet;
let url: string;
beforeAll(async () => {
  registry = await startRegistry();
  gate = await startRegistryGate(registry.host);
  const hosts = [registry.host, gate.host];
  const policy = { ALLOWED_IMAGES: [...hosts.map(host => `${host}/*`), 'localhost/*'].join() };
  fleet = await startFleet({ a: {}, b: {} }, { ...trustRegistries(join(folder, 'registries.conf'), hosts), ...policy });
  url = fleet.apis[0].url;
});
afterAll(async () => {
  await fleet.stop();
  gate.stop();
  await registry.stop();
  rmSync(folder, { recursive: true });
});

function nodeNamed(name: string): TestNode {
  const node = fleet.nodes.find(candidate => candidate.name === name);
  if (!node) throw new Error(`there is no node ${name}`);
  return node;
}

/** Returns the API's own message for a request that fails. */
async function messageOf(method: string, path: string, body?: object): Promise<string> {
  return String((await fleet.call(method, path, body)).field('error.message'));
}

/**
 * Expects that the page had no problems except the requests that end with a pull: Chromium reports a stream as aborted that the page
 * does not read further.
 * @param refusal status of a response that Chromium reports as well
 */
async function expectNoOtherProblems(opened: OpenPage, refusal = 200): Promise<void> {
  const known = ['/output: net::ERR_ABORTED', `the server responded with a status of ${refusal}`];
  await expectNoProblems({ ...opened, problems: opened.problems.filter(one => !known.some(text => one.includes(text))) }, url);
}

describe('resources page', () => {
  it('pulls an image on all nodes with live progress', async () => {
    const source = `${registry.host}/app:1`;
    await makeImageIn(nodeNamed('a').podman, source, layerBytes);
    expect(await fleet.call('POST', '/images/push', { reference: source })).toMatchObject({ status: 200 });
    expect(await fleet.call('DELETE', `/images/${encodeURIComponent(source)}`)).toMatchObject({ status: 200 });

    const reference = `${gate.host}/app:1`;
    const opened = await openResources(url);
    await waitForRow(opened, 'networks', 'podman', 'b');
    await until(async () => (await evaluate(opened, "[...document.querySelectorAll('#pull option')].length")) === '4');
    gate.close();
    await submitPull(opened, reference, 'all nodes');
    for (const node of ['a', 'b']) await waitForText(opened, '#pulls', `Pulling ${reference} on the node ${node}: 0 of 1 layers.`);
    gate.open();
    for (const node of ['a', 'b']) await waitForText(opened, '#pulls', `Pulled ${reference} on the node ${node}.`);
    // Loaded after the pulls, without a click.
    for (const node of ['a', 'b']) await waitForRow(opened, 'images', reference, '16 MB', 'no', node);
    await expectNoOtherProblems(opened);

    await evaluate(opened, "document.querySelector('#filter').focus()");
    await opened.page.keyboard.sendCharacter('app:1');
    await until(async () => (await evaluate(opened, "document.querySelectorAll('#images tbody tr').length")) === '2');
    expect(await hasRow(opened, 'networks', ['podman'])).toBe(false);
  });

  it('shows why a pull failed, as the API reports it', async () => {
    const opened = await openResources(url);
    const forbidden = 'registry.example/app:1';
    await submitPull(opened, forbidden);
    const refusal = await messageOf('POST', '/images/pull', { reference: forbidden });
    expect(refusal).toContain('ALLOWED_IMAGES');
    await waitForText(opened, '#images .problem', refusal);

    const missing = `${registry.host}/none:1`;
    await submitPull(opened, missing, 'b');
    await waitForText(opened, '#pulls', `${missing} was not pulled on the node b: `);
    await waitForText(opened, '#pulls', await messageOf('POST', '/images/pull', { reference: missing, node: 'b' }));
    await expectNoOtherProblems(opened, 403);
  });

  it('removes one name of an image, and shows why an image in use is not removed', async () => {
    const { podman } = nodeNamed('b');
    const [first, second] = ['localhost/used:1', 'localhost/used:2'];
    await makeImageIn(podman, first);
    await podman.run(['tag', first, second]);
    await podman.run(['create', '--network=none', '--name=user-of-image', '--', first]);
    const opened = await openResources(url);
    await waitForRow(opened, 'images', first, 'yes', 'b');
    expect(await removeByRow(opened, 'images', second)).toContain(`Remove the image ${second} from the node b?`);
    await waitForNoRow(opened, 'images', second);
    await removeByRow(opened, 'images', first);
    await waitForText(opened, '#images .problem', await messageOf('DELETE', `/images/${encodeURIComponent(first)}?node=b`));
    expect(await hasRow(opened, 'images', [first, 'b'])).toBe(true);
    await expectNoOtherProblems(opened, 409);
    await podman.run(['rm', 'user-of-image']);
    await podman.run(['rmi', first]);
  });

  it('prunes, and says what it has removed', async () => {
    const { podman } = nodeNamed('a');
    await makeImageIn(podman, 'localhost/unused:1', 3_000_000);
    await podman.run(['volume', 'create', 'spare-1']);
    await nodeNamed('b').podman.run(['volume', 'create', 'spare-2']);
    await podman.run(['network', 'create', 'spare-net']);
    const opened = await openResources(url);
    await waitForRow(opened, 'volumes', 'spare-1', 'a');
    await click(opened, '#volumes', 'Prune volumes');
    await waitForText(opened, '#confirm .text', 'Remove all volumes that no container uses, with their contents, on all nodes?');
    await click(opened, '#confirm', 'Cancel');
    expect((await fleet.call('GET', '/volumes/spare-1')).status).toBe(200);
    await click(opened, '#volumes', 'Prune volumes');
    await click(opened, '#confirm', 'Prune');
    await until(async () => /^Removed 2 volumes: spare-\d, spare-\d\.$/.test(await textOf(opened, '#volumes .result')));
    await waitForNoRow(opened, 'volumes', 'spare-2');
    await click(opened, '#networks', 'Prune networks');
    await click(opened, '#confirm', 'Prune');
    await waitForText(opened, '#networks .result', 'Removed 1 network: spare-net.');

    await waitForRow(opened, 'images', 'localhost/unused:1');
    await click(opened, '#images', 'Prune images');
    await click(opened, '#confirm', 'Prune');
    await waitForText(opened, '#images .result', 'No image was unused: nothing was removed.');
    await click(opened, '#images', 'Prune images');
    await opened.page.click('#confirm .option input');
    await click(opened, '#confirm', 'Prune');
    await until(async () => /^Removed \d+ images? \([\d.]+ MB\); .*localhost\/unused:1/.test(await textOf(opened, '#images .result')));
    await waitForNoRow(opened, 'images', 'localhost/unused:1');
    await expectNoProblems(opened, url);
  });

  it('shows hostile strings as text', async () => {
    const { podman } = nodeNamed('a');
    await podman.run(['volume', 'create', `--label=a=${hostilePath}`, 'labelled']);
    const opened = await openResources(url);
    await waitForRow(opened, 'volumes', 'labelled');
    await submitPull(opened, `${registry.host}/${hostilePath}`);
    await until(async () => (await textOf(opened, '#images .problem')) !== '');
    expect(await evaluate(opened, "[window.hurt, document.querySelectorAll('main img').length]")).toBe(',0');
    await podman.run(['volume', 'rm', 'labelled']);
  });
});

describe('resources page with tokens', () => {
  let urlWithTokens: string;
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    const file = String(fleet.env['API_TOKENS_FILE']).replace('tokens', 'own-tokens');
    for (const scopes of ['images:read', 'images:write,containers:write']) {
      tokens.set(scopes, createToken(file, { write: () => {} }, scopes.replace(/\W/g, '-'), { scopes }));
    }
    const started = await startApi({ ...fleet.env, API_TOKENS_FILE: file });
    urlWithTokens = started.url;
    return async () => {
      await started.api.end();
    };
  });

  it('shows what the scopes of a token allow, and names the scopes that it lacks', async () => {
    const opened = await openResources(urlWithTokens);
    await sendToken(opened, tokens.get('images:read') ?? '');
    await waitForRow(opened, 'images', 'busybox', 'a');
    const lacking = 'lacks the scope containers:read, which this request needs: create another token with it.';
    for (const section of ['volumes', 'networks']) {
      await waitForText(opened, `#${section} .note`, 'Not shown: The token images-read ');
      expect(await textOf(opened, `#${section} .note`)).toContain(lacking);
    }
    const buttons = "[...document.querySelectorAll('section button')].filter(one => one.checkVisibility()).length";
    expect(await evaluate(opened, buttons)).toBe('0');
  });

  it('offers changes to a token that may make them, and sends it in no URL', async () => {
    const token = tokens.get('images:write,containers:write') ?? '';
    const opened = await openResources(urlWithTokens);
    const requested = new Set<string>();
    opened.page.on('request', request => requested.add(request.url()));
    await sendToken(opened, token);
    await fleet.nodes[0]?.podman.run(['volume', 'create', 'with-token']);
    await click(opened, '.toolbar', 'Refresh');
    await removeByRow(opened, 'volumes', 'with-token');
    await waitForText(opened, '#volumes .result', 'Removed the volume with-token from the node a.');
    expect(requested.size).toBeGreaterThan(0);
    expect([...requested].filter(address => address.includes(token))).toEqual([]);
    expect(await evaluate(opened, '[location.href, localStorage.length, document.cookie]')).toBe(`${urlWithTokens}/resources,0,`);
    await expectNoProblems(opened, urlWithTokens);
  });
});
