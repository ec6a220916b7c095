import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import type { Trainer } from '#ml/art/finetune.ts';

export type Backend = 'wasm' | 'webgl' | 'webgpu';

export interface Measured {
  readonly backend: Backend;
  /** Milliseconds a step; null: it could not be used, `why` says why. */
  readonly ms: number | null;
  readonly why: string;
}

const STEPS = 3;
/** Losses of the same steps may differ by this share: backends sum in other orders. */
const TOLERANCE = 0.01;
/** Graphics that the processor itself computes are never quicker than WebAssembly. */
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

async function load(backend: Backend): Promise<string | null> {
  if (backend === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plainUrl,
      'tfjs-backend-wasm-simd.wasm': simdUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
    });
  } else if (backend === 'webgl') {
    const renderer = rendererOf();
    if (renderer === null) return 'is not here';
    if (SOFTWARE.test(renderer)) return 'is computed by the processor here';
    await import('@tensorflow/tfjs-backend-webgl');
  } else {
    if (!('gpu' in navigator)) return 'is not here';
    await import('@tensorflow/tfjs-backend-webgpu');
  }
  try {
    return (await tf.setBackend(backend)) ? null : 'could not be started';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function rendererOf(): string | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return null;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return name;
}

/** The losses of a few steps and the milliseconds of one, the first (which compiles) left out. */
async function tried(make: () => Trainer): Promise<{ losses: number[]; ms: number }> {
  const trainer = make();
  try {
    const losses = [(await trainer.step()).loss];
    const began = performance.now();
    for (let n = 1; n < STEPS; n++) losses.push((await trainer.step()).loss);
    return { losses, ms: (performance.now() - began) / (STEPS - 1) };
  } finally {
    trainer.dispose();
  }
}

/**
 * Tries what this browser has on the run's own first steps, and sets the quickest whose losses are WebAssembly's.
 * @param except backends that failed already
 * @throws Error where not even WebAssembly starts
 */
export async function chooseBackend(
  make: () => Trainer,
  except: ReadonlySet<Backend> = new Set(),
): Promise<{ chosen: Backend; measured: Measured[] }> {
  const fault = await load('wasm');
  if (fault !== null) throw new Error(`WebAssembly ${fault}`);
  const { losses, ms } = await tried(make);
  const measured: Measured[] = [{ backend: 'wasm', ms, why: '' }];
  let chosen: Backend = 'wasm';
  let best = ms;
  for (const backend of ['webgl', 'webgpu'] as const) {
    const say = (took: number | null, why: string) => measured.push({ backend, ms: took, why });
    if (except.has(backend)) {
      say(null, 'failed before');
      continue;
    }
    try {
      const why = await load(backend);
      if (why !== null) {
        say(null, why);
        continue;
      }
      const other = await tried(make);
      const wrong = other.losses.some((loss, i) => !(Math.abs(loss - losses[i]) <= TOLERANCE * losses[i]));
      say(wrong ? null : other.ms, wrong ? 'computes something else' : '');
      if (!wrong && other.ms < best) [chosen, best] = [backend, other.ms];
    } catch (error) {
      say(null, error instanceof Error ? error.message : String(error));
    }
  }
  await tf.setBackend(chosen);
  return { chosen, measured };
}
