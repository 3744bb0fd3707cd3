import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, sharedService } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { generate, HttpClient } from 'openapi-typescript-codegen';
import { expect, it, onTestFinished } from 'vitest';

it('a client generated from docs/openapi.json creates a container and runs a command', async () => {
  const output = mkdtempSync(join(tmpdir(), 'podman-api-generated-'));
  onTestFinished(() => rmSync(output, { recursive: true }));
  const input = fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));
  await generate({ input, output, httpClient: HttpClient.FETCH, clientName: 'Client', useOptions: true });

  const { Client, ApiError } = await import(join(output, 'index.ts'));
  const { containers, jobs } = new Client({ BASE: sharedService().url });
  const name = uniqueContainerName();
  expect(await containers.containerCreate({ requestBody: { image: images.plain, name, command: 'sleep 300' } })).toMatchObject({
    container: { name, status: 'running' },
  });
  const execution = await containers.containerExec({ name, requestBody: { command: ['sh', '-c', 'echo out; exit 4'] } });
  expect(execution).toMatchObject({ execution: { exit_code: 4, stdout: 'out\n' } });
  expect(await jobs.jobRead({ id: execution.job_id })).toMatchObject({ job: { status: 'succeeded', result: { exit_code: 4 } } });
  const missing = containers.containerInspect({ name: uniqueContainerName() });
  await expect(missing).rejects.toBeInstanceOf(ApiError);
  await expect(missing).rejects.toMatchObject({ status: 404, body: { error: { type: 'NotFoundError' } } });
});
