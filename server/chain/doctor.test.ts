import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PublicKey, sendAndConfirmTransaction, Transaction } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { leaveIx, zoneAddress } from '../../programs/client/chronicle.ts';
import { collectionAddress, EVOLUTION_ID, MPL_CORE_ID, setZoneIx } from '../../programs/client/index.ts';
import { projectPrograms, readProgram } from '../ledger/programs.ts';
import { startLedger, type TestLedger } from '../ledger/testLedger.ts';
import { Chain } from './chain.ts';
import { chainCommand } from './cli.ts';
import { elfLength } from './cloneCore.ts';
import type { Finding } from './doctor.ts';
import { serverKeys } from './keys.ts';
import { recogniseCore } from './knownCores.ts';

const built = (name: string): URL => new URL(`../../assets/programs/${name}.so`, import.meta.url);
const place = mkdtempSync(join(tmpdir(), 'doctor-'));
let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startLedger({ programs: projectPrograms({}) });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await ledger.close();
  rmSync(place, { recursive: true, force: true });
});

async function command(...args: string[]): Promise<{ code: number; output: string }> {
  const lines: string[] = [];
  const code = await chainCommand(args, (line) => lines.push(line));
  return { code, output: lines.join('\n') };
}

/** What the doctor says, `what: state`, with the sentences of what is not in order. */
async function doctor(home: string, url = ledger.url) {
  vi.stubEnv('SYMBIONT_HOME', join(place, home));
  const { code, output } = await command('doctor', '--cluster', url, '--json');
  const { findings } = JSON.parse(output) as { findings: Finding[] };
  return {
    code,
    states: Object.fromEntries(findings.map(({ what, state }) => [what, state])),
    text: findings.map(({ what, text }) => `${what}: ${text}`).join('\n'),
  };
}

const world = (home: string): Chain =>
  new Chain({
    rpcUrl: ledger.url,
    wsUrl: ledger.wsUrl,
    embedded: true,
    keys: serverKeys(join(place, home)),
    zoneId: 3,
    worldSeed: () => 1,
    publicUrl: 'http://localhost:2567',
    log: () => {},
  });

describe('doctor', () => {
  it('finds a world in order with its bond, and then that it leaves', async () => {
    const chain = world('world');
    await chain.ensure();
    const sound = await doctor('world');
    expect(sound.text).toContain(`${EVOLUTION_ID}, the committed bytes, final`);
    const keys = { 'key authority': 'ok', 'key payer': 'ok', 'key zone': 'ok' };
    const programs = { brains: 'ok', chronicle: 'ok', evolution: 'ok', core: 'note' };
    const rest = { cluster: 'ok', collection: 'ok', minter: 'ok', zone: 'ok' };
    expect(sound.states).toEqual({ ...rest, ...programs, ...keys, 'zone 3': 'ok' });
    expect(sound.code).toBe(0);

    const { authority, payer, zone } = chain.options.keys;
    expect(sound.text).toContain(`operator ${zone.publicKey}, bond 1.000000 SOL, 0 epochs`);
    const send = async (ix: Parameters<Transaction['add']>[0]) => {
      await sendAndConfirmTransaction(ledger.connection, new Transaction().add(ix), [payer, authority]);
    };
    await send(leaveIx({ authority: authority.publicKey, zone: zoneAddress(authority.publicKey, 3) }));
    const leaving = await doctor('world');
    expect([leaving.code, leaving.states['zone 3']]).toEqual([1, 'wrong']);
  });

  it('names another zone key than ours, an empty payer and keys that are missing', async () => {
    const chain = world('other');
    await chain.ensure();
    const home = join(place, 'other', 'keys');
    const before = chain.options.keys.zone.publicKey;
    rmSync(join(home, 'zone.key'));
    rmSync(join(home, 'payer.key'));
    serverKeys(join(place, 'other'));
    const changed = await doctor('other');
    expect(changed.text).toContain(`minter: ${before} mints too, ours is `);
    expect(changed.text).toContain('needs 1.000000 SOL at least');
    expect(changed.code).toBe(1);
    writeFileSync(join(home, 'zone.key'), 'nothing');
    const broken = await doctor('other');
    expect(broken.states['key zone']).toBe('wrong');
    const nowhere = await doctor('nowhere');
    expect(nowhere.states).toMatchObject({
      'key authority': 'wrong',
      'key payer': 'wrong',
      'key zone': 'wrong',
    });
  });

  it('names a zone that is believed but not registered, and that none is', async () => {
    const chain = world('unregistered');
    await chain.ensure();
    const { authority, payer } = chain.options.keys;
    const believe = async (zone: PublicKey | null) => {
      const collection = collectionAddress(authority.publicKey, 0);
      const ix = setZoneIx({ authority: authority.publicKey, collection, zone });
      await sendAndConfirmTransaction(ledger.connection, new Transaction().add(ix), [payer, authority]);
    };
    const unknown = zoneAddress(authority.publicKey, 99);
    await believe(unknown);
    const found = await doctor('unregistered');
    expect([found.code, found.states.zone]).toEqual([0, 'note']);
    expect(found.text).toContain(`believes ${unknown}, which is not registered in the chronicle yet`);
    await believe(null);
    const none = await doctor('unregistered');
    expect([none.code, none.states.zone]).toEqual([1, 'wrong']);
    expect(none.text).toContain('the collection believes no zone: nothing evolves');
  });

  it('names programs that are missing or others, and a cluster that does not answer', async () => {
    const so = readFileSync(built('brains'));
    const strange = await startLedger({ programs: [{ address: EVOLUTION_ID.toBase58(), so }] });
    const { url } = strange;
    const found = await doctor('world', url);
    expect(found.states).toMatchObject({
      brains: 'wrong',
      chronicle: 'wrong',
      core: 'wrong',
      evolution: 'wrong',
    });
    expect(found.text).toContain(`evolution: ${EVOLUTION_ID}, other bytes than the committed ones`);
    expect(found.text).toContain(`core: nothing lies at ${MPL_CORE_ID}`);
    await expect(command('clone-core', '--cluster', url, '--out', join(place, 'no.so'))).rejects.toThrow(
      `nothing lies at ${MPL_CORE_ID}`,
    );
    await strange.close();
    const silent = await doctor('world', url);
    expect([silent.code, silent.states]).toEqual([1, { cluster: 'wrong' }]);
  });

  it('refuses what it does not know', async () => {
    await expect(command('heal')).rejects.toThrow('chain: heal');
    await expect(command('doctor', '--cluster', 'localhost:8899')).rejects.toThrow(
      '--cluster: must be a URL',
    );
  });
});

describe('clone-core', () => {
  const real = process.env.METAPLEX_CORE_SO;
  it.each([built('core_standin').pathname, ...(real ? [real] : [])])(
    'fetches %s without the room after it',
    async (file) => {
      const other = await startLedger({ programs: [readProgram(MPL_CORE_ID.toBase58(), file)] });
      const out = join(place, 'core.so');
      const { code, output } = await command('clone-core', '--cluster', other.url, '--out', out);
      await other.close();
      expect(code).toBe(0);
      const so = readFileSync(file);
      const whole = so.subarray(0, elfLength(so));
      expect(Buffer.compare(readFileSync(out), whole)).toBe(0);
      expect(output).toContain(`${whole.length} bytes, sha256 `);
      const { known } = recogniseCore(whole);
      expect(output).toContain(known ?? 'Not a binary known here');
      if (file !== real) expect(known).toBeNull();
    },
  );

  it('takes off the room that follows a program, and nothing else', () => {
    const so = Uint8Array.from(readFileSync(built('brains')));
    const roomy = new Uint8Array(so.length + 5_000);
    roomy.set(so);
    expect(elfLength(roomy)).toBe(so.length);
    roomy[roomy.length - 1] = 1;
    expect(() => elfLength(roomy)).toThrow('other bytes follow');
    expect(() => elfLength(so.subarray(0, so.length - 1))).toThrow('lies outside');
    expect(() => elfLength(so.subarray(0, 40))).toThrow('must be from 64');
    const other = Uint8Array.from(so);
    other[18] = 62;
    expect(() => elfLength(other)).toThrow('machine 62');
    expect(() => elfLength(new Uint8Array(100))).toThrow('no 64-bit little-endian ELF');
  });
});
