/**
 * Writes assets/vectors/decisions.json, which every implementation of the decision must pass:
 * `node --import tsx assets/src/vectors/decisions.ts`.
 */
import { writeFileSync } from 'node:fs';
import { decisionVectorsText } from '#shared/brain/vectors.ts';

writeFileSync('assets/vectors/decisions.json', decisionVectorsText());
