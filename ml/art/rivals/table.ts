import { readFileSync, writeFileSync } from 'node:fs';

const README = new URL('README.md', import.meta.url);

/** Puts lines between a README's marks `<!-- name -->` and `<!-- end name -->`. @throws Error where they are missing */
export function tableIn(text: string, name: string, lines: readonly string[]): string {
  const mark = `<!-- ${name} -->`;
  const [before, after] = [text.indexOf(mark), text.indexOf(`<!-- end ${name} -->`)];
  if (before < 0 || after < before)
    throw new Error(`README.md: its marks ${mark} and <!-- end ${name} --> are missing`);
  return `${text.slice(0, before)}${mark}\n${lines.join('\n')}\n${text.slice(after)}`;
}

/** Writes a table into this folder's README. */
export function writeTable(name: string, lines: readonly string[]): void {
  writeFileSync(README, tableIn(readFileSync(README, 'utf8'), name, lines));
}
