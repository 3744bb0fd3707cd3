import { describe, expect, it } from 'vitest';
import { readContainerfile } from '../src/image/build/containerfile.ts';

const render = (text: string, buildArgs: Readonly<Record<string, string>> = {}) => {
  const containerfile = readContainerfile(text, buildArgs);
  return { images: containerfile.images, text: containerfile.render(image => `id-of-${image}`) };
};

describe('readContainerfile', () => {
  it('returns one instruction a line, with the ids of its images', () => {
    const text =
      '# syntax=docker/dockerfile:1\r\nFROM alpine:3 AS base\r\nRUN a \\\n  # comment\n\n  && b\nfrom base\nCOPY --from=0 --chown=1 /x /y\nCOPY --from=debian:12 /a /b\n';
    expect(render(text)).toEqual({
      images: ['alpine:3', 'debian:12'],
      text: 'FROM id-of-alpine:3 AS base\nRUN a   && b\nFROM base\nCOPY --from=0 --chown=1 /x /y\nCOPY --from=id-of-debian:12 /a /b\n',
    });
  });

  it.each([
    ['FROM alpine AS secret\nCOPY --from=secret / /x\n', ['alpine', 'secret']],
    ['FROM alpine AS Base\nFROM base\n', ['alpine', 'base']],
    ['FROM alpine AS Base\nFROM scratch\nCOPY --from=base / /x\n', ['alpine', 'base']],
    ['FROM alpine\nCOPY --from=0 / /x\n', ['alpine', '0']],
    ['FROM alpine\nFROM 0\n', ['alpine', '0']],
  ])('treats as a build stage only what podman treats as one: %j', (text, images) => {
    expect(render(text).images).toEqual(images);
  });

  it('replaces the variables of FROM by arguments of the build and defaults', () => {
    const text = `ARG IMAGE=alpine\nARG TAG=3\nFROM $IMAGE:\${TAG}\nFROM scratch\n`;
    expect(render(text).images).toEqual(['alpine:3']);
    expect(render(text, { TAG: '4' })).toMatchObject({ images: ['alpine:4'], text: expect.stringContaining('FROM scratch\n') });
  });

  it.each([
    ['RUN --mount=type=bind,from=x,target=/y true'],
    ['COPY --chown="a b" --from=secret /x /y'],
    ['ADD http:\\//127.0.0.1/x /x'],
    ['ADD ["http:\\u002f\\u002f127.0.0.1/x", "/x"]'],
    ['ADD "ht"tp:/""/127.0.0.1/x /x'],
    ['run\t--mount=type=cache,target=/y true'],
    ['RUN --network=none --mount=type=bind,target=/y true'],
    ['RUN \\\n--mount=type=bind,target=/y true'],
    ['RU\\\nN --mount=type=bind,target=/y true'],
    ['RUN echo \\\\\nRUN --mount=type=bind,target=/y true'],
    ['RUN --network=host true'],
    ['RUN --network=$NET true'],
    ['RUN --security=insecure true'],
    ['ONBUILD RUN true'],
    ['# escape=`\nRUN true'],
    ['ADD http://127.0.0.1:6379/ /x'],
    ['ADD $URL /x'],
    ['ADD git@host:x /y'],
    ['COPY --from=$IMAGE /x /y'],
    ['COPY --from=alpine --chown=1 --from=secret /x /y'],
    [`FROM \${IMAGE:-alpine}`],
    ['FROM --platform=linux/arm64 alpine'],
    ['FROM $UNSET'],
    ['RUN cat <<EOF\nRUN x\nEOF'],
    ['RUN cat <<\\RUN\nFROM alpine AS secret\nRUN'],
    [`RUN cat <<-''RUN\nFROM alpine AS secret\nRUN`],
    ['RUN cat 3<<$RUN\nFROM alpine AS secret\nRUN'],
    ['INCLUDE other'],
    ['RUN a\0b'],
    ['RUN a\vb'],
    ['constructor x'],
  ])('refuses %j', line => {
    expect(() => readContainerfile(`FROM alpine\n${line}\n`, {})).toThrow(
      expect.objectContaining({ status: 400, fields: { details: [{ path: 'body', message: expect.stringContaining('line ') }] } }),
    );
  });

  it('refuses a string without FROM', () => {
    expect(() => readContainerfile('', {})).toThrow(/there is no FROM/);
  });
});
