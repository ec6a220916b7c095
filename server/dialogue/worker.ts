import { readFileSync } from 'node:fs';
import { constants, platform, setPriority } from 'node:os';
import { basename, dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { env, pipeline } from '@xenova/transformers';
import './runtime.ts';
import { centroidHead, classify, type Head, parseHead } from './head.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

/** The thread that holds the encoder. It reads sentences and answers with what they mean; it knows no world. */
const { model, local, headFile, examplesFile, cacheDir } = workerData as WorkerSettings;
const port = parentPort as NonNullable<typeof parentPort>;
const say = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

// The library tells of its tries at length; what comes of them is logged by whoever started this thread.
console.warn = console.error = () => {};

try {
  // On Linux this is the priority of this thread alone: the world's clock goes first.
  if (platform() === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Where it is not allowed, both are equals.
}

env.allowRemoteModels = !local;
env.allowLocalModels = local;
if (local) env.localModelPath = dirname(model);
if (cacheDir) env.cacheDir = cacheDir;

const extract = await pipeline('feature-extraction', local ? basename(model) : model, { quantized: true });

async function embed(sentence: string): Promise<Float32Array> {
  const { data } = await extract(sentence, { pooling: 'mean', normalize: true });
  return Float32Array.from(data as Float32Array);
}

/** Examples of the tones stand in for a head where an encoder brings none. */
async function fromExamples(): Promise<Head> {
  const examples = JSON.parse(readFileSync(examplesFile, 'utf8')) as Record<string, string[]>;
  const embedded = new Map<string, Float32Array[]>();
  for (const [tone, sentences] of Object.entries(examples)) {
    const rows: Float32Array[] = [];
    for (const sentence of sentences) rows.push(await embed(sentence));
    embedded.set(tone, rows);
  }
  return centroidHead(embedded, {});
}

const head = headFile ? parseHead(readFileSync(headFile, 'utf8')) : await fromExamples();
const width = (await embed('hello')).length;
if (head.weights.some((row) => row.length !== width))
  throw new Error(`head: has ${head.weights[0].length} weights a tone, the encoder gives ${width}`);

async function answer({ id, sentence }: ToWorker): Promise<void> {
  try {
    const understood = classify(head, await embed(sentence), sentence);
    say({ id, understood }, [understood.embedding?.buffer as ArrayBuffer]);
  } catch (error) {
    say({ id, failed: String(error) });
  }
}

// One after the other: a sentence never waits for a later one.
let last = Promise.resolve();
port.on('message', (message: ToWorker) => {
  last = last.then(() => answer(message));
});
say({ ready: true, width });
