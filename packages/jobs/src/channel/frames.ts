import type { ChannelFrame } from '@podman-api/runtime';
import type { Seal } from '../seal.ts';
import type { ChannelEnd } from './scripts.ts';

/** First byte of an entry: the type of the content that follows. */
const kinds = { bytes: 0, message: 1, end: 2 } as const;

/** A frame in pieces, which are joined only when they are sealed. */
export type PackedFrame = readonly Uint8Array[];

/** Packs pieces of bytes into one entry. */
export function packBytes(pieces: readonly Uint8Array[]): PackedFrame {
  return [Buffer.of(kinds.bytes), ...pieces];
}

/** Packs a JSON object. */
export function packMessage(message: object): PackedFrame {
  return [Buffer.of(kinds.message), Buffer.from(JSON.stringify(message))];
}

/** Packs the end of a direction. */
export function packEnd(): PackedFrame {
  return [Buffer.of(kinds.end)];
}

/** Unpacks an entry; `undefined` is the end of the direction. @throws Error if it is malformed */
export function unpackFrame(packed: Buffer): ChannelFrame | undefined {
  const rest = packed.subarray(1);
  switch (packed[0]) {
    case kinds.bytes:
      return { bytes: rest };
    case kinds.message: {
      const message: unknown = JSON.parse(rest.toString());
      if (typeof message !== 'object' || message === null) throw new Error('the message of a channel is not an object');
      return { message };
    }
    case kinds.end:
      return undefined;
    default:
      throw new Error('the entry of a channel has an unknown kind');
  }
}

/** Identifies an entry: an entry that was moved to another channel, direction or position cannot be opened. */
export interface EntryPosition {
  readonly id: string;
  readonly epoch: string;
  readonly sender: ChannelEnd;
  readonly number: number;
}

/** Seals a packed frame for its position. */
export function sealEntry(seal: Seal, packed: PackedFrame, place: EntryPosition): Buffer {
  return seal.sealPieces(packed, sealContext(place));
}

/** Opens a sealed frame. @throws Error if it was not sealed for this position */
export function openEntry(seal: Seal, sealed: Uint8Array, place: EntryPosition): Buffer {
  return seal.open(sealed, sealContext(place));
}

function sealContext({ id, epoch, sender, number }: EntryPosition): string {
  return `${id} channel ${epoch} ${sender} ${number}`;
}
