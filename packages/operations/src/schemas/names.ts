import type { StringSchema } from 'joi';
import { boundedText } from './bounds.ts';
import { once } from './once.ts';

const nameRule = 'made of letters, digits, "_", "." and "-", and begin with a letter or digit';

/** Returns the schema of a container's name: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`. */
export const containerName = once(
  (): StringSchema =>
    boundedText(253)
      .pattern(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/)
      .messages({ 'string.pattern.base': `{{#label}} must be ${nameRule}` }),
);

/** Returns the schema of a pool's name: it is part of its containers' names and labels. */
export const poolName = once(
  (): StringSchema =>
    boundedText(40)
      .pattern(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
      .messages({ 'string.pattern.base': '{{#label}} must be made of lower-case letters, digits and "-", such as python-3' }),
);

/** Returns the schema of a network: its name, a mode such as `none`, or `container:` and the name of a container. */
export const network = once(
  (): StringSchema =>
    boundedText(263)
      .pattern(/^(container:)?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/)
      .messages({ 'string.pattern.base': `{{#label}} must be ${nameRule}, or container:<name>` }),
);

/** Returns the schema of a user inside a container: `name`, `uid`, `name:group` or `uid:gid`. */
export const containerUser = once(
  (): StringSchema =>
    boundedText(128)
      .pattern(/^[a-zA-Z0-9_][\w.-]*\$?(:[a-zA-Z0-9_][\w.-]*\$?)?$/)
      .messages({ 'string.pattern.base': '{{#label}} must be a user name or uid, or user:group' }),
);

/** Image references that lead to neither a registry nor the local storage (containers-transports(5)). */
const transports = /^(containers-storage|dir|docker|docker-archive|docker-daemon|oci|oci-archive|ostree|sif|tarball|atomic):/;
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
/** The host of a registry may have capitals only if it has a "." or a port, and so is not part of the repository. */
const host = '(?:[a-z0-9][a-z0-9-]*|[a-zA-Z0-9][a-zA-Z0-9-]*\\.[a-zA-Z0-9.-]*|[a-zA-Z0-9][a-zA-Z0-9.-]*(?=:))(?::\\d{1,5})?/';
const reference = new RegExp(`^(?:${host})?${component}(?:/${component})*(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+:[a-f0-9]{32,})?$`);
const imageId = /^sha256:[0-9a-f]{64}$/;

/** Returns the schema of an image reference or the id of an image. */
export const image = once(
  (): StringSchema =>
    boundedText(512)
      .custom((name: string, helpers) => {
        if (imageId.test(name)) return name;
        if (name.startsWith('sha256:')) return helpers.message({ custom: '{{#label}} must have 64 hexadecimal digits after sha256:' });
        if (reference.test(name) && !transports.test(name)) return name;
        return helpers.message({ custom: '{{#label}} must be an image reference in lower case, such as docker.io/library/alpine:3.20' });
      })
      .description('An image reference, or the id of an image.'),
);
