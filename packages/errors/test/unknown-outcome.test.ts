import { describe, expect, it } from 'vitest';
import { undoOrThrowUnknown, unknownOutcomeError } from '../src/index.ts';

describe('unknownOutcomeError', () => {
  it('says why the outcome is unknown, and what to do', () => {
    expect(unknownOutcomeError('podman was ended')).toMatchObject({
      outcome: 'unknown',
      message: 'The outcome is unknown: podman was ended.',
    });
    const cause = new Error('no answer');
    expect(unknownOutcomeError('podman was ended', { advice: 'Read the container.', cause })).toMatchObject({
      message: 'The outcome is unknown: podman was ended. Read the container.',
      cause,
    });
  });
});

describe('undoOrThrowUnknown', () => {
  it('throws nothing if the step was undone', async () => {
    await expect(undoOrThrowUnknown(async () => {}, 'it could not be removed')).resolves.toBeUndefined();
  });

  it('throws an unknown outcome with the cause if the step could not be undone', async () => {
    const cause = new Error('podman failed');
    const undoing = undoOrThrowUnknown(() => Promise.reject(cause), 'it could not be removed');
    await expect(undoing).rejects.toMatchObject({ outcome: 'unknown', message: 'The outcome is unknown: it could not be removed.', cause });
  });
});
