import { readFileSync } from 'node:fs';

/**
 * Returns the `default_ulimits` of a containers.conf(5), such as `nofile=20000:20000`; none without a file or the setting. Buildah of
 * podman 5.4 ignores the setting (measured: a RUN asks for 1,048,576 open files, which takes CAP_SYS_RESOURCE), so builds name each limit.
 */
export function readDefaultUlimits(containersConf: string | undefined): readonly string[] {
  if (containersConf === undefined) return [];
  const list = /^\s*default_ulimits\s*=\s*\[([^\]]*)\]/m.exec(readFileSync(containersConf, 'utf8'))?.[1] ?? '';
  return [...list.matchAll(/"([^"]+)"|'([^']+)'/g)].map(([, double, single]) => double ?? single ?? '');
}
