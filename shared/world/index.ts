export * from './actions.ts';
export * from './balance.ts';
export { EVENT, EVENT_NAMES, EventList, type EventName } from './events.ts';
export { decodeInputs, encodeInputs, INPUT, InputError, Inputs, type Joining } from './inputs.ts';
export { actionsIn, legal } from './legal.ts';
export { OBSERVATION_LAYOUT, OBSERVATION_NAMES, OBSERVATION_SIZE, observe, sight } from './observe.ts';
export { isEnemy, isHome, nearestEnemy, nodeInReach } from './sense.ts';
export { step } from './step.ts';
export { buildTerrain, type Camp, MapError, type Terrain, type TerrainSource } from './terrain.ts';
export { parseMap } from './tiled.ts';
export {
  AGENT_FIELDS,
  ALIVE,
  createWorld,
  DOWN,
  EMPTY,
  HEADER,
  invariant,
  MAX_CAPACITY,
  resetWorld,
  restore,
  SnapshotError,
  snapshot,
  World,
  worldHash,
} from './world.ts';
