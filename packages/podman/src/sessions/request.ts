import type { ExecCommand } from '../exec/exec-command.ts';

/** Fields of a request besides the command. */
export interface RequestFields {
  /** Marks the shell's messages about this command; it cannot be guessed. */
  readonly nonce: string;
  /** Working directory in the container. */
  readonly workDir: string;
  /** Whether this session has run this program before, so that the shell need not check its header again. */
  readonly hasRunBefore: boolean;
}

/**
 * Returns the request, the text that makes a session's shell (shell.sh) run a command. It is one compound command: if it
 * arrives incomplete, because the worker died, the shell runs nothing.
 */
export function formatRequest({ argv, environment, markers, stdin }: ExecCommand, { nonce, workDir, hasRunBefore }: RequestFields): string {
  const variables = Object.entries({ ...environment, ...markers }).map(([name, value]) => `export ${name}=${quoteText(value)}`);
  const input = stdin === undefined ? [] : [`pa_input() { printf %b ${quoteBytes(Buffer.from(stdin))}; }`];
  return `{
pa_nonce=${quoteText(nonce)} pa_work_dir=${quoteText(workDir)} pa_has_run=${hasRunBefore ? 1 : ''} pa_stdin=${stdin === undefined ? '' : 1}
pa_variables() { ${[...variables, ':'].join('; ')}; }
${[...input, `pa_run ${argv.map(quoteText).join(' ')}`].join('\n')}
pa_variables() { :; }
}
`;
}

/** Quotes a string as one word of the shell; it may hold anything but NUL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Quotes bytes as one word that `printf %b` turns back into them. Everything but printable ASCII is escaped: no word can hold NUL,
 * and a locale may change other bytes.
 */
export function quoteBytes(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return `'${latin1.replace(/[^\n\x20-\x7e]|['\\]/g, character => `\\0${character.charCodeAt(0).toString(8).padStart(3, '0')}`)}'`;
}
