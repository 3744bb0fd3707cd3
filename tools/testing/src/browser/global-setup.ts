import { once } from 'node:events';
import { createServer } from 'node:net';
import type { TestProject } from 'vitest/node';
import { splice } from './splice.ts';
import { type SharedChromium, startChromium } from './start-chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the DevTools protocol of the browser of this run. */
    readonly browserUrl: string;
  }
}

/** Vitest's global set-up of the projects that open pages: one Chromium for all files, started when the first file needs it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let chromium: Promise<SharedChromium> | undefined;
  const server = createServer({ pauseOnConnect: true }, connection => {
    chromium ??= startChromium();
    chromium.then(
      started => splice(connection, started.connect()),
      error => {
        console.error(error);
        connection.destroy();
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  project.provide('browserUrl', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  return async () => {
    server.close();
    await (await chromium?.catch(() => undefined))?.stop();
  };
}
