import { readFileSync } from 'node:fs';
import { images, sharedService, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { connectDocker } from './docker/clients.ts';
import { sendRaw } from './docker/raw-connection.ts';

/** Returns whether the kernel probes an idle connection of IPv4, by the kind of its timer (`tr` in proc_net_tcp.rst of Linux). */
function isProbed(localPort: number, remotePort: number): boolean {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map(row => row.trim().split(/\s+/));
  const row = rows.find(([, local, remote]) => local?.endsWith(`:${hex(localPort)}`) && remote?.endsWith(`:${hex(remotePort)}`));
  return row?.[5]?.startsWith('02:') ?? false;
}

describe('connections', () => {
  it('stay open for longer than proxies keep idle ones', async () => {
    const { headers } = await fetch(`${sharedService().url}/api/v1/health`);
    expect(headers.get('Connection')).toBe('keep-alive');
    const [, seconds] = /^timeout=(\d+)$/.exec(headers.get('Keep-Alive') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(60);
  });

  it('that a Docker client holds for a terminal are probed, so that they end if it is gone', async () => {
    const { dockerUrl } = sharedService();
    const { id } = await connectDocker(dockerUrl).createContainer({
      Image: images.busybox,
      name: uniqueContainerName(),
      Tty: true,
      OpenStdin: true,
    });
    const held = sendRaw(dockerUrl, `POST /containers/${id}/attach?stream=1&stdin=1&stdout=1`, { isUpgrade: true });
    await until(() => held.received().includes('101 UPGRADED'));
    await until(() => isProbed(Number(new URL(dockerUrl).port), held.socket.localPort ?? 0));
    held.socket.destroy();
    await held.closed;
  });
});
