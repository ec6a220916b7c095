import { call, walletSession } from '#client/net/session.ts';
import {
  packRoles,
  type StudioTraining,
  type TrainingApi,
  type TrainingOrder,
} from '#shared/protocol/training.ts';

const PATH = '/api/studio/trainings';
/** Letters that are made of bytes at once: engines take only so many arguments. */
const CHUNK = 0x2000;

function ask<K extends keyof TrainingApi>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<TrainingApi[K]> {
  return call<TrainingApi[K]>(method, path, body, walletSession()?.token ?? '');
}

export const listJobs = () => ask<'GET /api/studio/trainings'>('GET', PATH);

/** @throws ApiError, as all of these do */
export const lookAtJob = async (id: string): Promise<StudioTraining> =>
  (await ask<'GET /api/studio/trainings/:id'>('GET', `${PATH}/${id}`)).training;

/** Hands in pictures to be learnt, `size`² roles each. */
export async function orderJob(
  order: Omit<TrainingOrder, 'roles' | 'pictures'>,
  pictures: readonly Uint8Array[],
): Promise<StudioTraining> {
  const packed = packRoles(pictures);
  let letters = '';
  for (let at = 0; at < packed.length; at += CHUNK)
    letters += String.fromCharCode(...packed.subarray(at, at + CHUNK));
  const body: TrainingOrder = { ...order, pictures: pictures.length, roles: btoa(letters) };
  return (await ask<'POST /api/studio/trainings'>('POST', PATH, body)).training;
}

export const pauseJob = async (id: string): Promise<StudioTraining> =>
  (await ask<'POST /api/studio/trainings/:id/pause'>('POST', `${PATH}/${id}/pause`, {})).training;

export const resumeJob = async (id: string): Promise<StudioTraining> =>
  (await ask<'POST /api/studio/trainings/:id/resume'>('POST', `${PATH}/${id}/resume`, {})).training;

/** The server keeps nothing of it any more. */
export const forgetJob = (id: string) => ask<'DELETE /api/studio/trainings/:id'>('DELETE', `${PATH}/${id}`);

export const modelOfJob = (id: string): Promise<Uint8Array> => bytes(`${PATH}/${id}/model`);

/** RGBA of so many square pictures, one after the other. */
export async function previewOfJob(id: string, pictures: number): Promise<Uint8ClampedArray[]> {
  const all = await bytes(`${PATH}/${id}/preview`);
  const each = all.length / pictures;
  return Array.from(
    { length: pictures },
    (_, n) => new Uint8ClampedArray(all.slice(n * each, (n + 1) * each)),
  );
}

const bytes = (path: string): Promise<Uint8Array> =>
  call<Uint8Array>('GET', path, undefined, walletSession()?.token ?? '', { as: 'bytes' });
