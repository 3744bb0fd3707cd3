import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';

const script = fileURLToPath(new URL('testcontainers-script.ts', import.meta.url));

/** Parameters of the script. */
export interface ScriptInput {
  readonly image: string;
  /** A label of the containers that the script creates. */
  readonly network: string;
}

/** Runs testcontainers-node, unmodified, in a separate process: it chooses its Docker once a process. */
export async function runTestcontainers(
  url: string,
  input: ScriptInput,
): Promise<{ readonly code: number | string; readonly result: unknown }> {
  const child = startChild(process.execPath, [script, JSON.stringify(input)], {
    DOCKER_HOST: url.replace(/^http:/, 'tcp:'),
    TESTCONTAINERS_RYUK_DISABLED: 'true',
  });
  const code = await child.ended;
  const [, json] = /^RESULT (.*)$/m.exec(child.output()) ?? [];
  return { code, result: json === undefined ? child.output() : JSON.parse(json) };
}
