import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import bs58 from 'bs58';
import type { ProgramSource } from './types.ts';

/** Where Metaplex Core stands on every cluster. */
export const CORE_ADDRESS = 'CoREENxT6tW1HoK8ypY1SxRMZTcVPm7R94rH4PZNhX7d';

const asset = (name: string): string =>
  fileURLToPath(new URL(`../../assets/programs/${name}`, import.meta.url));

/** Reads a program's file; throws naming what `what` is and what is wrong with the file. */
export function readProgram(address: string, soPath: string, what = soPath): ProgramSource {
  if (bs58.decodeUnsafe(address)?.length !== 32) throw new Error(`${what}: ${address} is no address`);
  let so: Buffer;
  try {
    so = readFileSync(soPath);
  } catch (error) {
    throw new Error(`${what}: the program file cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (so.length < 64 || so.readUInt32BE(0) !== 0x7f454c46) throw new Error(`${what}: not an ELF file`);
  return { address, so };
}

/**
 * The programs of this project as they are built: those with an IDL at the address it declares, and Metaplex
 * Core: the real binary where METAPLEX_CORE_SO names one, else the stand-in. Parts not built yet are left out.
 */
export function projectPrograms(env: { METAPLEX_CORE_SO?: string } = process.env): ProgramSource[] {
  const programs: ProgramSource[] = [];
  for (const file of existsSync(asset('')) ? readdirSync(asset('')).sort() : []) {
    const name = file.replace(/\.json$/, '');
    if (name === file || !existsSync(asset(`${name}.so`))) continue;
    const { address } = JSON.parse(readFileSync(asset(file), 'utf8')) as { address?: string };
    if (address !== undefined) programs.push(readProgram(address, asset(`${name}.so`), name));
  }
  if (env.METAPLEX_CORE_SO) {
    programs.push(readProgram(CORE_ADDRESS, env.METAPLEX_CORE_SO, 'METAPLEX_CORE_SO'));
  } else if (existsSync(asset('core_standin.so'))) {
    programs.push(readProgram(CORE_ADDRESS, asset('core_standin.so'), 'core_standin'));
  }
  return programs;
}
