import { randomBytes, randomUUID } from 'node:crypto';
import { uniqueContainerName } from '@podman-api/testing/containers';

/** How a value that differs from one conversation to the next looks, and what a client chooses for it. */
interface Kind {
  readonly pattern: string;
  /** Missing for values that no request has. */
  readonly create?: () => string;
}

/**
 * Kinds of placeholders. In a fixture, `<name2>` is the same text wherever it occurs in the conversation; a placeholder without a number,
 * such as `<time>`, is another one each time. `<id1.short>` is the beginning of `<id1>` that Docker shows.
 */
const kinds = {
  id: { pattern: '[0-9a-f]{64}', create: () => randomBytes(32).toString('hex') },
  name: { pattern: '[\\w.-]+', create: uniqueContainerName },
  uuid: { pattern: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', create: randomUUID },
  folder: { pattern: '/[\\w./-]+', create: () => '/project' },
  time: { pattern: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)' },
  address: { pattern: '[0-9a-f.:]+(?:/\\d+)?' },
  port: { pattern: '\\d+' },
  text: { pattern: '[^]*' },
} as const satisfies Readonly<Record<string, Kind>>;

/** Name of a kind of placeholders. */
export type PlaceholderKind = keyof typeof kinds;

const placeholder = new RegExp(`<(${Object.keys(kinds).join('|')})(\\d*)(\\.short)?>`, 'g');
/** Number of characters of an id that Docker shows. */
export const shortLength = 12;
const shortPattern = `[0-9a-f]{${shortLength}}`;

const isKind = (name: string): name is PlaceholderKind => name in kinds;
const kindOf = (name: string): Kind => {
  if (!isKind(name)) throw new Error(`there are no placeholders called ${name}`);
  return kinds[name];
};

/** Returns a regular expression for all values of a kind in a string. @param boundary what is before and after each */
export function createPattern(kind: PlaceholderKind, boundary = ''): RegExp {
  return new RegExp(`${boundary}${kinds[kind].pattern}${boundary}`, 'g');
}

/** The values of the numbered placeholders of a fixture in one conversation. */
export class Bindings {
  readonly #values: Map<string, string>;

  constructor(values: ReadonlyMap<string, string> = new Map()) {
    this.#values = new Map(values);
  }

  /** Returns a copy, for a match that may fail. */
  clone(): Bindings {
    return new Bindings(this.#values);
  }

  /** Takes over what a copy has bound. */
  assign(other: Bindings): void {
    for (const [name, value] of other.#values) this.#values.set(name, value);
  }

  /** Returns a string of a fixture with its placeholders replaced; the client chooses those that have no value yet. */
  fill(template: string): string {
    return template.replace(placeholder, (_, name: string, number: string, short: string | undefined) => {
      const { create } = kindOf(name);
      if (!create) throw new Error(`a request has <${name}>, which only responses can have`);
      const value = this.#values.get(name + number) ?? create();
      if (number !== '') this.#values.set(name + number, value);
      return short === undefined ? value : value.slice(0, shortLength);
    });
  }

  /** Whether a string is what a fixture says, with the same values for the same placeholders as before. Binds new ones. */
  match(template: string, text: string): boolean {
    const found: string[] = [];
    let pattern = '';
    let end = 0;
    for (const match of template.matchAll(placeholder)) {
      const [whole, name = '', number = '', short] = match;
      pattern += RegExp.escape(template.slice(end, match.index));
      end = match.index + whole.length;
      const bound = number === '' ? undefined : this.#values.get(name + number);
      if (bound !== undefined) pattern += RegExp.escape(short === undefined ? bound : bound.slice(0, shortLength));
      else if (short !== undefined) pattern += shortPattern;
      else {
        pattern += `(${kindOf(name).pattern})`;
        found.push(number === '' ? '' : name + number);
      }
    }
    pattern += RegExp.escape(template.slice(end));
    const values = new RegExp(`^${pattern}$`).exec(text);
    if (!values) return false;
    for (const [index, name] of found.entries()) if (name !== '') this.#values.set(name, values[index + 1] ?? '');
    return true;
  }
}
