import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOf, meetClient } from './client.ts';
import { openGate } from './http/gate.ts';

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress },
  }) as unknown as IncomingMessage;
const met = (proxies: number, remote: string, forwarded?: string): string => {
  const req = request(remote, forwarded);
  meetClient(req, proxies);
  return clientOf(req);
};

test('without proxies nobody’s word counts', () => {
  expect(met(0, '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
  expect(clientOf(request('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9');
});

test('behind proxies it is whom the outermost of them heard, whatever else a client writes', () => {
  const words = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 20 })), { maxLength: 5 });
  fc.assert(
    fc.property(words, fc.ipV4(), fc.ipV4(), (written, client, outer) => {
      expect(met(1, '127.0.0.1', [...written, client].join(', '))).toBe(client);
      expect(met(2, '127.0.0.1', [...written, client, outer].join(','))).toBe(client);
    }),
  );
  // A proxy that says nothing, or nonsense, is itself the client.
  expect(met(1, '10.0.0.1')).toBe('10.0.0.1');
  expect(met(1, '10.0.0.1', '198.51.100.1, unknown')).toBe('10.0.0.1');
  expect(met(2, '10.0.0.1', '198.51.100.1')).toBe('10.0.0.1');
});

test('an IPv6 line counts as one, an IPv4 address in IPv6’s clothes as itself', () => {
  expect(met(0, '::ffff:203.0.113.9')).toBe('203.0.113.9');
  expect(met(0, '2001:db8:0:7:1:2:3:4')).toBe('2001:db8:0:7::/64');
  expect(met(0, '2001:DB8:0:7::9')).toBe('2001:db8:0:7::/64');
  expect(met(0, '2001:db8::9')).toBe('2001:db8:0:0::/64');
  expect(met(0, '::1')).toBe('0:0:0:0::/64');
  expect(met(0, 'fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(met(0, address)).toMatch(/^(?:[0-9a-f]{1,4}:){4}:\/64$/);
    }),
  );
});

test('the gate of the server asks as many proxies as it was told', async () => {
  const app = express().use((req, res) => void res.end(clientOf(req)));
  for (const [proxies, who] of [
    [0, '127.0.0.1'],
    [1, '198.51.100.2'],
  ] as const) {
    const gate = openGate(app, null, proxies).listen(0, '127.0.0.1');
    await once(gate, 'listening');
    const { port } = gate.address() as AddressInfo;
    const headers = { 'x-forwarded-for': '203.0.113.1, 198.51.100.2' };
    expect(await (await fetch(`http://127.0.0.1:${port}/`, { headers })).text()).toBe(who);
    gate.closeAllConnections();
    gate.close();
  }
});
