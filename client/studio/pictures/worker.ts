/** Unpacks and reduces pictures apart from the page, which never waits for it. */
import { clearBackground } from './background.ts';
import { type Intake, kindOf, svgText, takePicture, takePng } from './intake.ts';
import { Refused, type Rgba } from './limits.ts';
import type { Cell } from './sheet.ts';

export type Ask = { id: number; name: string; size: number } & (
  | { kind: 'file'; bytes: Uint8Array; cell?: Cell | 'single' }
  | { kind: 'drawn'; picture: Rgba }
);
export type Answer = { id: number } & (
  | { kind: 'taken'; intake: Intake }
  /** An SVG that passed: the page has to draw it, and to ask again with what it drew. */
  | { kind: 'draw'; text: string; ratio: number }
  | { kind: 'refused'; why: string }
);

function answer(ask: Ask): Answer {
  const { id, name, size } = ask;
  try {
    if (ask.kind === 'drawn') {
      const { picture, background } = clearBackground(ask.picture);
      const sprite = takePicture(picture, name, size, background);
      return { id, kind: 'taken', intake: { sprites: [sprite], refused: [], sheet: null } };
    }
    if (kindOf(ask.bytes) === 'svg') return { id, kind: 'draw', ...svgText(ask.bytes) };
    return { id, kind: 'taken', intake: takePng(ask.bytes, name, size, ask.cell) };
  } catch (error) {
    if (error instanceof Refused) return { id, kind: 'refused', why: error.message };
    return {
      id,
      kind: 'refused',
      why: `could not be read (${error instanceof Error ? error.message : error})`,
    };
  }
}

addEventListener('message', (event: MessageEvent<Ask>) => postMessage(answer(event.data)));
