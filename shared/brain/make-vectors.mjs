// Prints the decision vectors: `node --import tsx shared/brain/make-vectors.mjs > assets/vectors/decisions.json`.
import { decisionVectorsText } from './vectors.ts';

process.stdout.write(decisionVectorsText());
