import type { Server as HttpServer } from 'node:http';
import { matchMaker, Server } from '@colyseus/core';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { PROTOCOL } from '#shared/protocol/index.ts';
import { isRoomUpgrade } from '../http/gate.ts';
import { type Log, reason } from '../log.ts';
import { type RoomServices, type ZoneRoom, zoneRoom } from './zone.ts';

/** Bytes of one frame on the room's socket: more than a message may have, so that a longer one gets its answer. */
const MOST_FRAME = 16 * 1024;

/** Opens the zone's room on the server's sockets, before anyone asks for it. */
export async function openRoom(server: HttpServer, services: RoomServices): Promise<ZoneRoom> {
  const transport = new WebSocketTransport({
    noServer: true,
    maxPayload: MOST_FRAME,
    pingInterval: 5000,
    pingMaxRetries: 2,
  });
  transport.attachToServer(server, { filter: isRoomUpgrade });
  const game = new Server({
    transport,
    greet: false,
    gracefullyShutdown: false,
    logger: oneLine(services.log),
  });
  game.define(PROTOCOL.room, zoneRoom(services));
  await matchMaker.accept();
  const listing = await matchMaker.createRoom(PROTOCOL.room, {});
  return matchMaker.getLocalRoomById(listing.roomId) as unknown as ZoneRoom;
}

/** Colyseus's messages in our form: one line, without stacks that any client could fill the log with. */
function oneLine(log: Log) {
  const say = (...parts: unknown[]): void => log(reason(String(parts[0]).split('\n', 1)[0]));
  return { debug: () => {}, info: () => {}, trace: () => {}, warn: say, error: say };
}
