import { describe, expect, it } from 'vitest';
import { chooseFormat, eventStream, jsonLines } from '../src/response/event-formats.ts';

const event = { id: '17-0', event: 'gap', data: { node: 'a' } };

describe('eventStream', () => {
  it('writes the id, the name and the data as JSON', () => {
    expect(eventStream.encode(event)).toBe('id: 17-0\nevent: gap\ndata: {"node":"a"}\n\n');
    expect(eventStream.encode({ ...event, id: 0 })).toBe('id: 0\nevent: gap\ndata: {"node":"a"}\n\n');
  });

  it('leaves out an empty id', () => {
    expect(eventStream.encode({ ...event, id: '' })).toBe('event: gap\ndata: {"node":"a"}\n\n');
  });
});

describe('jsonLines', () => {
  it('writes one object per event, with the fields of the data', () => {
    expect(jsonLines.encode(event)).toBe('{"id":"17-0","event":"gap","node":"a"}\n');
  });
});

describe('chooseFormat', () => {
  const formats = [eventStream, jsonLines];

  it('returns the format that the request prefers', () => {
    expect(chooseFormat({ accepts: () => 'application/x-ndjson' }, formats)).toBe(jsonLines);
  });

  it('throws a 400 that names the field if the request accepts none', () => {
    const message = 'Accept must allow one of text/event-stream, application/x-ndjson';
    expect(() => chooseFormat({ accepts: () => false }, formats)).toThrow(
      expect.objectContaining({ status: 400, message: `${message}.`, fields: { details: [{ path: 'Accept', message }] } }),
    );
  });
});
