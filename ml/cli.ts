/** `npm run symbiont -- VERB …`: one file per verb in cli/. */
import { BrainFileError } from '#shared/brain/index.ts';
import { BehaviorError } from './behavior.ts';
import { JudgeError, UsageError } from './cli/options.ts';
import { ChainError } from './run/chain.ts';
import { CheckpointError } from './run/checkpoint.ts';
import { LockError } from './run/lock.ts';
import { ScenarioError } from './suite/scenario.ts';
import { SessionError } from './suite/session.ts';

interface Verb {
  readonly usage: string;
  readonly load: () => Promise<{ run(args: readonly string[]): Promise<void> }>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  train: {
    usage:
      'train BEHAVIOR.yaml [--minutes N] [--steps N] [--out DIR] [--resume] [--export FILE] [--episodes N] [--parent BRAIN] [--kl-anchor X] [--critic own|central] [--engine kernel|tfjs] [--threads N]',
    load: () => import('./cli/train.ts'),
  },
  eval: {
    usage:
      'eval BRAIN|scripted|random [--role ROLE] [--behavior FILE] [--episodes N] [--against POLICY] [--habits zeroed] [--players each|MANNER,…] [--alone] [--json]\n' +
      '  symbiont eval --suite BRAIN… [--only NAME,NAME] [--episodes N] [--previous BRAIN] [--blind] [--json FILE] [--card DIR] [--seed N] [--threads N]',
    load: () => import('./cli/eval.ts'),
  },
  league: {
    usage: 'league LEAGUE.yaml [--out DIR] [--export DIR] [--threads N]',
    load: () => import('./cli/league.ts'),
  },
  curve: { usage: 'curve RUN[+RUN…][,RUN…] [--out FILE.png|FILE.svg]', load: () => import('./cli/curve.ts') },
  brains: { usage: 'brains [rollback ROLE] [--json]', load: () => import('./cli/brains.ts') },
  draw: {
    usage: 'draw GENOME [--branch 0..4] [--stage 0..4] [--scale 1..32] [--out FILE.png]',
    load: () => import('./cli/draw.ts'),
  },
  art: {
    usage:
      'art train [--steps N] [--until N] [--batch N] [--seed N] [--out DIR] [--resume] [--export FILE]\n' +
      '  symbiont art finetune FOLDER --licence NAME [--size 32|64] [--base FILE] [--name NAME] [--steps N] [--until N] [--batch N] [--seed N] [--out DIR] [--resume] [--export FILE]\n' +
      '  symbiont art sheet [--model FILE] [--count N] [--seed TEXT] [--mode growth|branches|seeds|frames] [--scale N] [--out FILE.png]',
    load: () => import('./cli/art.ts'),
  },
  judge: {
    usage: 'judge --epoch E --tick T --npc N [--url URL] [--keypair FILE] [--simulate] [--json]',
    load: () => import('./cli/judge.ts'),
  },
  verify: {
    usage:
      'verify brain RUN [--segment K | --sample N] [--behavior FILE] [--threads N] [--json]\n' +
      '  symbiont verify art ASSET [--all] | --collection C [--rpc URL] [--model FILE] [--json]',
    load: () => import('./cli/verify.ts'),
  },
  replay: {
    usage: 'replay FILE [--pictures DIR] [--record [--seed N] [--brains DIR] [--blind] [--scripted]]',
    load: () => import('./cli/replay.ts'),
  },
  report: {
    usage:
      'report [--out FILE.html] [--brains DIR] [--runs DIR,DIR] [--episodes N] [--seed N] [--screenshot FILE.png]',
    load: () => import('./cli/report.ts'),
  },
  export: {
    usage:
      'export car --out FILE [--collection C] [--rpc URL] [--skip] [--json]\n' +
      '  symbiont export home [--collection C] [--rpc URL] [--skip] [--json]\n' +
      '  symbiont export upload --to irys|PACKAGE:EXPORT [--address URL] --keypair FILE --at-most SOL [--journal FILE] [--collection C] [--rpc URL] [--skip] [--json]',
    load: () => import('./cli/export.ts'),
  },
  inspect: { usage: 'inspect BRAIN [--json]', load: () => import('./cli/inspect.ts') },
};

function usage(): string {
  return ['usage:', ...Object.values(VERBS).map((verb) => `  symbiont ${verb.usage}`)].join('\n');
}

const [name, ...args] = process.argv.slice(2);
if (name === undefined || name === 'help' || name === '--help') console.log(usage());
else if (!Object.hasOwn(VERBS, name)) {
  console.error(`symbiont: no verb "${name}"\n${usage()}`);
  process.exitCode = 2;
} else
  try {
    await (await VERBS[name].load()).run(args);
  } catch (error) {
    const known =
      [
        UsageError,
        BehaviorError,
        BrainFileError,
        ChainError,
        CheckpointError,
        JudgeError,
        LockError,
        ScenarioError,
        SessionError,
      ].some((kind) => error instanceof kind) ||
      // Classes of the server, whose code is loaded by the verbs that need it.
      ['BrainsRefused', 'ConfigError', 'LineageError', 'StorageError', 'ArtError'].includes(
        (error as Error)?.name,
      );
    const text =
      error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
    console.error(`symbiont ${name}: ${text}`);
    if (error instanceof UsageError) console.error(`usage: symbiont ${VERBS[name].usage}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
