import { install } from '../install.ts';
import type { Part } from '../part.ts';
import { run } from '../run.ts';

/** Podman with what it needs: conmon, a network, an init process; BusyBox for the image that proves it all. */
const packages = ['podman', 'conmon', 'netavark', 'aardvark-dns', 'iptables', 'catatonit', 'uidmap', 'busybox-static'];

/** What an ordinary user's podman has its network from: podman 4 the one, podman 5 the other. */
const rootless = ['slirp4netns', 'passt'];

/** Options and words that this project relies on came with it. */
const oldest = 4;

export const podman: Part = {
  async check() {
    const { ok, output } = run('podman', ['--version']);
    const part = 'podman';
    if (!ok) return { part, ok, text: 'podman is not installed', remedy: `Install ${packages.join(', ')}.` };
    const major = Number(/version (\d+)/.exec(output)?.[1]);
    if (major < oldest) return { part, ok: false, text: output, remedy: `Bring podman to version ${oldest} or later.` };
    return { part, ok, text: output };
  },
  async mend() {
    install(process.getuid?.() === 0 ? packages : [...packages, ...rootless]);
  },
};
