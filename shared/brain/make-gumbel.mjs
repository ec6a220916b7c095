// Prints gumbel.ts: `node shared/brain/make-gumbel.mjs > shared/brain/gumbel.ts`.
// Entry i is the Gumbel quantile at (i + 1/2) / 1024, -ln(-ln p), in 1/256 nat, rounded to the nearest.
const rows = [];
for (let i = 0; i < 1024; i += 16) {
  const row = [];
  for (let j = i; j < i + 16; j++) row.push(Math.floor(-Math.log(-Math.log((j + 0.5) / 1024)) * 256 + 0.5));
  rows.push(`  ${row.join(', ')},`);
}
console.log(`/**
 * The standard Gumbel distribution's quantiles at (i + 1/2) / 1024, in 1/256 nat: -ln(-ln p) · 256 rounded.
 * A literal, since a logarithm may differ in its last bit between machines. Made by make-gumbel.mjs.
 */
// biome-ignore format: a table
export const GUMBEL: Int16Array = Int16Array.of(
${rows.join('\n')}
);`);
