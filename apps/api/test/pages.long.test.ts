import { type Service, startService } from '@podman-api/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectBoardLayout } from './board/expect-layout.ts';
import { expectDocsLayout, openDocs, tryOut } from './docs/docs-page.ts';
import { expectOverviewLayout } from './overview/expect-layout.ts';
import { createContainer, failJob } from './overview/make-jobs.ts';
import { expectNoProblems } from './pages/expect-page.ts';
import { allLayouts } from './pages/layouts.ts';
import { expectResourcesLayout, openResources } from './resources/page-actions.ts';
import { connectTerminal, expectTerminalLayout, openTerminalPage } from './terminals/terminal-page.ts';

let service: Service;
let container: string;
/** An exec that succeeded. */
let job: string;
beforeAll(async () => {
  service = await startService();
  container = await createContainer(service);
  await failJob(service, container);
  job = String((await service.call('POST', `/containers/${container}/exec`, { command: 'true' })).field('job_id'));
});
afterAll(() => service.stop());

describe.each(allLayouts)('in %i px in %s colors', (width, colorScheme) => {
  it('the overview fits and has no accessibility violations', async () => {
    await expectOverviewLayout(service.url, container, width, colorScheme);
  });

  it('the resources page fits and has no accessibility violations', async () => {
    const opened = await openResources(service.url, { width, colorScheme });
    await expectResourcesLayout(opened, width);
    await expectNoProblems(opened, service.url);
  });

  it('the terminal page fits and has no accessibility violations', async () => {
    const opened = await openTerminalPage(service.url, container, { width, colorScheme });
    await connectTerminal(opened);
    await expectTerminalLayout(opened, width);
    await expectNoProblems(opened, service.url);
  });

  it('the docs page fits and is legible', async () => {
    const docs = await openDocs(service.url, { width, colorScheme });
    await tryOut(docs, 'containerList');
    await expectDocsLayout(docs, service.url, width, colorScheme);
  });

  it('the queue board fits', async () => {
    const queue = `podman-${service.env['NODE_NAME']}`;
    await expectBoardLayout(service.url, { queues: [queue, `${queue}_reads`, `${queue}_waits`], job, container }, { width, colorScheme });
  });
});
