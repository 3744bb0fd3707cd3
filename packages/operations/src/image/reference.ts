import Joi, { type ObjectSchema, type StringSchema } from 'joi';
import { image } from '../schemas/names.ts';
import { line } from '../schemas/text.ts';

/** Login at a registry. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Returns the schema of an image reference that is not an id, such as `docker.io/library/alpine:3.20`. */
export const imageReference = (): StringSchema =>
  image()
    .pattern(/^(?!sha256:)/)
    .messages({ 'string.pattern.base': '{{#label}} must be a reference with a name, not an id' })
    .description('An image reference, such as `docker.io/library/alpine:3.20`.');

/** Returns the schema of a login at a registry. */
export const credentials = (): ObjectSchema<Credentials> =>
  Joi.object<Credentials>({
    username: line()
      .pattern(/^[^:]*$/)
      .messages({ 'string.pattern.base': '{{#label}} must be one line without NUL and ":"' })
      .required(),
    password: line().required(),
  }).description('Login at the registry. It is in no log, job or argument list. Default: the login of the host (`podman login`).');

/**
 * Returns the arguments and options that give podman a login for a registry. The file has no name, so no other process can open
 * it, and it disappears when podman ends, even by SIGKILL.
 */
export function authFile(reference: string, login: Credentials | undefined) {
  if (!login) return { args: [], options: {} };
  const [registry = ''] = reference.split('/');
  const auth = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  const file = JSON.stringify({ auths: { [registry]: { auth } } });
  return { args: ['--authfile=/proc/self/fd/3'], options: { file } };
}

/**
 * Returns the lines of podman's progress that callers may read. Its errors and warnings are left out: callers could learn from
 * them which ports in the node's network are open.
 */
export function progressLines(text: string): string {
  return text
    .split('\n')
    .filter(word => word !== '' && !/^(?:Error: |time=")/.test(word))
    .map(word => `${word}\n`)
    .join('');
}
