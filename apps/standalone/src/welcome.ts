import { setTimeout as delay } from 'node:timers/promises';

/** Time limit for the worker to report that podman works. On a slow host with a load of 35, 30 s were too short. */
const workerReadyTimeoutMs = 120_000;

/** Waits until the service is ready, and returns the text for the terminal: its address, its health and a first call to try. */
export async function formatWelcome(url: string, socket: string | undefined): Promise<string> {
  const { status, canRunJobs } = await waitForHealth(url);
  const lines = [
    '',
    `podman-api listens on ${url} and is ${status}.`,
    'Open that in a browser for an overview.',
    ...(status === 'degraded' ? [`See the reasons at ${url}/api/v1/health.`] : []),
    ...(canRunJobs ? formatFirstCall(url, await requiresToken(url)) : ['Run "npm run doctor" to see why.']),
    ...(socket === undefined ? [] : [`Inspect Redis with: redis-cli -s ${socket}`]),
    'Stop it with Ctrl-C.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

async function requiresToken(url: string): Promise<boolean> {
  const response = await fetch(`${url}/api/v1/jobs?limit=1`).catch(() => undefined);
  return response?.status === 401;
}

function formatFirstCall(url: string, isTokenRequired: boolean): string[] {
  const token = isTokenRequired ? ' -H "Authorization: Bearer $token"' : '';
  const body = '{"image": "localhost/podman-api/busybox", "name": "hello", "command": "sleep 300"}';
  return ['Create a container:', `  curl ${url}/api/v1/containers${token} -H 'Content-Type: application/json' -d '${body}'`];
}

/** Result of a health check. */
interface Health {
  readonly status: string;
  readonly canRunJobs: boolean;
}

/** Waits until the service can run jobs, for at most `workerReadyTimeoutMs`. */
async function waitForHealth(url: string): Promise<Health> {
  const deadlineMs = performance.now() + workerReadyTimeoutMs;
  for (;;) {
    // If the API stops or dies, main.ts reports it and ends this process.
    const health = await readHealth(url).catch(() => undefined);
    if (health?.canRunJobs || performance.now() > deadlineMs) return health ?? { status: 'unreachable', canRunJobs: false };
    await delay(50);
  }
}

/** @throws Error if the API does not answer */
async function readHealth(url: string): Promise<Health> {
  const response = await fetch(`${url}/api/v1/health`);
  const { status }: { status: string } = JSON.parse(await response.text());
  return { status, canRunJobs: response.ok };
}
