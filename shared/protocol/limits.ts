/** Limits of what a client may send and what it is sent; the one home of these numbers. */
export const PROTOCOL = {
  version: 1,
  room: 'zone',
  /** A view is sent every so many ticks (10 a second). */
  viewTicks: 2,
  /** Side of a cell of interest in tiles, and how many cells around one's own a client receives. */
  cellTiles: 16,
  cellReach: 1,
  nameMin: 2,
  nameMax: 20,
  chatMax: 200,
  /** Kinds of looks a player can choose. */
  looks: 8,
  /** Bytes of one message from a client. */
  messageBytes: 2048,
  /** Per client: messages a second, and how many may come at once. */
  messagesPerSecond: 40,
  messageBurst: 80,
  /** Lines of chat a minute, and how many at once. */
  chatPerMinute: 20,
  chatBurst: 5,
  /** Intents of one client that wait for the next tick; the oldest gives way. */
  intentQueue: 8,
  /** Agents and events in one view. */
  viewAgents: 512,
  viewEvents: 200,
} as const;

/** Codes with which the room closes a connection: the same player joined elsewhere; too much nonsense; too slow to read; signed out,
 * or in by another way. */
export const CLOSE = { replaced: 4401, expelled: 4402, slow: 4405, signedOut: 4406 } as const;

/** Control characters, and those that cannot be seen or change the direction of what can. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
