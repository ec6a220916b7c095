import { encode } from '@colyseus/schema';
import fc from 'fast-check';
import { pack } from 'msgpackr';
import { expect, test } from 'vitest';
import { PROTOCOL } from '#shared/protocol/index.ts';
import { Edge } from './edge.ts';

function frame(type: string, payload?: unknown): Uint8Array {
  const head = Buffer.alloc(600);
  const at = { offset: 1 };
  head[0] = 13;
  encode.string(head, type, at);
  const parts: Uint8Array[] = [head.subarray(0, at.offset)];
  if (payload !== undefined) parts.push(pack(payload));
  return Uint8Array.from(Buffer.concat(parts));
}

test.each([
  ['act', { seq: 1, action: 3 }, true, ''],
  ['act', { seq: 1, action: 14 }, false, 'action: '],
  ['act', { seq: 0, action: 3 }, false, 'seq: '],
  ['act', { seq: 1, action: 3, arg: 9 }, false, 'arg: '],
  ['act', { seq: 1 }, false, 'action: '],
  ['act', null, false, 'payload: '],
  ['act', undefined, false, 'payload: '],
  ['act', { seq: 1, action: 3, extra: 1 }, false, 'extra'],
  ['act', { seq: Number.NaN, action: 3 }, false, 'seq: '],
  ['chat', { text: 'x'.repeat(201) }, false, 'text: at most 200 characters'],
  ['chat', { text: 'soft\u00adly' }, false, 'text: no control or invisible characters'],
  ['chat', { text: 'whole \u{1f98a}' }, true, ''],
  ['say', { target: 3, text: 'hello' }, true, ''],
  ['say', { target: 3, text: 'x'.repeat(201) }, false, 'text: at most 200 characters'],
  ['say', { target: -1, text: 'hello' }, false, 'target:'],
  ['say', { target: 3, text: 'hello', tone: 3 }, false, 'tone'],
  ['rename', { name: '<b>' }, false, 'name: '],
  ['look', { look: 8 }, false, 'look: '],
  ['constructor', {}, false, 'message: unknown'],
  ['__proto__', {}, false, 'message: unknown'],
  ['teleport', { x: 1 }, false, 'message: unknown; known are act, chat, say, rename, look, ping'],
])('%s %j passes: %s', (type, payload, ok, why) => {
  const verdict = new Edge(0).read(frame(type, payload), 0);
  expect(verdict.ok).toBe(ok);
  if (!verdict.ok) {
    expect(verdict.reason).toContain(why);
    expect(verdict.answer).toBe(true);
  }
});

test('any bytes give a message or a reason, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const verdict = new Edge(0).read(Uint8Array.of(13, ...bytes), 0);
      expect(verdict.ok || verdict.reason.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('too long a message is refused with both numbers', () => {
  const bytes = frame('chat', { text: 'x'.repeat(PROTOCOL.messageBytes) });
  expect(new Edge(0).read(bytes, 0)).toMatchObject({
    ok: false,
    reason: `bytes: ${bytes.length}, at most ${PROTOCOL.messageBytes}`,
  });
});

test('the pace is held: a burst, then so many a second', () => {
  const edge = new Edge(0);
  const passed = (count: number, now: number) => {
    let ok = 0;
    for (let i = 0; i < count; i++) if (edge.read(frame('ping', { at: 1 }), now).ok) ok++;
    return ok;
  };
  expect(passed(PROTOCOL.messageBurst + 20, 0)).toBe(PROTOCOL.messageBurst);
  expect(passed(PROTOCOL.messagesPerSecond + 20, 1000)).toBe(PROTOCOL.messagesPerSecond);
});

test('what is no message of ours counts too', () => {
  const edge = new Edge(0);
  for (let i = 0; i < PROTOCOL.messageBurst; i++) expect(edge.haste(0)).toBeNull();
  const reason = `messages: at most ${PROTOCOL.messagesPerSecond} a second`;
  expect(edge.haste(0)).toMatchObject({ ok: false, reason });
  expect(edge.read(frame('ping', { at: 1 }), 0)).toMatchObject({ ok: false, reason });
});

test('chat has a pace of its own', () => {
  const edge = new Edge(0);
  const say = (now: number) => edge.read(frame('chat', { text: 'hello' }), now);
  for (let i = 0; i < PROTOCOL.chatBurst; i++) expect(say(0).ok).toBe(true);
  expect(say(0)).toMatchObject({
    ok: false,
    reason: `chat: at most ${PROTOCOL.chatPerMinute} lines a minute`,
  });
  // What is said to inhabitants counts too.
  expect(edge.read(frame('say', { target: 1, text: 'hello' }), 0).ok).toBe(false);
  expect(say((60_000 / PROTOCOL.chatPerMinute) * 2).ok).toBe(true);
});

test('who goes on sending what is refused is answered less and then expelled', () => {
  const edge = new Edge(0);
  let answered = 0;
  let sent = 0;
  for (; sent < 1000; sent++) {
    const verdict = edge.read(frame('teleport'), 0);
    if (verdict.ok) throw new Error('passed');
    if (verdict.answer) answered++;
    if (verdict.expel) break;
  }
  expect(sent).toBeLessThan(200);
  expect(answered).toBeLessThan(50);
  expect(answered).toBeGreaterThan(5);
});
