import { images, sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { pythonFolder, readExamples, runPython } from './run-python.ts';

const environment = () => ({
  PODMAN_API_URL: sharedService().url,
  TEST_IMAGE: images.busybox,
  PYTHONPATH: `${pythonFolder}:${pythonFolder}tests`,
});

describe('the Python client', () => {
  it('passes its tests', async () => {
    const result = await runPython(['-m', 'unittest', 'discover', '--start-directory', `${pythonFolder}tests`], environment());
    expect(result).toMatchObject({ code: 0, output: expect.stringMatching(/Ran [1-9]\d+ tests[\s\S]*\nOK \(skipped=1\)\n$/) });
  });

  it('has examples in its README that print the documented output', async () => {
    const { program, output } = readExamples('clients/python/README.md');
    expect(await runPython(['-c', program], environment())).toEqual({ code: 0, output });
  });
});
