import { readFileSync } from 'node:fs';
import manifest from '../package.json' with { type: 'json' };
import { changelogSection } from './changelog-section.ts';

/**
 * `node release/notes.ts TAG`: prints the release notes for a tag such as `v1.2.3`, from CHANGELOG.md. Fails if the tag is not
 * the version of package.json or the changelog has no section for it.
 */
const [tag] = process.argv.slice(2);
const { version } = manifest;
if (tag !== `v${version}`) {
  process.stderr.write(
    `The tag ${tag} does not fit the version ${version} in package.json: tag the commit that has the version, as v${version}.\n`,
  );
  process.exitCode = 1;
} else {
  process.stdout.write(changelogSection(readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8'), version));
}
