import { ApiError } from '@podman-api/errors';

/** Returns a field of an object; `undefined` if it has none. */
export function field(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}

/** Returns a field that is a string; `''` if it is something else. */
export function stringField(value: object, name: string): string {
  const text = field(value, name);
  return typeof text === 'string' ? text : '';
}

/** Returns a field that is an object; an empty one if it is something else. */
export function objectField(value: object, name: string): object {
  const given = field(value, name);
  return typeof given === 'object' && given !== null ? given : {};
}

/** Returns the objects in a list; none if it is not a list. */
export function objectsIn(value: unknown): readonly object[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'object' && item !== null) : [];
}

/** Parses a JSON text as an object. @param what names it in the error. @throws ApiError (400) */
export function parseObject(text: string, what: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Reported below.
  }
  throw new ApiError('ValidationError', `${what} must be an object in JSON.`);
}
