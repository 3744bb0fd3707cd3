import { setTimeout as delay } from 'node:timers/promises';

/** How long the worker may take to tell that podman works, in ms. */
const patience = 10_000;

/** What a person reads once everything has started: where it is, and a first call to try. */
export async function welcome(url: string, socket: string | undefined): Promise<string> {
  const status = await settledHealth(url);
  const lines = [
    '',
    `podman-api listens on ${url} and is ${status}.`,
    'Open that in a browser to see how it stands.',
    ...(status === 'healthy' ? firstCall(url, await wantsToken(url)) : ['Run "npm run doctor" to see why.']),
    ...(socket === undefined ? [] : [`Look into the queue with: redis-cli -s ${socket}`]),
    'Stop it with Ctrl-C.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

async function wantsToken(url: string): Promise<boolean> {
  return (await fetch(`${url}/api/v1/jobs?limit=1`)).status === 401;
}

function firstCall(url: string, tokens: boolean): string[] {
  const token = tokens ? ' -H "Authorization: Bearer $token"' : '';
  const body = '{"image": "localhost/podman-api/busybox", "name": "hello", "command": "sleep 300"}';
  return ['Make a container:', `  curl ${url}/api/v1/containers${token} -H 'Content-Type: application/json' -d '${body}'`];
}

async function settledHealth(url: string): Promise<string> {
  const until = performance.now() + patience;
  for (;;) {
    const response = await fetch(`${url}/api/v1/health`);
    const { status }: { status: string } = JSON.parse(await response.text());
    if (status === 'healthy' || performance.now() > until) return status;
    await delay(50);
  }
}
