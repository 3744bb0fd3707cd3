/** Fields that are copied from the workspace's package.json. */
export interface SourceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the package.json of the published package, whose files are compiled to JavaScript.
 * @param env variables; in a GitHub workflow they name the repository, without which npm accepts no provenance
 */
export function createManifest({ name, version, description, license }: SourceManifest, env: Environment): object {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  return {
    name,
    version,
    description,
    license,
    ...(server !== undefined &&
      repository !== undefined && {
        repository: { type: 'git', url: `git+${server}/${repository}.git`, directory: 'packages/client' },
      }),
    type: 'module',
    engines: { node: '>=22.18' },
    bin: { 'podman-api': 'bin/podman-api.mjs' },
    exports: { types: './src/index.d.ts', default: './src/index.js' },
    imports: { '#cli': './src/cli/main.js' },
    publishConfig: { access: 'public' },
  };
}
