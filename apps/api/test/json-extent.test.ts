import { describe, expect, it } from 'vitest';
import { checkExtent } from '../src/request/json-extent.ts';

const lists = (depth: number) => `{"labels":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const many = (count: number) => JSON.stringify({ command: Array.from({ length: count }, () => 0) });

describe('checkExtent', () => {
  it.each([
    '{}',
    'no JSON at all',
    '{"content":"[[[[ , \\" {{{{ \\\\"}',
    JSON.stringify({ content: '[{,"\\'.repeat(50_000), command: ['\\', '"', '\\"', '[', ']'] }),
    '"never closed [[[[',
    lists(31),
    many(9_000),
  ])('accepts %.40s', text => expect(() => checkExtent(text)).not.toThrow());

  it.each([
    [lists(32), 'nested deeper than 32 levels'],
    [lists(5_000_000), 'nested deeper than 32 levels'],
    [`{"a":"\\\\",${'"b":{'.repeat(33)}`, 'nested deeper than 32 levels'],
    [many(30_000), 'more than 10000 values'],
    [`{"a":"",${'"":"",'.repeat(30_000)}`, 'more than 10000 values'],
  ])('throws a 400 for %.40s before it is parsed', (text, words) => {
    expect(() => checkExtent(text)).toThrow(expect.objectContaining({ status: 400, message: expect.stringContaining(words) }));
  });
});
