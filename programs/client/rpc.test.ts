import { readFileSync } from 'node:fs';
import { Keypair, Transaction, type TransactionInstruction } from '@solana/web3.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLedger, type TestLedger } from '#server/ledger/testLedger.ts';
import { brainId, decide, decodeBrain, forward, networkOutputs } from '#shared/brain/index.ts';
import { encodeDecision, encodeEpoch, MerkleTree, NO_PREVIOUS } from '#shared/proof/index.ts';
import {
  brainAddress,
  brainSpace,
  decodeBrainAccount,
  judgeIx,
  readJudgement,
  uploadBrain,
} from './brains.ts';
import { CHRONICLE, decodeZone, publishIx, registerIx, zoneAddress } from './chronicle.ts';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.close());

it('a brain of this project is uploaded, and a decision of it judged, over the ledger’s RPC', async () => {
  const { connection } = ledger;
  const me = Keypair.generate();
  const { publicKey } = me;
  await connection.confirmTransaction(await connection.requestAirdrop(publicKey, 3_000_000_000));
  const send = async (instructions: TransactionInstruction[]): Promise<void> => {
    const latest = await connection.getLatestBlockhash();
    const transaction = new Transaction({ feePayer: publicKey, ...latest }).add(...instructions);
    transaction.sign(me);
    const signature = await connection.sendRawTransaction(transaction.serialize());
    const { value } = await connection.confirmTransaction({ signature, ...latest });
    expect(value.err).toBeNull();
  };

  const url = new URL('../../assets/brains/raider.safetensors', import.meta.url);
  const file = Uint8Array.from(readFileSync(url));
  const lamports = await connection.getMinimumBalanceForRentExemption(brainSpace(file));
  const upload = { payer: publicKey, author: publicKey, file, lamports, licence: 'MIT' };
  for (const transaction of uploadBrain(upload)) await send(transaction);
  const brain = brainAddress(publicKey, brainId(file));
  const stored = await connection.getAccountInfo(brain);
  expect(decodeBrainAccount(stored!.data)).toMatchObject({ id: brainId(file), sealed: true });

  const args = { authority: publicKey, zone: 1, worldSeed: 5, operator: publicKey, bond: CHRONICLE.MIN_BOND };
  await send([registerIx(args)]);
  const zone = zoneAddress(publicKey, 1);
  const { network } = decodeBrain(file);
  const observations = new Uint8Array(64).fill(60);
  const logits = new Int32Array(networkOutputs(network));
  forward(network, observations, logits);
  const leaf = encodeDecision({
    zone: 1,
    epoch: 0,
    tick: 4,
    npc: 1,
    brain: Buffer.from(brainId(file), 'hex'),
    worldSeed: 5,
    mask: 0xfff,
    observations,
    action: 7,
  });
  const tree = new MerkleTree();
  for (let i = 0; i < 5; i++) tree.add(leaf);
  const world = new Uint8Array(32);
  const header = encodeEpoch({
    zone: 1,
    epoch: 0,
    firstTick: 0,
    lastTick: 599,
    decisions: 5,
    deeds: 0,
    inputs: 0,
    worldHashBefore: world,
    worldHashAfter: world,
    root: tree.root(),
    previous: NO_PREVIOUS,
  });
  await send([publishIx({ operator: publicKey, zone, header })]);
  const state = decodeZone((await connection.getAccountInfo(zone))!.data);
  expect(state).toMatchObject({ published: 1, stands: true });
  expect(Math.abs(state.lastTime - Date.now() / 1000)).toBeLessThan(3600);

  const judge = judgeIx({ zone, brain, index: 4, leaf, path: tree.path(4) });
  const { value } = await connection.simulateTransaction(
    new Transaction({ feePayer: publicKey, ...(await connection.getLatestBlockhash()) }).add(judge),
    [me],
  );
  expect(value.err).toBeNull();
  const returned = Uint8Array.from(Buffer.from(value.returnData!.data[0], 'base64'));
  expect(readJudgement(returned)).toEqual({ action: decide(logits, 0xfff, 5, 4, 1), published: 7 });
}, 60_000);
