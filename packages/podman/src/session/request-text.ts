import type { ExecCommand } from '../exec/command.ts';
import { escaped, quoted } from './quote.ts';

/** What a request says beside the command. */
export interface RequestParts {
  /** Tells the shell's words from what commands write; nobody can guess it. */
  readonly nonce: string;
  readonly folder: string;
  /** Whether this shell has run this program before, so that it need not look at it again. */
  readonly known: boolean;
}

/**
 * The text that tells a session's shell (shell.sh) to run a command. It is one compound command: of one that is cut off,
 * for its worker died, the shell runs nothing.
 */
export function requestText({ argv, environment, marks, stdin }: ExecCommand, { nonce, folder, known }: RequestParts): string {
  const variables = Object.entries({ ...environment, ...marks }).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const input = stdin === undefined ? [] : [`pa_input() { printf %b ${escaped(Buffer.from(stdin))}; }`];
  return `{
pa_nonce=${quoted(nonce)} pa_folder=${quoted(folder)} pa_known=${known ? 1 : ''} pa_stdin=${stdin === undefined ? '' : 1}
pa_variables() { ${[...variables, ':'].join('; ')}; }
${[...input, `pa_run ${argv.map(quoted).join(' ')}`].join('\n')}
pa_variables() { :; }
}
`;
}
