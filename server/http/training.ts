import { type Request, Router } from 'express';
import { TRAINING, type TrainingApi, TrainingOrder } from '#shared/protocol/index.ts';
import { Buckets } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import type { Trainings } from '../studio/training/trainings.ts';
import { jsonBody, parseBody } from './errors.ts';

/** Orders of a creator an hour. */
const ORDERS = 20;

/**
 * `/api/studio/trainings`: art models trained here (shared/protocol/training.ts).
 * @param walletOf whose request it is
 */
export function training(trainings: Trainings, walletOf: (req: Request) => string): Router {
  const router = Router();
  const orders = new Buckets(ORDERS / 3600, ORDERS);
  const json = jsonBody(TRAINING.bodyBytes);

  router.get('/', (req, res) => {
    res.json(trainings.list(walletOf(req)) satisfies TrainingApi['GET /api/studio/trainings']);
  });

  router.post('/', json, (req, res) => {
    const order = parseBody(TrainingOrder, req.body);
    const wallet = walletOf(req);
    if (!orders.take(wallet, performance.now()))
      throw new Refusal(429, 'trainings', `at most ${ORDERS} an hour`);
    const answer = { training: trainings.order(wallet, order) };
    res.json(answer satisfies TrainingApi['POST /api/studio/trainings']);
  });

  router.get('/:id', (req, res) => {
    const answer = { training: trainings.one(walletOf(req), req.params.id) };
    res.json(answer satisfies TrainingApi['GET /api/studio/trainings/:id']);
  });

  router.get('/:id/preview', (req, res) => {
    const packed = trainings.preview(walletOf(req), req.params.id);
    res.setHeader('Content-Encoding', 'gzip');
    res.type('application/octet-stream').send(Buffer.from(packed));
  });

  router.get('/:id/model', (req, res) => {
    const file = trainings.model(walletOf(req), req.params.id);
    res.type('application/octet-stream').send(Buffer.from(file));
  });

  router.post('/:id/pause', (req, res) => {
    const answer = { training: trainings.pause(walletOf(req), req.params.id) };
    res.json(answer satisfies TrainingApi['POST /api/studio/trainings/:id/pause']);
  });

  router.post('/:id/resume', (req, res) => {
    const answer = { training: trainings.resume(walletOf(req), req.params.id) };
    res.json(answer satisfies TrainingApi['POST /api/studio/trainings/:id/resume']);
  });

  router.delete('/:id', (req, res) => {
    trainings.drop(walletOf(req), req.params.id);
    res.json({ deleted: true } satisfies TrainingApi['DELETE /api/studio/trainings/:id']);
  });

  return router;
}
