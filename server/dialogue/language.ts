/** Lower-case words of a sentence: letters, digits, marks and apostrophes. */
export function words(sentence: string): string[] {
  return (
    sentence
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}']+/gu) ?? []
  );
}

/** Log odds of German by character trigrams, as ml/dialogue/evaluate.py counts them. */
export type TrigramOdds = Readonly<Record<string, number>>;

const GERMAN_WORDS = new Set(
  (
    'ich du er wir ihr nicht und oder der die das ein eine einen mir dir mich dich ist bist bin sind hast habe hab wo was wer wie ' +
    'warum wann kannst bitte danke hallo guten tag mein dein meine deine für mit auf von zu es tut leid gib nix auch noch nur'
  ).split(' '),
);
const ENGLISH_WORDS = new Set(
  (
    'i you he we they not and or the a an me my your is are am have has where what who how why when can please thanks hello good ' +
    'for with on of to it do does did give get u r im dont'
  ).split(' '),
);

/** Whether a sentence is rather German than anything else (which is answered in English). */
export function isGerman(sentence: string, odds: TrigramOdds = {}): boolean {
  const all = words(sentence);
  let score = 0;
  for (const word of all) score += (GERMAN_WORDS.has(word) ? 2 : 0) - (ENGLISH_WORDS.has(word) ? 2 : 0);
  if (/[äöüß]/iu.test(sentence)) score += 2;
  const padded = ` ${all.join(' ').replaceAll("'", ' ')} `;
  for (let i = 0; i + 3 <= padded.length; i++) score += odds[padded.slice(i, i + 3)] ?? 0;
  return score > 0;
}
