import Joi from 'joi';
import { boundedList, boundedText } from '../../schemas/bounds.ts';
import { containerName, image } from '../../schemas/names.ts';
import { line } from '../../schemas/text.ts';

/** Input of `POST /containers/:name/commit`. */
export interface CommitInput {
  readonly name: string;
  /** Name of the new image, without a digest. */
  readonly reference: string;
  readonly message?: string;
  readonly author?: string;
  /** Instructions of a Containerfile, such as `CMD ["sleep", "5"]`. */
  readonly changes?: readonly string[];
  /** Default: true. */
  readonly pause?: boolean;
}

/** Instructions that podman takes (podman-commit(1)); podman 5.4 accepts any text after EXPOSE. Without ENV: values of variables must be in no argument list. */
const instruction =
  /^(?:(?:CMD|ENTRYPOINT|LABEL(?!.*podman-api\.)|ONBUILD|STOPSIGNAL|USER|VOLUME|WORKDIR) +[^\s][^\0\r\n]*|EXPOSE(?: +\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp|sctp))?)+ *)$/;

/** Schema of `POST /containers/:name/commit`. */
export const commitInput = Joi.object<CommitInput>({
  name: containerName().required(),
  reference: image()
    .pattern(/^(?!sha256:|[0-9a-f]{12,64}$)[^@]*$/)
    .messages({ 'string.pattern.base': '{{#label}} must be a name with or without a tag, such as localhost/app:1' })
    .required()
    .description('Name of the new image, such as `app:1`, which is short for `localhost/app:1`.'),
  message: line().description('Stored in the image.'),
  author: line().description('Stored in the image.'),
  changes: boundedList(
    50,
    boundedText(4096).pattern(instruction).messages({
      'string.pattern.base':
        '{{#label}} must be one line with CMD, ENTRYPOINT, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME or WORKDIR in capitals and its value, and no label of podman-api',
    }),
  ).description('Instructions of a Containerfile for the image, such as `CMD ["sleep", "5"]`; not `ENV`.'),
  pause: Joi.boolean().description('Pauses the container meanwhile, so that its files do not change; default: true.'),
});
