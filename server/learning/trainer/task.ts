import type { Json } from '#shared/brain/file.ts';

/** Episodes of each evaluation in the gate of a server's own lesson. */
export const GATE_EPISODES = 200;

/** What the trainer is given; it reads and writes nothing outside `dir`. */
export interface LessonTask {
  /** Holds `plays.bin` and `brains/ROLE.safetensors`; the candidate is written here. */
  dir: string;
  zone: number;
  zoneName: string;
  /** Roles that may learn; the first one that met enough people does. */
  roles: string[];
  /** The log's key, hex: it knows the server's own parts. */
  key: string;
  /** Decisions of the training, and episodes of each evaluation. */
  steps: number;
  episodes: number;
  /** A person's decisions from which on they are learnt from. */
  least: number;
  memoryMb: number;
  /** About the people of this log alone, with a gate that refuses only what is surely worse; see README.md. */
  quick?: boolean;
}

/** A part of the log that was not learnt from. */
export interface Refusal {
  epoch: number;
  /** Hex. */
  who: string;
  problem: string;
}

/** A kind of player that was found in the log. */
export interface FoundType {
  people: number;
  decisions: number;
  /** Nats a held-out decision costs: by the clone, and by how often each action is chosen at all. */
  loss: number;
  baseline: number;
  /** What marks it, of the profile. */
  habit: string;
}

/** One comparison of the candidate with the brain that decides now, on the same episodes. */
export interface Comparison {
  what: string;
  before: number;
  after: number;
  /** 95 % interval of the difference's mean, after less before. */
  low: number;
  high: number;
  passed: boolean;
  /** What would have passed. */
  wanted: string;
}

export interface Verdict {
  passed: boolean;
  comparisons: Comparison[];
}

export interface LessonResult {
  /** Who learnt; null: nobody met enough people. */
  role: string | null;
  why: string;
  dataRoot: string;
  people: number;
  decisions: number;
  refused: Refusal[];
  types: FoundType[];
  /** The candidate's file; null where none was made. */
  candidate: string | null;
  verdict: Verdict | null;
  /** What the candidate does otherwise, as it is told; null where nothing stands out. */
  tale: string | null;
  seconds: number;
}

export type FromTrainer = { stage: string; done: number } | { result: LessonResult } | { failed: string };

export type ToTrainer = { task: LessonTask } | { pause: boolean };

/** What is kept with a brain that came of a lesson. */
export function scoresOf(result: LessonResult): Json {
  const { dataRoot, people, decisions, types, verdict } = result;
  return JSON.parse(JSON.stringify({ dataRoot, people, decisions, types, verdict })) as Json;
}
