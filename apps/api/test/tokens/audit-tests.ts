import { images, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { detached, jobPathOf } from '../detached-jobs.ts';
import { openTerminal, refusedUpgrade } from '../terminals/terminal-client.ts';
import { nameOf, type Scope, type SharedTokens } from './shared-tokens.ts';

/** Registers the tests of tickets for terminals. */
export function testTickets(shared: SharedTokens): void {
  const { callAs } = shared;
  describe.concurrent('a ticket', () => {
    const path = () => `/containers/${shared.container}/terminal`;
    const create = async (scope: Scope = 'exec') =>
      (await callAs(scope)('POST', '/tickets', { path: `/api/v1${path()}` })).field('ticket.ticket') ?? '';

    it('opens one terminal with the rights of its token, which the audit log names', async () => {
      const { url } = shared.tokens.service;
      const ticket = await create();
      const headers = { 'X-Request-Id': 'audit-terminal' };
      const client = openTerminal(url, `${path()}?ticket=${ticket}&command=exit%202`, { headers });
      expect(await client.waitForClose()).toBe(1000);
      expect(client.messages.at(-1)).toEqual({ type: 'exit', exit_code: 2 });
      await until(() => shared.tokens.readAudit('audit-terminal').length >= 2);
      expect(shared.tokens.readAudit('audit-terminal')).toMatchObject([
        { operation: 'container.terminal', outcome: 'opened', token: nameOf('exec'), container: shared.container },
        { operation: 'container.terminal', outcome: 'succeeded', token: nameOf('exec'), container: shared.container },
      ]);
      expect(await refusedUpgrade(url, `${path()}?ticket=${ticket}`)).toMatchObject({
        status: 401,
        body: expect.stringContaining('used before'),
      });
    });

    it('is valid only for its path and for a WebSocket', async () => {
      const { url } = shared.tokens.service;
      expect(await refusedUpgrade(url, `/containers/other/terminal?ticket=${await create()}`)).toMatchObject({ status: 401 });
      expect((await shared.tokens.service.call('GET', `${path()}?ticket=${await create()}`)).status).toBe(401);
      expect((await callAs('exec')('POST', '/tickets', { path: '/api/v1/containers' })).status).toBe(400);
    });

    it('does not show in Redis', async () => {
      const ticket = await create();
      const found = await shared.tokens.service.redis.sendToAllMasters('KEYS', 'podman-api:ticket:*');
      expect(String(found)).toContain('podman-api:ticket:');
      expect(String(found)).not.toContain(ticket);
    });
  });
}

/** Registers the tests of the audit log. */
export function testAuditLog(shared: SharedTokens): void {
  const { callAs } = shared;
  describe.concurrent('the audit log', () => {
    /** Waits for the lines of a request id: a worker writes one after the API has answered. */
    const awaitLines = async (requestId: string, count: number) => {
      await until(() => shared.tokens.readAudit(requestId).length >= count);
      return shared.tokens.readAudit(requestId);
    };

    it('has a line for each change and each attempt that was refused, and none for reads', async () => {
      const name = uniqueContainerName();
      const id = { 'X-Request-Id': 'audit-changes' };
      await callAs('containers:write')('POST', '/containers', { image: images.plain, name, network: 'none', command: 'sleep 600' }, id);
      await awaitLines('audit-changes', 1);
      await callAs('containers:read')('DELETE', `/containers/${name}`, undefined, id);
      await callAs('containers:write')('GET', `/containers/${name}`, undefined, id);
      await callAs('containers:write')('DELETE', `/containers/${name}?force=true`, undefined, id);
      const lines = await awaitLines('audit-changes', 3);
      expect(lines).toMatchObject([
        { operation: 'container.create', outcome: 'succeeded', token: nameOf('containers:write'), container: name },
        { operation: 'container.remove', outcome: 'refused', token: nameOf('containers:read'), container: name },
        { operation: 'container.remove', outcome: 'succeeded', token: nameOf('containers:write'), container: name },
      ]);
      const node = shared.tokens.service.env['NODE_NAME'];
      expect(lines[0]).toMatchObject({ time: expect.any(String), node, duration_ms: expect.any(Number) });
    });

    it('has lines for the cancel of a job and for each attempt', async () => {
      const id = { 'X-Request-Id': 'audit-cancel' };
      const { headers } = await callAs('exec')(
        'POST',
        `/containers/${shared.container}/exec`,
        { command: 'sleep 600' },
        { ...id, ...detached },
      );
      const path = jobPathOf(headers.get('Location'));
      await until(async () => (await callAs('exec')('GET', path)).field('job.status') === 'running');
      await callAs('metrics')('DELETE', path, undefined, id);
      await callAs('exec')('DELETE', path, undefined, id);
      expect(await awaitLines('audit-cancel', 3)).toMatchObject([
        { operation: 'job.cancel', outcome: 'refused', token: nameOf('metrics') },
        { operation: 'job.cancel', outcome: 'requested', token: nameOf('exec') },
        { operation: 'container.exec', outcome: 'cancelled', token: nameOf('exec') },
      ]);
    });

    it('has no line for a dry run', async () => {
      const dryRun = { 'X-Request-Id': 'audit-dry-run' };
      const body = { image: images.plain, name: uniqueContainerName() };
      expect((await callAs('containers:write')('POST', '/containers?dry_run=true', body, dryRun)).status).toBe(200);
      // A later job of the same worker has its line.
      const later = { 'X-Request-Id': 'audit-later' };
      await callAs('exec')('POST', `/containers/${shared.container}/exec`, { command: 'true' }, later);
      await awaitLines('audit-later', 1);
      expect(shared.tokens.readAudit('audit-dry-run')).toEqual([]);
    });
  });
}
