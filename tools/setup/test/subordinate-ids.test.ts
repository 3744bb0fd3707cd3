import { describe, expect, it } from 'vitest';
import { usermodCommand } from '../system/subordinate-ids.mjs';

const user = { uid: 1000, username: 'me' };

describe('usermodCommand', () => {
  it('returns the first range if no user has one', () => {
    expect(usermodCommand(user, '', '')?.join(' ')).toBe('usermod --add-subuids 100000-165535 --add-subgids 100000-165535 me');
  });

  it('returns the range after those of other users', () => {
    const others = 'you:100000:65536\n';
    expect(usermodCommand(user, others, 'you:300000:10\n')?.join(' ')).toBe(
      'usermod --add-subuids 300010-365545 --add-subgids 300010-365545 me',
    );
  });

  it('adds only the kind of ids that the user lacks', () => {
    expect(usermodCommand(user, 'me:100000:65536\n', '')?.join(' ')).toBe('usermod --add-subgids 165536-231071 me');
  });

  it('returns undefined for a user who has ids, by name or by number', () => {
    expect(usermodCommand(user, 'me:100000:65536\n', '1000:100000:65536\n')).toBeUndefined();
  });
});
