import { ApiError } from '@podman-api/errors';

/** Flags that instructions may have, without their values. Others are refused: some give a build more of the host. */
const allowedFlags: Readonly<Record<string, readonly string[]>> = {
  FROM: [],
  RUN: ['network'],
  COPY: ['from', 'chown', 'chmod'],
  ADD: ['chown', 'chmod'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'retries'],
  ARG: [],
  CMD: [],
  ENTRYPOINT: [],
  ENV: [],
  EXPOSE: [],
  LABEL: [],
  MAINTAINER: [],
  SHELL: [],
  STOPSIGNAL: [],
  USER: [],
  VOLUME: [],
  WORKDIR: [],
};

const maxInstructions = 10_000;
/** Images that one may name: each is looked up, and pulled if it is missing. */
const maxImages = 100;

/** A checked Containerfile. */
export interface Containerfile {
  /** Images that it is built from, and that files are copied from, as they are written with variables replaced; each once. */
  readonly images: readonly string[];
  /**
   * Returns its text with one instruction a line, and other names for its images, so that podman reads exactly what was checked.
   * @param nameOf returns the name to write for one of `images`
   */
  render(nameOf: (image: string) => string): string;
}

/** An instruction; `image` is the image in its text, which is written as `prefix`, the image and `suffix`. */
type Instruction = { readonly text: string } | { readonly prefix: string; readonly image: string; readonly suffix: string };

/**
 * Checks a Containerfile.
 * @param buildArgs values for `ARG`s before the first `FROM`
 * @throws ApiError (400) that names the line and what is not supported
 */
export function readContainerfile(text: string, buildArgs: Readonly<Record<string, string>>): Containerfile {
  /** Names and numbers of the stages before the present one, as they are written: podman takes any other word for an image. */
  const stages = new Set<string>();
  let stageName: string | undefined;
  const variables = new Map<string, string>();
  let stageCount = 0;
  const lines = joinLines(text);
  if (lines.length > maxInstructions) throw refusalError(maxInstructions, `there are more than ${maxInstructions} instructions`);
  const instructions = lines.map(({ line, number }): Instruction => {
    const [, word = '', rest = ''] = /^([a-z]+)(?:\s+(.*))?$/i.exec(line) ?? [];
    const name = word.toUpperCase();
    const flags = checkFlags(name, rest, number);
    if (name === 'ARG' && stageCount === 0) recordVariable(rest);
    // Quotes and backslashes could hide a URL.
    if (name === 'ADD' && (/:\/\/|[$\\]|git@/.test(rest) || (/["']/.test(rest) && !/^(?:--\S+\s+)*\[/.test(rest))))
      throw refusalError(
        number,
        'ADD takes files of the context only, and no variables, quotes or backslashes: download with a RUN instruction',
      );
    // The delimiter of a here-document may be quoted or escaped in any way.
    if (['RUN', 'COPY', 'ADD'].includes(name) && /(?<!<)<<(?!<)\S/.test(rest))
      throw refusalError(number, 'here-documents are not supported: use several RUN instructions');
    if (name === 'FROM') return readFrom(rest, number);
    const from = flags.find(flag => flag.startsWith('--from='))?.slice('--from='.length);
    if (from !== undefined) return readCopyFrom(line, from, number);
    return { text: line };
  });
  if (stageCount === 0) throw refusalError(1, 'there is no FROM');
  const images = new Set(instructions.flatMap(instruction => ('image' in instruction ? [instruction.image] : [])));
  if (images.size > maxImages) throw refusalError(1, `more than ${maxImages} images are named`);
  return {
    images: [...images],
    render: nameOf =>
      instructions.map(one => ('image' in one ? `${one.prefix}${nameOf(one.image)}${one.suffix}\n` : `${one.text}\n`)).join(''),
  };

  function recordVariable(declaration: string): void {
    const [, name = '', value = ''] = /^(\w+)(?:=["']?([^"'\s]*)["']?)?\s*$/.exec(declaration) ?? [];
    if (name !== '') variables.set(name, Object.hasOwn(buildArgs, name) ? (buildArgs[name] ?? '') : value);
  }

  function readFrom(rest: string, number: number): Instruction {
    const [, source = '', stage] = /^(\S+)(?:\s+as\s+([\w.-]+))?\s*$/i.exec(rest) ?? [];
    const image = source.replace(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (_, braced?: string, plain?: string) => variables.get(braced ?? plain ?? '') ?? '',
    );
    if (image === '' || /[^\w.:/@-]/.test(image))
      throw refusalError(number, 'FROM must name an image, and its variables must be set by ARG before it');
    const suffix = stage === undefined ? '' : ` AS ${stage}`;
    if (stageCount > 0) stages.add(String(stageCount - 1));
    if (stageName !== undefined) stages.add(stageName);
    stageCount += 1;
    stageName = stage;
    // A FROM names a stage by its name only.
    const isStageOrScratch = image === 'scratch' || (stages.has(image) && !/^\d+$/.test(image));
    return isStageOrScratch ? { text: `FROM ${image}${suffix}` } : { prefix: 'FROM ', image, suffix };
  }

  function readCopyFrom(line: string, from: string, number: number): Instruction {
    if (stages.has(from)) return { text: line };
    if (from === '' || /[^\w.:/@-]/.test(from)) throw refusalError(number, '--from must name a stage or an image, without variables');
    const at = line.indexOf(`--from=${from}`) + '--from='.length;
    return { prefix: line.slice(0, at), image: from, suffix: line.slice(at + from.length) };
  }
}

/** Returns the flags at the beginning of an instruction. @throws ApiError (400) for one that is not allowed */
function checkFlags(name: string, rest: string, number: number): readonly string[] {
  const allowed = Object.hasOwn(allowedFlags, name) ? allowedFlags[name] : undefined;
  if (!allowed) throw refusalError(number, `${name.slice(0, 20) || 'the line'} is not a supported instruction`);
  const [leading = ''] = /^(?:--\S*\s*)*/.exec(rest) ?? [];
  const flags = leading.split(/\s+/).filter(flag => flag !== '');
  const keys = new Set<string>();
  for (const flag of flags) {
    if (/["'\\]/.test(flag)) throw refusalError(number, `flags of ${name} must not have quotes or backslashes`);
    const [, key = '', value = ''] = /^--([a-z-]+)=(.*)$/.exec(flag) ?? [];
    const isKnown = allowed.includes(key) && (key !== 'network' || value === 'none' || value === 'default');
    if (!isKnown) throw refusalError(number, `${name} ${flag.slice(0, 40)} is not supported`);
    if (keys.has(key)) throw refusalError(number, `${name} has --${key} twice`);
    keys.add(key);
  }
  return flags;
}

/** Returns the instructions, each on one line, with the number of its first line. @throws ApiError (400) */
function joinLines(text: string): readonly { readonly line: string; readonly number: number }[] {
  const joined: { line: string; number: number }[] = [];
  let isContinued = false;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .entries()) {
    const number = index + 1;
    if (/^\s*#\s*escape\s*=(?!\s*\\\s*$)/i.test(raw)) throw refusalError(number, 'the escape character must be a backslash');
    if (/^\s*(?:#|$)/.test(raw)) continue;
    if (/[^\t\x20-\x7e\u00a0-\uffff]/.test(raw) || /\\\\[ \t]*$/.test(raw)) {
      throw refusalError(number, 'there is a control character, or two backslashes at the end');
    }
    const [, content = '', backslash] = /^(.*?)(\\[ \t]*)?$/.exec(raw) ?? [];
    const last = joined.at(-1);
    if (isContinued && last) last.line += content;
    else joined.push({ line: content.trimStart(), number });
    isContinued = backslash !== undefined;
  }
  return joined.map(({ line, number }) => ({ line: line.trimEnd(), number })).filter(({ line }) => line !== '');
}

function refusalError(line: number, why: string): ApiError {
  const message = `The Containerfile was refused, and nothing was built: line ${line}: ${why}.`;
  return new ApiError('ValidationError', message, { details: [{ path: 'body', message }] });
}
