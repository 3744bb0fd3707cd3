import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CoverageReport } from 'monocart-coverage-reports';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The code that users run. The tools and the scripts of the pages, which run in browsers, are not measured. */
const measured = /^(apps|packages)\/[^/]+\/src\/.*\.ts$/;

/**
 * Merges V8's counts into one report, and prints its summary. Comments, types and blank lines are not counted.
 * @param raw folder with the files that `NODE_V8_COVERAGE` makes, one for each process
 * @param folder where the report is written
 */
export async function writeReport(raw: string, folder: string): Promise<void> {
  const report = new CoverageReport({
    name: 'podman-api',
    baseDir: root,
    outputDir: folder,
    reports: ['console-summary', 'html', 'lcovonly', 'json-summary'],
    // Files that no test has loaded count too.
    all: {
      dir: [join(root, 'apps'), join(root, 'packages')],
      filter: (path: string) => isMeasured(pathToFileURL(path).href),
      transformer: async (entry: { source: string }) => {
        entry.source = stripTypeScriptTypes(entry.source);
      },
    },
    clean: false,
  });
  const sources = new Map<string, string>();
  for (const file of readdirSync(raw)) {
    const { result }: { result: readonly { url: string }[] } = JSON.parse(readFileSync(join(raw, file), 'utf8'));
    const entries = result.filter(({ url }) => isMeasured(url)).map(entry => ({ ...entry, source: sourceOf(entry.url) }));
    if (entries.length > 0) await report.add(entries);
  }
  await report.generate();

  /** Node.js puts blanks in the place of types, so offsets are the same in both. */
  function sourceOf(url: string): string {
    const known = sources.get(url);
    if (known !== undefined) return known;
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
    sources.set(url, source);
    return source;
  }
}

function isMeasured(url: string): boolean {
  return url.startsWith('file:') && measured.test(relative(root, fileURLToPath(url)));
}
