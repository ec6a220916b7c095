/** Letters of 3 × 5 pixels: five rows, each a number of three bits, the left pixel the greatest. */
const ROWS: Record<string, string> = {
  A: '25755',
  B: '65656',
  C: '34443',
  D: '65556',
  E: '74647',
  F: '74644',
  G: '34553',
  H: '55755',
  I: '72227',
  J: '11152',
  K: '55655',
  L: '44447',
  M: '57755',
  N: '65555',
  O: '25552',
  P: '65644',
  Q: '25563',
  R: '65655',
  S: '34216',
  T: '72222',
  U: '55557',
  V: '55552',
  W: '55775',
  X: '55255',
  Y: '55222',
  Z: '71247',
  0: '75557',
  1: '26227',
  2: '71747',
  3: '71717',
  4: '55711',
  5: '74717',
  6: '74757',
  7: '71111',
  8: '75757',
  9: '75717',
  '-': '00700',
  "'": '22000',
};

/** Calls `dot` for each pixel of a text; what has no letter is a space. @returns the text's width in pixels */
export function write(text: string, dot: (x: number, y: number) => void): number {
  const letters = [...text.toUpperCase()];
  letters.forEach((letter, at) => {
    const rows = ROWS[letter] ?? '00000';
    for (let y = 0; y < 5; y++)
      for (let x = 0; x < 3; x++) if ((Number(rows[y]) >> (2 - x)) & 1) dot(at * 4 + x, y);
  });
  return Math.max(0, letters.length * 4 - 1);
}
