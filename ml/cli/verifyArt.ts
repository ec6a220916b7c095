import { Keeper } from '#server/editions/keeper.ts';
import { assetsOf, collectionOf } from '#server/editions/lineage.ts';
import { addressOf, artModels, prove } from '#server/editions/provenance.ts';
import type { Verdict } from '#server/editions/redraw.ts';
import { BRANCHES, STAGES } from '#shared/art/index.ts';
import { connectionOf, requireAnswer } from './chainArguments.ts';
import { readArguments, UsageError } from './options.ts';

/**
 * `verify art ASSET`: draws every version of a symbiont again from the chain and the committed model, and compares the
 * hashes; with --all every symbiont of its collection. Asks nothing but the RPC; with --server that server as well, for
 * the models of creators' collections, and believes it nothing but what hashes to what the chain names.
 */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(
    args,
    {
      rpc: 'string',
      all: 'boolean',
      collection: 'string',
      model: 'string',
      server: 'string',
      json: 'boolean',
    },
    [1, 2],
  );
  const [, asset] = given.positionals;
  const collection = given.text('collection');
  const all = given.flag('all') || collection !== undefined;
  if (asset === undefined && collection === undefined)
    throw new UsageError('art: needs an ASSET or --collection');
  if (asset !== undefined && collection !== undefined)
    throw new UsageError('art: takes an ASSET or --collection, not both');
  const assetKey = asset === undefined ? null : addressOf('ASSET', asset);
  const collectionKey = collection === undefined ? null : addressOf('--collection', collection);
  const models = artModels(given.text('model'));
  const server = given.text('server');
  if (server !== undefined && !/^https?:\/\//.test(server))
    throw new UsageError('--server: must be a URL starting with http:// or https://');
  const keeper = server === undefined ? undefined : new Keeper(server);
  const connection = connectionOf(given);
  await requireAnswer(connection);
  const assets = all
    ? await assetsOf(connection, collectionKey ?? (assetKey && (await collectionOf(connection, assetKey)))!)
    : [assetKey!];

  const json = given.flag('json');
  let sound = 0;
  let versions = 0;
  for await (const { verdict } of prove(connection, models, assets, keeper)) {
    if (verdict.problems.length === 0) sound++;
    versions += verdict.versions.length;
    if (json) console.log(JSON.stringify(lineOf(verdict)));
    else print(verdict, !all);
  }
  if (!json)
    console.log(
      `${sound} of ${assets.length} symbionts (${versions} versions) drawn again to their recorded hashes`,
    );
  if (sound < assets.length) process.exitCode = 1;
}

function lineOf({ asset, name, versions, problems, notes }: Verdict): object {
  return {
    asset,
    name,
    sound: problems.length === 0,
    versions: versions.map(
      ({ version, stage, branch, picture, drawn, model, metadata, uri, signature, deeds }) => ({
        version,
        stage,
        branch,
        deeds,
        picture,
        drawn,
        model,
        metadata,
        uri,
        signature,
      }),
    ),
    problems,
    notes,
  };
}

function print({ asset, name, versions, problems, notes }: Verdict, whole: boolean): void {
  const same = versions.filter(({ model }) => model !== null).length;
  console.log(`${asset}  ${name.padEnd(20)}  ${same} of ${versions.length} versions the same`);
  if (whole)
    for (const { version, stage, branch, picture, model, metadata } of versions)
      console.log(
        `  version ${version}  ${STAGES[stage].padEnd(6)} ${BRANCHES[branch].padEnd(5)}  ${picture}  ` +
          `${model ? `drawn by ${model.slice(0, 12)}` : 'DIFFERS'}${metadata ? ', metadata written again' : ''}`,
      );
  for (const problem of problems) console.log(`  ${problem}`);
  if (whole) for (const note of notes) console.log(`  (${note})`);
}
