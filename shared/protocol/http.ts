import type { SiwsInput } from '../siws/index.ts';
import type { SymbiontCard, Tale } from './messages.ts';

/**
 * What the game server answers over HTTP. Bodies are JSON of type application/json where nothing else is said; errors are
 * `{ error: { field, message } }` with status 4xx or 5xx.
 */
export interface HttpApi {
  /** A new guest: an identity and its key, kept by the server. Body: GuestRequest. */
  'POST /api/guest': { token: string; id: number; name: string; look: number; address: string };
  /** Who the bearer token belongs to. */
  'GET /api/me': {
    id: number;
    name: string;
    look: number;
    /** The guest's own, or the wallet's. */
    address: string;
    /** Whether it belongs to a wallet. */
    wallet: boolean;
    symbiont: SymbiontCard | null;
  };
  /** What a wallet is to sign to enter, or to take a guest over. Body: NonceRequest; the page's Origin is checked. */
  'POST /api/siws/nonce': SiwsInput;
  /** The same as a transaction of one memo, which no chain takes. Body: MemoRequest. Base64. */
  'POST /api/siws/memo': { transaction: string };
  /** Body: VerifyRequest. The token counts with proofs by the session key only, until `expires` (ms since 1970). */
  'POST /api/siws/verify': { token: string; expires: number; id: number; name: string; address: string };
  /** Ends this session. */
  'POST /api/me/sign-out': { ended: number };
  /** Ends every session of this wallet's identity, and their places in the world. */
  'POST /api/me/sign-out-everywhere': { ended: number };
  /** A transaction for the wallet to sign, paid for by the server; base64. Body: ConsentWish. */
  'POST /api/me/consent/ask': { transaction: string };
  /** The signed one. Body: ConsentSigned. */
  'POST /api/me/consent': { accepted: true };
  /** The wallet's step of a brood for it to sign, paid for by the server; base64. Body: BroodWish. */
  'POST /api/me/brood/ask': { transaction: string };
  /** The signed one. Body: BroodSigned. */
  'POST /api/me/brood': { accepted: true };
  /** The guest's key, to take into a wallet: 64 bytes as base58 (the format wallets import). */
  'POST /api/me/export': { address: string; secretKey: string };
  /** What is logged of this player for inhabitants to learn from. */
  'GET /api/me/learning': LearningCard;
  /** Body: LearningWish. From then on nothing is logged, or it is again. */
  'PUT /api/me/learning': LearningCard;
  /** Deletes all of it, and what inhabitants remember of their words; how many epochs held something, and memories there were. */
  'DELETE /api/me/learning': { deleted: number; words: number };
  /** All of it, as a file. */
  'GET /api/me/learning/export': {
    pseudonym: string;
    epochs: { epoch: number; decisions: LoggedDecision[] }[];
  };
  /** What the world remembers, the newest first. */
  'GET /api/chronicle': { tales: Tale[] };
  /** Where things are. */
  'GET /api/config': {
    version: number;
    zone: string;
    map: string;
    /** Paths on this server for the embedded ledger, or the cluster's own URL. */
    rpc: string;
    ws: string;
    embedded: boolean;
    programs: { evolution: string; core: string; chronicle: string; brains: string };
    collection: string | null;
    /** The zone's account in the chronicle, who publishes there, and who put the brains on chain. */
    zoneAccount: string;
    zoneKey: string;
    brainAuthor: string;
  };
  'GET /api/status': {
    ok: boolean;
    tick: number;
    players: number;
    npcs: number;
    tickMsP99: number;
    intervalErrorMsP99: number;
    memoryMb: number;
    saving: boolean;
    pendingIntents: number;
    /** What NPCs understand sentences by: `encoder`, the configured model, or `keywords` where none could be loaded. */
    dialogue: string;
  };
  /** The header of an epoch of the zone; `latest` instead of a number gives the last one. */
  'GET /api/epochs/:epoch': {
    zone: number;
    epoch: number;
    firstTick: number;
    lastTick: number;
    worldHashBefore: string;
    worldHashAfter: string;
    decisions: number;
    deeds: number;
    inputs: number;
    root: string;
    previous: string;
    hash: string;
    /** The transaction that published it, empty where that is not known; null: it is not published. */
    published: string | null;
  };
  /** Collections, and a page of symbionts, the furthest grown first. Query: page, limit, collection, owner. */
  'GET /api/gallery': {
    collections: GalleryCollection[];
    symbionts: GallerySymbiont[];
    total: number;
    page: number;
    limit: number;
  };
  /** One symbiont with all its versions, oldest first. */
  'GET /api/gallery/:asset': {
    symbiont: GallerySymbiont;
    versions: GalleryVersion[];
    /** Parents and theirs, three generations back, the nearest first; those that the chain forgot are left out. */
    ancestors: GalleryKin[];
    /** The first children, oldest first, and how many there are. */
    children: GalleryKin[];
    childCount: number;
  };
  /** One leaf and its path: everything that proves it under the epoch's root. All hex. */
  'GET /api/epochs/:epoch/leaves/:index': LeafProof;
  /** The same of one NPC's decision, found by its tick. */
  'GET /api/epochs/:epoch/decisions/:tick/:npc': LeafProof;
}

/** A collection of the evolution program, as it was final on the chain. */
export interface GalleryCollection {
  address: string;
  name: string;
  authority: string;
  minted: number;
  paused: boolean;
  /** Id of the art model that draws it (`/api/studio/models/ID`); null: the world's own. */
  model: string | null;
}

/** What a symbiont was at one of its versions; the oldest ones may be missing where the chain forgot them. */
export interface GalleryForm {
  version: number;
  stage: number;
  branch: number;
}

export interface GallerySymbiont extends GalleryForm {
  address: string;
  collection: string;
  name: string;
  /** Null: it is burnt. */
  owner: string | null;
  /** Id of the art model that draws it; null: the world's own. */
  model: string | null;
  /** 64 hex digits, as pictures are. */
  genome: string;
  /** The symbionts that it was bred from; null: it was minted. */
  parents: [string, string] | null;
  /** 0 where it was minted, else one more than the later of its parents'. */
  generation: number;
  deeds: number[];
  forms: GalleryForm[];
}

/** A symbiont as a family tree shows it. */
export interface GalleryKin extends GalleryForm {
  address: string;
  name: string;
  genome: string;
  /** 64 hex digits of the picture's hash. */
  picture: string;
  model: string | null;
  /** Addresses; null: it was minted. */
  parents: [string, string] | null;
}

export interface GalleryVersion extends GalleryForm {
  deeds: number[];
  picture: string;
  uri: string;
  /** The transaction that made it, its slot and Unix time; null where the chain forgot it. */
  signature: string | null;
  slot: number | null;
  time: number | null;
  /** By what an evolution was proven: all hex; null for the mint. */
  proof: { zone: string; epoch: number; index: number; leaf: string; path: string[] } | null;
}

export interface LeafProof {
  index: number;
  count: number;
  leaf: string;
  path: string[];
  root: string;
}

export interface LearningCard {
  /** Whether what this player does near inhabitants is logged. */
  allowed: boolean;
  /** Their name in the log, 32 hex digits. */
  pseudonym: string;
  epochs: number;
  /** Decisions of theirs in the log, and of inhabitants near them. */
  decisions: number;
  beside: number;
  bytes: number;
  keptHours: number;
}

export interface LoggedDecision {
  tick: number;
  /** `you`, or the inhabitant's role and number. */
  who: string;
  mask: number;
  action: number;
  /** 64 bytes as hex. */
  observation: string;
  events: { what: string; side: 'did' | 'suffered'; with: string | null; amount: number }[];
}
