export * from './actions.ts';
export * from './balance.ts';
export { EVENT, EVENT_NAMES, EventList, type EventName } from './events.ts';
export { decodeInputs, encodeInputs, INPUT, InputError, Inputs, type Joining } from './inputs.ts';
export { actionsIn, legal } from './legal.ts';
export { hotPlace, memoryOf } from './memory.ts';
export {
  neutral,
  OBSERVATION_GROUPS,
  OBSERVATION_LAYOUT,
  OBSERVATION_NAMES,
  OBSERVATION_SIZE,
  observe,
  sight,
} from './observe.ts';
export { RENOWN, wanted, wantedNear } from './renown.ts';
export { isEnemy, isHome, nearestEnemy, nodeInReach, stallInReach } from './sense.ts';
export { step } from './step.ts';
export {
  buildTerrain,
  type Camp,
  MapError,
  type Place,
  type Stall,
  type Terrain,
  type TerrainSource,
} from './terrain.ts';
export { parseMap } from './tiled.ts';
export { buyingPrice, dealOf, sellingPrice } from './verbs/trade.ts';
export {
  AGENT_FIELDS,
  ALIVE,
  createWorld,
  DOWN,
  EMPTY,
  HEADER,
  invariant,
  MAX_CAPACITY,
  MEMORY_FIELDS,
  MEMORY_SLOTS,
  resetWorld,
  restore,
  SnapshotError,
  snapshot,
  World,
  worldHash,
} from './world.ts';
