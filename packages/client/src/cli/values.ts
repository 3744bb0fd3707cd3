import { UsageError } from './failure.ts';

/** The one word that a command wants. @throws UsageError for none or several */
export function oneWord(words: readonly string[], what: string): string {
  const [word, ...rest] = words;
  if (word === undefined || rest.length > 0) throw new UsageError(`${what} is wanted, and nothing else.`);
  return word;
}

/** A flag's value as a number. @throws UsageError */
export function numberOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text)) throw new UsageError(`--${flag} must be a number, and is "${text}".`);
  return Number(text);
}

/** Pairs such as `KEY=VALUE`. @throws UsageError */
export function pairsOf(texts: readonly string[] | undefined, flag: string): Readonly<Record<string, string>> | undefined {
  return texts && Object.fromEntries(texts.map(text => pairOf(text, flag)));
}

/** The same, and `KEY` alone stands for what this process's environment holds, so that a secret stands in no argument. */
export function environmentOf(texts: readonly string[] | undefined): Readonly<Record<string, string>> | undefined {
  return (
    texts &&
    Object.fromEntries(
      texts.map(text => {
        if (text.includes('=')) return pairOf(text, 'env');
        const value = process.env[text];
        if (value === undefined)
          throw new UsageError(`--env ${text}: there is no such variable here; give it as ${text}=VALUE, or set it.`);
        return [text, value];
      }),
    )
  );
}

function pairOf(text: string, flag: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--${flag} must be KEY=VALUE, and is "${text}".`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Leaves out what is not given. */
export function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
export function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
