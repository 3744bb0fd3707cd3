import type { StringSchema } from 'joi';
import { boundedText } from './bounds.ts';

const nameRule = 'made of letters, digits, "_", "." and "-", and begin with a letter or digit';

/** A container's name as podman wants it: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`. */
export const containerName = (): StringSchema =>
  boundedText(253)
    .pattern(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/)
    .messages({ 'string.pattern.base': `{{#label}} must be ${nameRule}` });

/** A network's name, one of podman's words for a kind of network, or `container:` and the name of a container. */
export const network = (): StringSchema =>
  boundedText(263)
    .pattern(/^(container:)?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/)
    .messages({ 'string.pattern.base': `{{#label}} must be ${nameRule}, or container:<name>` });

/** A user inside a container: `name`, `uid`, `name:group` or `uid:gid`. */
export const containerUser = (): StringSchema =>
  boundedText(128)
    .pattern(/^[a-zA-Z0-9_][\w.-]*\$?(:[a-zA-Z0-9_][\w.-]*\$?)?$/)
    .messages({ 'string.pattern.base': '{{#label}} must be a user name or uid, or user:group' });

/** Kinds of image references that name a place other than a registry or the local storage (containers-transports(5)). */
const transports = /^(containers-storage|dir|docker|docker-archive|docker-daemon|oci|oci-archive|ostree|sif|tarball|atomic):/;
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
/** A registry's host may have capitals only if it cannot be taken for a part of the repository: with a "." or a port. */
const host = '(?:[a-z0-9][a-z0-9-]*|[a-zA-Z0-9][a-zA-Z0-9-]*\\.[a-zA-Z0-9.-]*|[a-zA-Z0-9][a-zA-Z0-9.-]*(?=:))(?::\\d{1,5})?/';
const reference = new RegExp(`^(?:${host})?${component}(?:/${component})*(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+:[a-f0-9]{32,})?$`);
const imageId = /^sha256:[0-9a-f]{64}$/;

/** An image reference, or the id of an image. */
export const image = (): StringSchema =>
  boundedText(512)
    .custom((name: string, helpers) => {
      if (imageId.test(name)) return name;
      if (name.startsWith('sha256:')) return helpers.message({ custom: '{{#label}} must have 64 hexadecimal digits after sha256:' });
      if (reference.test(name) && !transports.test(name)) return name;
      return helpers.message({ custom: '{{#label}} must be an image reference in lower case, such as docker.io/library/alpine:3.20' });
    })
    .description('An image reference, or the id of an image.');
