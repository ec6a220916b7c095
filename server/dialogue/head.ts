import { z } from 'zod';
import { isGerman, type TrigramOdds } from './language.ts';
import { OTHER, similarity, toneNumber, type Understood } from './understanding.ts';

const Head = z
  .object({
    tones: z.array(z.string()).min(2).max(32),
    bias: z.array(z.number()),
    weights: z.array(z.array(z.number()).max(4096)),
    german: z.record(z.string().max(8), z.number()),
  })
  .refine((h) => h.bias.length === h.tones.length, 'bias: must have one number a tone')
  .refine((h) => h.weights.length === h.tones.length, 'weights: must have one row a tone');
/** A linear layer on embeddings: what ml/dialogue/evaluate.py writes beside the encoder. */
export type Head = z.infer<typeof Head>;

/** @throws ZodError naming the field */
export const parseHead = (text: string): Head => Head.parse(JSON.parse(text));

/** Below this a proposal is none: the world is not told what was hardly understood. */
const LEAST_CONFIDENCE = 0.35;

/** What an embedding means by a head. */
export function classify(head: Head, embedding: Float32Array, sentence: string): Understood {
  const logits = head.weights.map((row, t) => similarity(row, embedding) + head.bias[t]);
  return choose(head.tones, logits, embedding, isGerman(sentence, head.german));
}

/**
 * A head for an encoder that comes without one: a tone's weights are the mean of its example sentences' embeddings.
 * @param embedded examples by tone
 */
export function centroidHead(embedded: ReadonlyMap<string, Float32Array[]>, german: TrigramOdds): Head {
  const tones = [...embedded.keys()];
  const weights = tones.map((tone) => {
    const rows = embedded.get(tone) as Float32Array[];
    const mean = new Array<number>(rows[0].length).fill(0);
    for (const row of rows) for (let d = 0; d < mean.length; d++) mean[d] += row[d];
    const length = Math.sqrt(similarity(mean, mean)) || 1;
    // Cosines lie close together: spread, so that the best stands out as far as a fitted layer's would.
    return mean.map((v) => (v / length) * 12);
  });
  return { tones, bias: tones.map(() => 0), weights, german };
}

function choose(tones: string[], logits: number[], embedding: Float32Array, german: boolean): Understood {
  let best = 0;
  for (let t = 1; t < logits.length; t++) if (logits[t] > logits[best]) best = t;
  const total = logits.reduce((sum, l) => sum + Math.exp(l - logits[best]), 0);
  const confidence = 1 / total;
  const tone = confidence < LEAST_CONFIDENCE || tones[best] === OTHER ? 0 : toneNumber(tones[best]);
  return { tone, confidence, embedding, german };
}
