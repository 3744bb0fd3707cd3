import { existsSync } from 'node:fs';
import { doctor } from './doctor.ts';
import type { Finding, Part } from './part.ts';
import { chromium } from './parts/chromium.ts';
import { container } from './parts/container.ts';
import { dockerCli } from './parts/docker-cli.ts';
import { dockerCompose } from './parts/docker-compose.ts';
import { nodejs } from './parts/nodejs.ts';
import { podman } from './parts/podman.ts';
import { prometheus } from './parts/prometheus.ts';
import { redis } from './parts/redis.ts';
import { registry } from './parts/registry.ts';
import { systemPackages } from './parts/system-packages.ts';
import { testImages } from './parts/test-images.ts';
import { log, SetupError } from './system/run.mjs';

/** Parts by the groups of setup.mjs, whose packages are installed by now. */
const groups: Readonly<Record<string, readonly Part[]>> = {
  podman: [podman, container],
  redis: [redis],
  tests: [testImages, chromium, prometheus, registry, dockerCli, dockerCompose],
  // For the tests on hosts that have no browser, no Prometheus and no command of Docker.
  'podman-tests': [testImages, registry],
};
const allParts = [nodejs, systemPackages, podman, container, redis, chromium, prometheus, registry, dockerCli, dockerCompose];

/** Interval of checking whether the launcher still waits for the set-up. */
const launcherCheckIntervalMs = 100;
const launcher = Number(process.env['PODMAN_API_LAUNCH_PID'] ?? process.ppid);
setInterval(() => {
  if (!existsSync(`/proc/${launcher}`)) process.exit(1);
}, launcherCheckIntervalMs).unref();

const args = process.argv.slice(2);
const mayInstall = !args.includes('--no-install');
process.exitCode = args.includes('--doctor') ? await doctor(allParts) : await setUp(args.flatMap(arg => groups[arg] ?? []));

/**
 * Fixes each part that is not right, in order. Stops at the first that cannot be fixed; the next run continues there.
 * @returns the exit code
 */
async function setUp(parts: readonly Part[]): Promise<number> {
  for (const part of parts) {
    const finding = await checkAndFix(part);
    if (!finding.ok) {
      log(`${finding.part}: ${finding.text}`);
      if (finding.remedy) log(finding.remedy);
      return 1;
    }
  }
  return 0;
}

async function checkAndFix(part: Part): Promise<Finding> {
  const finding = await part.check();
  if (finding.ok || !part.fix) return finding;
  if (part.isInstallation && !mayInstall) {
    return { ...finding, text: `${finding.text}, and not installed because of --no-install`, remedy: 'Run the same command without it.' };
  }
  try {
    await part.fix();
  } catch (error) {
    if (error instanceof SetupError) return { ...finding, text: error.message, remedy: error.remedy };
    const text = error instanceof Error ? error.message : String(error);
    return { ...finding, text, remedy: 'Fix the cause, then run the same command again; docs/hosts.md has known causes.' };
  }
  return part.check();
}
