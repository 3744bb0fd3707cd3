import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type SendRequest, type Service, sharedContainer, startApi, startService, type TestApi, until } from '@podman-api/testing';
import { findPrometheus, startPrometheus, type TestPrometheus } from '@podman-api/testing/prometheus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
async function promtool(args: readonly string[], input = '') {
  const child = spawn(findPrometheus('promtool') ?? '', args);
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'close')]);
  return { status, stdout, stderr };
}

let service: Service;
/** A second API process, which reports the same figures of the fleet; they must not count twice. */
let second: TestApi;
let prometheus: TestPrometheus;
const name = () => sharedContainer('plain');
const tokens = { all: '', metrics: '', exec: '' };
const call: SendRequest = (method, path, body, headers) =>
  service.call(method, path, body, { Authorization: `Bearer ${tokens.all}`, ...headers });
const scrape = async (url = service.url, token = tokens.metrics) => {
  const response = await fetch(`${url}/metrics`, { headers: token === '' ? {} : { Authorization: `Bearer ${token}` } });
  return { status: response.status, text: await response.text() };
};
const exec = (command: string, headers: Readonly<Record<string, string>> = {}, extraFields: object = {}) =>
  call('POST', `/containers/${name()}/exec`, { command, ...extraFields }, headers);
const readCounter = async (field: string) => Number(await service.redis.sendCommand('HGET', 'podman-api:{fleet}:counters', field));
/** Returns the value of a series in the text format; 0 if there is none. */
const valueIn = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find(line => line.startsWith(`${series} `))
      ?.slice(series.length),
  ) || 0;

beforeAll(async () => {
  service = await startService({ MAX_WORKERS: '1' });
  second = await startApi(service.env);
  const file = String(service.env['API_TOKENS_FILE']);
  for (const [tokenName, scopes] of [['all', 'admin'] as const, ['metrics', 'metrics'] as const, ['exec', 'exec'] as const]) {
    tokens[tokenName] = createToken(file, { write: () => {} }, tokenName, { scopes });
  }
  for (const { url } of [service, second]) await until(async () => (await scrape(url, tokens.exec)).status === 403);
  prometheus = await startPrometheus([service.url, second.url], tokens.metrics);
});
afterAll(async () => {
  await prometheus.stop();
  await second.api.end();
  await service.stop();
});

describe('GET /metrics', () => {
  it('needs a token with the scope metrics', async () => {
    expect((await scrape(service.url, '')).status).toBe(401);
    expect((await scrape(service.url, tokens.exec)).status).toBe(403);
  });

  it('counts each ended job once in the fleet by its status, without names of containers', async () => {
    const statuses = ['succeeded', 'failed', 'timed_out', 'cancelled', 'withdrawn', 'unknown'];
    const series = [
      ...statuses.map(status => `podman_api_jobs_total{operation="container.exec",status="${status}"}`),
      'podman_api_job_errors_total{type="TimeoutError"}',
      'podman_api_job_run_seconds_count{operation="container.exec"}',
      'podman_api_job_run_seconds_bucket{operation="container.exec",le="+Inf"}',
    ];
    const before = await scrape();
    expect((await exec('true')).status).toBe(200);
    expect((await exec('sleep 600', {}, { timeout: 1 })).status).toBe(408);
    expect((await exec('true', {}, { user: 'nobody-here' })).status).toBeGreaterThanOrEqual(400);
    const running = await exec('sleep 600', { Prefer: 'respond-async' });
    const job = `/jobs/${String(running.field('job_id'))}`;
    await until(async () => (await call('GET', job)).field('job.status') === 'running');
    expect((await exec('true', { Prefer: 'wait=1' })).field('error.job.status')).toBe('withdrawn');
    await call('DELETE', job);
    await until(async () => (await call('GET', job)).field('job.status') === 'cancelled');

    for (const { url } of [service, second]) {
      const readIncreases = (text: string) => series.map(one => valueIn(text, one) - valueIn(before.text, one));
      const { text } = await until(async () => {
        const scraped = await scrape(url);
        return readIncreases(scraped.text)
          .slice(0, 5)
          .every(count => count > 0)
          ? scraped
          : undefined;
      });
      expect(readIncreases(text)).toEqual([1, 1, 1, 1, 1, 0, 1, 4, 4]);
      expect(text).not.toContain(name());
      expect(await promtool(['check', 'metrics'], text)).toEqual({ status: 0, stdout: '', stderr: '' });
    }
  });

  it('counts requests by the pattern of their route', async () => {
    const method = 'GET';
    await call(method, '/containers/no-such-name');
    await fetch(`${service.url}/some/path/of/mine`);
    await fetch(`${service.url}/api/v1/containers`, { method: 'REPORT' });
    const { text } = await scrape();
    expect(text).toMatch(/^podman_api_http_requests_total\{method="GET",route="\/api\/v1\/containers\/:name",status="404"\} 1$/m);
    expect(text).toMatch(/^podman_api_http_requests_total\{method="other",route="none",status="\d+"\} 1$/m);
    expect(text).toMatch(
      /^podman_api_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/containers\/:name\/exec"\} \d+$/m,
    );
    expect(text).not.toMatch(/no-such-name|some\/path|REPORT/);
  });
});

describe('Prometheus', () => {
  it('accepts the example settings and rules, and scrapes both API processes', async () => {
    const check = ['check', 'config', '--lint=all', '--lint-fatal', prometheus.config];
    expect(await promtool(check)).toMatchObject({ status: 0, stderr: '' });
    const rules = join(dirname(prometheus.config), 'alerts.yml');
    expect(await promtool(['check', 'rules', '--lint=all', '--lint-fatal', rules])).toMatchObject({ status: 0, stderr: '' });
    await until(async () => (await prometheus.query('up{job="podman-api"} == 1')).length === 2);
  });

  it('raises each alert on its fault, once for two API processes, and none without a fault', async () => {
    const file = fileURLToPath(new URL('metrics/alerts.yml', import.meta.url));
    expect(await promtool(['test', 'rules', file])).toMatchObject({ status: 0, stderr: '' });
  });

  it('has data for every query of the dashboard, and counts the fleet once', async () => {
    const dashboard: { panels: readonly { title: string; targets?: readonly { expr: string }[] }[] } = JSON.parse(
      readFileSync(`${root}ops/grafana/dashboard.json`, 'utf8'),
    );
    const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(25);
    const fillVariables = (query: string) => query.replaceAll('$job', 'podman-api').replaceAll('$__rate_interval', '1m');
    for (const query of queries) {
      await until(async () => {
        if ((await prometheus.query(fillVariables(query))).some(value => !Number.isNaN(value))) return true;
        // A rate needs two scrapes and a change between them.
        await exec('true');
        return false;
      });
    }
    await until(async () => (await prometheus.query('sum(max by (status) (podman_api_nodes))'))[0] === 1);
    const ended = 'sum(max by (operation, status) (podman_api_jobs_total{operation="container.exec", status="succeeded"}))';
    await until(async () => (await prometheus.query(ended))[0] === (await readCounter('ends container.exec succeeded')));
  });

  it('evaluates every alert and raises none without a fault', async () => {
    const rules = await until(async () => {
      const current = rulesIn(await prometheus.fetchData('/rules')).groups.flatMap(group => group.rules);
      expect(current.filter(({ state }) => state === 'firing').map(one => one.name)).toEqual([]);
      const isEvaluated = current.every(({ health }) => health !== 'unknown');
      // The tests before may have made one pending for a moment.
      const isCalm = current.every(({ name, state }) => state === 'inactive' || causedByLoad.includes(name));
      return isEvaluated && isCalm ? current : undefined;
    });
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });
});

/** Alerts that may be pending, but not firing, on a busy machine: a scrape takes long, or a process gets too little CPU. */
const causedByLoad = ['PodmanApiDown', 'PodmanApiEventLoopLag', 'PodmanApiSlowWaits'];

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly state: string;
}
const rulesIn = (data: unknown): { groups: readonly { rules: readonly Rule[] }[] } => JSON.parse(JSON.stringify(data));

describe('metrics', () => {
  it('returns the last minutes in slices of ten seconds', async () => {
    const slices = await until(async () => {
      await exec('true');
      const recent = (await call('GET', '/metrics')).field('recent');
      return Array.isArray(recent) && recent.some(({ ended }) => ended > 0) ? recent : undefined;
    });
    for (const { time, seconds } of slices) expect({ seconds, part: Date.parse(time) % 10_000 }).toEqual({ seconds: 10, part: 0 });
    expect(slices.find(({ ended }) => ended > 0)).toMatchObject({ p50_ms: expect.any(Number), p95_ms: expect.any(Number) });
  });

  it('reports only the process while Redis is unavailable, and all counts afterwards', async () => {
    const before = await scrape();
    await service.redis.kill();
    const { text } = await until(async () => {
      const scraped = await scrape();
      return scraped.text.includes('podman_api_redis_up 0\n') ? scraped : undefined;
    });
    expect(text).toContain('process_start_time_seconds');
    expect(text).not.toContain('podman_api_jobs_total');
    await service.redis.restart();
    const after = await until(async () => {
      const scraped = await scrape();
      return scraped.text.includes('podman_api_redis_up 1\n') ? scraped : undefined;
    });
    const series = 'podman_api_jobs_total{operation="container.exec",status="succeeded"}';
    expect(valueIn(after.text, series)).toBeGreaterThanOrEqual(valueIn(before.text, series));
  });

  it('counts all jobs of a worker that was stopped', async () => {
    const logs = async () => (await call('GET', `/containers/${name()}/logs`)).status;
    const field = 'ends container.logs succeeded';
    await until(async () => (await logs()) === 200);
    const counted = await until(() => readCounter(field));
    expect(await logs()).toBe(200);
    await service.worker.end();
    expect(await readCounter(field)).toBe(counted + 1);
  });
});
