import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

const clients = new WeakMap<IncomingMessage, string>();

/**
 * Finds out, once and before anybody looks, who a request comes from. Each of the `proxies` in front of the server adds
 * at the end of X-Forwarded-For whom it heard; what stands before their words anybody can have written.
 */
export function meetClient(req: IncomingMessage, proxies: number): void {
  const heard = String(proxies > 0 ? (req.headers['x-forwarded-for'] ?? '') : '').split(',');
  const said = heard.at(-proxies)?.trim() ?? '';
  clients.set(req, groupOf(isIPv4(said) || isIPv6(said) ? said : req.socket.remoteAddress));
}

/** Whom rates and limits count a request for: an IPv4 address, or the /64 of an IPv6 one, which one line has whole. */
export function clientOf(req: IncomingMessage): string {
  return clients.get(req) ?? groupOf(req.socket.remoteAddress);
}

function groupOf(address = ''): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head, tail] = address.split('%', 1)[0].toLowerCase().split('::');
  const parts = head ? head.split(':') : [];
  // Eight parts in all; `::` stands for those that are missing, and a dotted end for two.
  const after = tail ? tail.split(':').length + (tail.includes('.') ? 1 : 0) : 0;
  if (tail !== undefined) while (parts.length + after < 8) parts.push('0');
  if (tail) parts.push(...tail.split(':'));
  return `${parts
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
