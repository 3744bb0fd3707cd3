import { afterAll, beforeAll, describe, it } from 'vitest';
import { type MountStage, startMountStage } from './mounts/stage.ts';

describe('a mount', () => {
  let stage: MountStage;
  beforeAll(async () => {
    stage = await startMountStage();
  });
  afterAll(() => stage.stop());

  it('of a directory that is swapped meanwhile is the right one or none, 300 times', () => stage.mountWhileSwapped(300));
});
