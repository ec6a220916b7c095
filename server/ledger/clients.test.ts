import { existsSync, rmSync } from 'node:fs';
import * as anchorModule from '@coral-xyz/anchor';
import {
  create,
  createCollection,
  fetchAsset,
  fetchAssetsByOwner,
  fetchCollection,
  mplCore,
  transfer,
  update,
} from '@metaplex-foundation/mpl-core';
import { generateSigner, keypairIdentity, sol } from '@metaplex-foundation/umi';
import { createUmi } from '@metaplex-foundation/umi-bundle-defaults';
import { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import evolution from '#assets/programs/evolution.json' with { type: 'json' };
import { CORE_ADDRESS, projectPrograms, readProgram } from './programs.ts';
import { startLedger, temporaryDir } from './testLedger.ts';

const anchor =
  'BN' in anchorModule ? anchorModule : (anchorModule as { default: typeof anchorModule }).default;

const REAL = process.env.METAPLEX_CORE_SO;
const binaries: [name: string, env: { METAPLEX_CORE_SO?: string }][] = [['the stand-in', {}]];
if (REAL && existsSync(REAL)) binaries.push(['the real binary', { METAPLEX_CORE_SO: REAL }]);

describe.each(binaries)('clients against Core as %s', (_, env) => {
  it('umi makes a collection and an asset, reads, changes and hands them on', async () => {
    const t = await startLedger({ programs: projectPrograms(env) });
    try {
      const umi = createUmi(t.url, { commitment: 'confirmed', wsEndpoint: t.wsUrl }).use(mplCore());
      umi.use(keypairIdentity(umi.eddsa.generateKeypair()));
      const confirm = { confirm: { commitment: 'confirmed' } } as const;
      await umi.rpc.airdrop(umi.identity.publicKey, sol(10), confirm.confirm);
      const collection = generateSigner(umi);
      const uri = (n: number): string => `https://example.org/${n}.json`;
      await createCollection(umi, { collection, name: 'Symbionts', uri: uri(0) }).sendAndConfirm(
        umi,
        confirm,
      );
      const group = await fetchCollection(umi, collection.publicKey);
      const asset = generateSigner(umi);
      await create(umi, {
        asset,
        collection: group,
        name: 'Seed',
        uri: uri(1),
        plugins: [{ type: 'Attributes', attributeList: [{ key: 'stage', value: '0' }] }],
      }).sendAndConfirm(umi, confirm);
      const minted = await fetchAsset(umi, asset.publicKey);
      expect(minted).toMatchObject({ name: 'Seed', owner: umi.identity.publicKey });
      expect(minted.attributes?.attributeList).toEqual([{ key: 'stage', value: '0' }]);
      await update(umi, { asset: minted, collection: group, uri: uri(2) }).sendAndConfirm(umi, confirm);
      expect((await fetchAsset(umi, asset.publicKey)).uri).toBe(uri(2));
      const newOwner = generateSigner(umi).publicKey;
      await transfer(umi, { asset: minted, collection: group, newOwner }).sendAndConfirm(umi, confirm);
      expect((await fetchAssetsByOwner(umi, newOwner)).map((a) => a.publicKey)).toEqual([asset.publicKey]);
      expect((await fetchCollection(umi, collection.publicKey)).numMinted).toBe(1);
    } finally {
      await t.close();
    }
  });

  it('anchor calls the evolution program by its IDL, reads its account and hears its refusal', async () => {
    const t = await startLedger({ programs: projectPrograms(env) });
    try {
      const creator = Keypair.generate();
      const payer = Keypair.generate();
      await t.connection.requestAirdrop(payer.publicKey, 10_000_000_000);
      const wallet = new anchor.Wallet(payer);
      const provider = new anchor.AnchorProvider(t.connection, wallet, { commitment: 'confirmed' });
      const program = new anchor.Program(evolution as anchorModule.Idl, provider);
      const none = [0, 0, 0, 0, 0, 0, 0, 0];
      const rule = {
        steps: [{ thresholds: [1, 0, 0, 0, 0, 0, 0, 0], weights: none, minimum: 0 }],
        branchStage: 0,
        branches: [none, none, none, none],
      };
      const seeds = [Buffer.from('collection'), creator.publicKey.toBuffer(), Buffer.alloc(4)];
      const [collection] = PublicKey.findProgramAddressSync(seeds, program.programId);
      const [config] = PublicKey.findProgramAddressSync(
        [Buffer.from('config'), collection.toBuffer()],
        program.programId,
      );
      const accounts = { payer: payer.publicKey, creator: creator.publicKey, config, collection };
      const send = (): Promise<string> =>
        program.methods
          .createCollection(
            0,
            'Symbionts',
            'https://example.org/c.json',
            creator.publicKey,
            creator.publicKey,
            0,
            0,
            new anchor.BN(0),
            PublicKey.default,
            Array<number>(32).fill(0),
            rule,
          )
          .accounts(accounts)
          .signers([creator])
          .rpc();
      const signature = await send();
      const found = await t.connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
      expect(found?.meta?.innerInstructions?.[0].instructions.length).toBeGreaterThan(0);
      const namespace = program.account as {
        [name: string]: { fetch(at: PublicKey): Promise<unknown>; all(): Promise<unknown[]> };
      };
      expect(await namespace.config.fetch(config)).toMatchObject({
        authority: creator.publicKey,
        collection,
        minted: 0,
      });
      expect(await namespace.config.all()).toHaveLength(1);
      const core = await t.connection.getAccountInfo(collection);
      expect(core?.owner.toBase58()).toBe(CORE_ADDRESS);
      const stranger = Keypair.generate();
      const refused = program.methods
        .setPaused(true)
        .accounts({ authority: stranger.publicKey, config })
        .signers([stranger])
        .rpc();
      await expect(refused).rejects.toThrow(/AnchorError|custom program error|ConstraintHasOne/);
    } finally {
      await t.close();
    }
  });
});

describe('programs', () => {
  it('are named when their file is bad', () => {
    expect(() => readProgram('11', 'x', 'evolution')).toThrow('evolution: 11 is no address');
    expect(() => readProgram(CORE_ADDRESS, 'no-such-file.so', 'METAPLEX_CORE_SO')).toThrow(
      'METAPLEX_CORE_SO: the program file cannot be read (ENOENT)',
    );
    expect(() => projectPrograms({ METAPLEX_CORE_SO: 'package.json' })).toThrow(
      'METAPLEX_CORE_SO: not an ELF file',
    );
  });

  it('are upgraded on start when their bytes changed, and a line says so', async () => {
    const programs = projectPrograms({});
    const evolutionSo = programs.find((p) => p.address === evolution.address)!.so;
    const lines: string[] = [];
    const dir = temporaryDir();
    const options = { dir, log: (line: string) => lines.push(line) };
    for (let i = 0; i < 2; i++) await (await startLedger({ programs, ...options })).close();
    expect(lines.filter((l) => l.includes('upgraded'))).toEqual([]);
    // Another program at Core's address: what stands there now is what answers.
    const other = [{ address: CORE_ADDRESS, so: evolutionSo }];
    const second = await startLedger({ programs: other, ...options });
    expect(lines.filter((l) => l.includes(`program ${CORE_ADDRESS} upgraded from`))).toHaveLength(1);
    await second.close();
    rmSync(dir, { recursive: true });
  });
});
