import { invalidField } from '@podman-api/errors';
import { notImplemented } from './route.ts';

/**
 * Reads the fields of a body that a Docker client sends. A field that no reader has asked for must have a default value, such as 0,
 * null, `false` or an empty list, which clients always send: nothing that changes the meaning of a request is ignored silently.
 */
export class BodyReader {
  readonly #fields: Map<string, unknown>;
  readonly #path: string;
  readonly #read = new Set<string>();
  readonly #children: BodyReader[] = [];

  /** @param path names the object in errors; `''` for the body itself */
  constructor(body: object, path = '') {
    this.#fields = new Map(Object.entries(body));
    this.#path = path;
  }

  /** Returns a string; `undefined` if it is missing or empty. @throws ApiError (400) */
  string(name: string): string | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw this.#invalid(name, 'a string');
    return value;
  }

  /** Returns a number; `undefined` if it is missing or 0. @throws ApiError (400) */
  number(name: string): number | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null || value === 0) return undefined;
    if (typeof value !== 'number') throw this.#invalid(name, 'a number');
    return value;
  }

  /** Returns a boolean; `false` if it is missing. @throws ApiError (400) */
  flag(name: string): boolean {
    const value = this.#take(name);
    if (value === undefined || value === null) return false;
    if (typeof value !== 'boolean') throw this.#invalid(name, 'true or false');
    return value;
  }

  /** Returns a list of strings; a single string counts as a list of one. `undefined` if it is missing. @throws ApiError (400) */
  strings(name: string): readonly string[] | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null) return undefined;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.map(item => {
      if (typeof item !== 'string') throw this.#invalid(name, 'a list of strings');
      return item;
    });
  }

  /** Returns a list of numbers; `undefined` if it is missing. @throws ApiError (400) */
  numbers(name: string): readonly number[] | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null) return undefined;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.map(item => {
      if (typeof item !== 'number') throw this.#invalid(name, 'a list of numbers');
      return item;
    });
  }

  /** Returns a reader for each object of a list. @throws ApiError (400) */
  objects(name: string): readonly BodyReader[] {
    const value = this.#take(name);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw this.#invalid(name, 'a list');
    return value.map((item: unknown, index) => this.#child(item, `${name}.${index}`));
  }

  /** Returns a reader for an object. A missing one is read as an empty object. @throws ApiError (400) */
  object(name: string): BodyReader {
    return this.#child(this.#take(name) ?? {}, name);
  }

  /** Returns the names of the fields. */
  get names(): readonly string[] {
    return [...this.#fields.keys()];
  }

  /** Returns an object whose values are strings; `undefined` if it is missing or empty. @throws ApiError (400) */
  stringMap(name: string): Readonly<Record<string, string>> | undefined {
    const reader = this.object(name);
    if (reader.names.length === 0) return undefined;
    return Object.fromEntries(reader.names.map(key => [key, reader.string(key) ?? '']));
  }

  /** Accepts fields with any value, because they have no effect here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** Accepts values of a field that have the same effect as its default. */
  ignoreValues(name: string, ...values: readonly unknown[]): void {
    if (values.includes(this.#fields.get(name))) this.#read.add(name);
  }

  /** @throws ApiError (501) that names the first field that was not read and has no default value */
  finish(): void {
    for (const [name, value] of this.#fields) {
      if (!this.#read.has(name) && !isDefault(value)) throw notImplemented(this.#pathOf(name), 'leave it out');
    }
    for (const child of this.#children) child.finish();
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return this.#fields.get(name);
  }

  #child(value: unknown, name: string): BodyReader {
    if (typeof value !== 'object' || value === null) throw this.#invalid(name, 'an object');
    const child = new BodyReader(value, this.#pathOf(name));
    this.#children.push(child);
    return child;
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #invalid(name: string, what: string): Error {
    return invalidField(this.#pathOf(name), `${this.#pathOf(name)} must be ${what}.`);
  }
}

/** Whether clients send a value for a field that their user did not set. */
function isDefault(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === 0 || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isDefault);
}
