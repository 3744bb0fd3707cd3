import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, sharedService, startApi } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { openDocs, tryOut, write } from './docs/docs-page.ts';

const { url, env } = sharedService();

describe('docs page', () => {
  it('creates a container and runs a command in it', async () => {
    const docs = await openDocs(url, { width: 1280, colorScheme: 'light' });
    const name = uniqueContainerName();
    expect(await tryOut(docs, 'containerCreate', { body: { image: images.plain, name, command: 'sleep 300' } })).toMatchObject({
      status: '201',
      response: { success: true, container: { name, status: 'running' } },
    });
    expect(await tryOut(docs, 'containerExec', { name, body: { command: 'echo "<b>seen</b>"; exit 3' } })).toMatchObject({
      status: '200',
      response: { execution: { exit_code: 3, stdout: '<b>seen</b>\n' } },
    });
  });
});

describe('docs page with tokens', () => {
  let token: string;
  let urlWithTokens: string;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-docs-'));
    const file = join(folder, 'tokens.json');
    token = createToken(file, { write: () => {} }, 'docs', { scopes: 'containers:read' });
    const started = await startApi({ ...env, API_TOKENS_FILE: file });
    urlWithTokens = started.url;
    return async () => {
      await started.api.end();
      rmSync(folder, { recursive: true });
    };
  });

  it('opens without a token and sends the one that is entered', async () => {
    const docs = await openDocs(urlWithTokens);
    expect(await tryOut(docs, 'containerList')).toMatchObject({ status: '401', response: { error: { type: 'UnauthorizedError' } } });
    await docs.page.click('.authorize');
    await write(docs, '.auth-container input', token);
    await docs.page.click('.auth-btn-wrapper .authorize');
    await docs.page.click('.auth-btn-wrapper .btn-done');
    expect(await tryOut(docs, 'containerList')).toMatchObject({ status: '200', response: { success: true } });
    // The token is not kept beyond the page.
    expect(await docs.page.evaluate('localStorage.length')).toBe(0);
  });
});
