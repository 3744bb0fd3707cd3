import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { images, sharedService } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { connectDocker } from './docker/clients.ts';

describe('images of the Docker-compatible API', () => {
  const docker = () => connectDocker(sharedService().dockerUrl);

  it('builds an image of a compressed context, saves it and loads it again', async () => {
    const name = `localhost/${uniqueContainerName()}:1`;
    const context = pack();
    context.entry({ name: 'Dockerfile' }, `FROM ${images.busybox}\nARG WORD\nARG UNSET=default\nRUN echo "word $WORD, $UNSET"\n`);
    context.finalize();
    // As Docker's command line sends `--build-arg UNSET` if it has no such variable, which dockerode's types do not know.
    const buildargs = JSON.parse('{"WORD":"four","UNSET":null}');
    const build = await docker().buildImage(context.pipe(createGzip()), { t: name, buildargs, labels: { team: 'ci' } });
    const printed = await text(build);
    expect(printed).toContain('word four, default');
    expect(printed).toContain(`"stream":"Successfully tagged ${name}\\n"`);
    const image = docker().getImage(name);
    expect(await image.inspect()).toMatchObject({ Config: { Labels: { team: 'ci' } } });
    const archive = await buffer(await image.get());
    await image.remove();
    const loaded = await docker().loadImage(Readable.from([archive]));
    expect(await text(loaded)).toBe(`{"stream":"Loaded image: ${name}\\n"}\r\n`);
    await image.remove();
  });

  it('returns the message of a step that fails', async () => {
    const failed = pack();
    failed.entry({ name: 'Dockerfile' }, `FROM ${images.busybox}\nRUN exit 3\n`);
    failed.finalize();
    const build = await docker().buildImage(failed.pipe(new PassThrough()), { t: uniqueContainerName() });
    expect(await text(build)).toMatch(/"error":"The build failed: .*exit status 3"\}\s*$/);
  });
});
