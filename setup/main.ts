import { doctor } from './doctor.ts';
import { type Finding, type Part, say } from './part.ts';
import { chromium } from './parts/chromium.ts';
import { container } from './parts/container.ts';
import { nodejs } from './parts/nodejs.ts';
import { podman } from './parts/podman.ts';
import { prometheus } from './parts/prometheus.ts';
import { redis } from './parts/redis.ts';
import { testImages } from './parts/test-images.ts';

/** What each word on the command line stands for. */
const groups: Readonly<Record<string, readonly Part[]>> = {
  podman: [podman, container],
  redis: [redis],
  tests: [testImages, chromium, prometheus],
};
const everything = [nodejs, podman, container, redis, chromium, prometheus];

const words = process.argv.slice(2);
process.exitCode = words.includes('--doctor') ? await doctor(everything) : await setUp(words.flatMap(word => groups[word] ?? []));

/** Mends each part that is not right, in order; ends at the first that can't be mended. */
async function setUp(parts: readonly Part[]): Promise<number> {
  for (const part of parts) {
    const finding = await mended(part);
    if (!finding.ok) {
      say(`${finding.part}: ${finding.text}`);
      if (finding.remedy) say(finding.remedy);
      return 1;
    }
  }
  return 0;
}

async function mended(part: Part): Promise<Finding> {
  const finding = await part.check();
  if (finding.ok || !part.mend) return finding;
  try {
    await part.mend();
  } catch (error) {
    return { ...finding, remedy: error instanceof Error ? error.message : String(error) };
  }
  return part.check();
}
