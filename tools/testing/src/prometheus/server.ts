import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../child.ts';
import { fieldOf } from '../field.ts';
import { findPrometheus } from './programs.ts';

const examples = fileURLToPath(new URL('../../../../ops/prometheus/', import.meta.url));

/** A Prometheus with the settings and rules of `ops/prometheus`, which it scrapes and evaluates every second. */
export interface TestPrometheus {
  /** Path of the configuration file. */
  readonly config: string;
  /** Returns the current values of an expression. @throws Error with Prometheus's message if the expression is wrong */
  query(expression: string): Promise<readonly number[]>;
  /** Returns the data at a path of the HTTP API of Prometheus. @throws Error if it returns an error */
  fetchData(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts Prometheus with the example configuration.
 * @param apis URLs of API processes
 * @param token a token with the scope `metrics`
 */
export async function startPrometheus(apis: readonly string[], token: string): Promise<TestPrometheus> {
  const program = findPrometheus('prometheus');
  if (program === undefined) throw new Error('Prometheus is not installed: "npm test" downloads it on Debian');
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  const settings = readFileSync(join(examples, 'prometheus.yml'), 'utf8')
    .replaceAll('_interval: 15s', '_interval: 1s')
    .replace("['127.0.0.1:5000']", JSON.stringify(apis.map(api => new URL(api).host)));
  writeFileSync(config, settings);
  writeFileSync(join(folder, 'podman-api.token'), token, { mode: 0o600 });
  copyFileSync(join(examples, 'alerts.yml'), join(folder, 'alerts.yml'));
  const server = startChild(program, [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
  ]);
  await server.waitForOutput('Server is ready to receive web requests');
  const [, address = ''] = /msg="Listening on" address=(\S+)/.exec(server.output()) ?? [];
  const fetchData = async (path: string): Promise<unknown> => {
    const response: unknown = await (await fetch(`http://${address}/api/v1${path}`)).json();
    if (fieldOf(response, 'status') !== 'success') throw new Error(`${path}: ${String(fieldOf(response, 'error'))}`);
    return fieldOf(response, 'data');
  };
  return {
    config,
    fetchData,
    async query(expression) {
      const result = fieldOf(await fetchData(`/query?query=${encodeURIComponent(expression)}`), 'result');
      return Array.isArray(result) ? result.map(({ value }) => Number(value[1])) : [];
    },
    async stop() {
      await server.end();
      rmSync(folder, { recursive: true });
    },
  };
}
