import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/index.ts';

const read = (url: string) => readConfig({ REDIS_URL: url }, ['REDIS_URL']).REDIS_URL;

describe('REDIS_URL', () => {
  it.each(['unix:///run/redis.sock', 'redis://host', 'rediss://user:pass@host:6380/1'])('%s names one server', url => {
    expect(read(url)).toEqual({ kind: 'single', url });
  });

  it('names a Redis Cluster by some of its servers', () => {
    expect(read('redis+cluster://one:7000,two,[::1]:7002')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'one', port: 7000 },
        { host: 'two', port: 6379 },
        { host: '::1', port: 7002 },
      ],
      tls: false,
    });
    expect(read('rediss+cluster://me:p%40ss@one')).toEqual({
      kind: 'cluster',
      nodes: [{ host: 'one', port: 6379 }],
      username: 'me',
      password: 'p@ss',
      tls: true,
    });
  });

  it('names sentinels, their name of the master, and a database', () => {
    expect(read('redis+sentinel://one,two:26380/my-master')).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 26380 },
      ],
      master: 'my-master',
      db: 0,
      tls: false,
    });
    expect(read('rediss+sentinel://:secret@one/main/2?sentinel_password=other')).toMatchObject({
      password: 'secret',
      sentinelPassword: 'other',
      db: 2,
      tls: true,
    });
  });

  it.each([
    'http://:pass@x',
    'redis://',
    'unix://',
    'redis+sentinel://one',
    'redis+sentinel://one,,two/main',
    'redis+sentinel://one:0/main',
    'redis+cluster://one/0',
    'redis+cluster://',
    'redis+cluster://a b',
  ])('%s is refused, and the error does not repeat it', url => {
    expect(() => read(url)).toThrow(/^REDIS_URL is not allowed: it must be a redis:\/\//);
  });
});
