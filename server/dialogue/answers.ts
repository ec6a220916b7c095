import { DAY_TICKS, ROLE_NAMES, TONE_EFFECT, TONE_NAMES } from '#shared/world/index.ts';
import { words } from './language.ts';
import { FACTS, GERMAN_NAMES, PAST, type Phrases, REACTIONS, TEMPERS } from './lines.ts';
import type { Recalled } from './memory.ts';
import { attitudeOf, type Situation } from './situation.ts';

/** A question's subject: it only chooses which true thing is told. */
export type Topic = 'danger' | 'market' | 'who' | 'health' | 'past' | 'goods' | null;

const TOPICS: [Exclude<Topic, null>, RegExp][] = [
  ['past', /^(remember|erinnerst|erinner\p{L}*|kennst du mich|know me|trust|vertraust|met)$/u],
  [
    'danger',
    /^(safe|dangerous|danger|raiders?|robbed|attack\p{L}*|gefahr|gefährlich|sicher|räuber|überfall\p{L}*|feinde?|enem\p{L}*|avoid|fear)$/u,
  ],
  [
    'market',
    /^(market|price\p{L}*|stall\p{L}*|sell|buy|coins?|markt\p{L}*|preis\p{L}*|stand|verkauf\p{L}*|kauf\p{L}*|kostet|münzen)$/u,
  ],
  ['goods', /^(carry|bag|bags|goods|fruit|crystals?|trägst|tasche|früchte|kristalle?|waren)$/u],
  ['who', /^(who|name|role|live|wer|heißt|wohnst|machst|doing|do)$/u],
  ['health', /^(how|hurt|okay|ok|well|wie|verletzt|gehts?|hungrig|hungry|tired)$/u],
];

/** What a question is about, by its words, or null. */
export function topicOf(sentence: string): Topic {
  const all = words(sentence);
  return TOPICS.find(([, pattern]) => all.some((word) => pattern.test(word)))?.[0] ?? null;
}

export interface AnswerParts {
  situation: Situation;
  tone: number;
  german: boolean;
  topic: Topic;
  recalled: Recalled;
}

/** The longest answer, in characters: two or three short sentences. */
export const ANSWER_MAX = 240;

/**
 * What an NPC says: a reaction to the tone as it feels about the speaker, then what is true and fits. It is made of
 * written lines and numbers of the world alone; nothing of what was said to it comes back. The same state gives the
 * same answer.
 */
export function composeAnswer(parts: AnswerParts): string {
  const { german, tone, recalled } = parts;
  // What was just said counts, although the world takes it in with the next tick only.
  const [harm, kind] = TONE_EFFECT[tone];
  const before = parts.situation;
  const situation = { ...before, harm: Math.max(0, before.harm + harm), kind: before.kind + kind };
  const attitude = attitudeOf(tone === toneOf('threat') ? { ...before, harm: before.harm } : situation);
  const pick = chooser(situation, tone, recalled.met);
  const name = TONE_NAMES[tone];
  const temper = TEMPERS[situation.role] ?? 'plain';
  const said = [
    pick(lookUp(`${name}.${temper}.${attitude}`, `${name}.${attitude}`, `${name}.${temper}`, name), german),
  ];
  for (const [more, keys] of remarks({ ...parts, situation }, attitude === 'angry')) {
    const line = fill(pick(more[keys], german), situation, german);
    if ([...said, line].join(' ').length <= ANSWER_MAX && said.length < 3) said.push(line);
  }
  return said.join(' ');
}

type Remark = [Record<string, Phrases>, string];

/** What is added, the most fitting first. */
function remarks({ situation: s, tone, topic, recalled }: AnswerParts, angry: boolean): Remark[] {
  const name = TONE_NAMES[tone];
  const out: Remark[] = [];
  const past = pastOf(s, recalled, tone);
  if (
    recalled.alike?.tone === tone &&
    recalled.alike.times >= 2 &&
    name !== 'greeting' &&
    name !== 'farewell'
  )
    out.push([PAST, 'again']);
  if (name === 'question' && !angry) {
    if (topic === 'past') out.push([PAST, past ?? (recalled.met > 0 ? 'met' : 'never')]);
    else if (topic === 'danger') out.push(danger(s), ...enemies(s));
    else if (topic === 'market' && s.market) out.push([FACTS, 'market'], [FACTS, 'prices']);
    else if (topic === 'goods') {
      out.push([FACTS, s.fruit + s.crystal > 0 ? 'goods' : 'nothing']);
      if (s.coins > 0) out.push([FACTS, 'coins']);
    } else if (topic === 'health') out.push(condition(s));
    else if (topic === 'who') out.push([FACTS, `who.${ROLE_NAMES[s.role]}`]);
    else out.push(danger(s));
  } else if (name === 'trade' && !angry && s.role !== 2) {
    if (s.market) out.push([FACTS, s.market.near || s.role === 4 ? 'prices' : 'market']);
    out.push([FACTS, s.fruit + s.crystal > 0 ? 'goods' : 'nothing']);
  } else if (name === 'greeting' || name === 'plea' || name === 'none') {
    if (name === 'greeting' && recalled.last && s.tick - recalled.last.tick > DAY_TICKS)
      out.push([PAST, 'while']);
    if (past) out.push([PAST, past]);
    if (s.health < 60 || s.hunger > 60) out.push(condition(s));
    else if (s.enemies > 0) out.push(...enemies(s));
  } else if (name === 'farewell' && s.hot && s.role !== 2 && !angry) out.push([FACTS, 'dangerous']);
  else if (past && name !== 'threat' && name !== past) out.push([PAST, past]);
  else if (name === 'threat' && s.health < 60) out.push(condition(s));
  return out;
}

/** The one thing of the past worth saying: by the rules' memory first, then by what was said. */
function pastOf(s: Situation, { strongest }: Recalled, tone: number): string | null {
  if (strongest && strongest.tone !== tone && TONE_NAMES[strongest.tone] in PAST && s.tick > strongest.tick)
    return TONE_NAMES[strongest.tone];
  if (s.harm >= 4096) return 'harmed';
  if (s.loot > 1024 && s.role === 2) return 'loot';
  if (s.ward > 4096 && s.role === 2) return 'ward';
  if (s.robs) return 'robs';
  return s.kind >= 6144 ? 'kind' : null;
}

function danger(s: Situation): Remark {
  if (!s.hot) return [FACTS, 'safe'];
  return [FACTS, s.role === 2 ? 'rich' : 'dangerous'];
}

function enemies(s: Situation): Remark[] {
  return s.enemies > 0 ? [[FACTS, 'enemies']] : [];
}

function condition(s: Situation): Remark {
  if (s.health < 30) return [FACTS, 'dying'];
  if (s.health < 80) return [FACTS, 'hurt'];
  return [FACTS, s.hunger > 60 ? 'hungry' : 'well'];
}

function toneOf(name: (typeof TONE_NAMES)[number]): number {
  return TONE_NAMES.indexOf(name);
}

function lookUp(...keys: string[]): Phrases {
  return REACTIONS[keys.find((key) => key in REACTIONS) ?? 'none'];
}

/** Chooses among phrases by a hash of who speaks, how often they spoke and the time: varied, and always the same for the same. */
function chooser(s: Situation, tone: number, met: number): (phrases: Phrases, german: boolean) => string {
  let state =
    (Math.imul(s.npc + 1, 0x9e3779b1) ^ Math.imul(tone + 1, 0x85ebca6b) ^ Math.imul(met + 1, 0xc2b2ae35)) >>>
    0;
  state = (state ^ s.seed ^ Math.imul(Math.floor(s.tick / 1200), 0x27d4eb2f)) >>> 0;
  return (phrases, german) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    state = (state ^ (state >>> 12)) >>> 0;
    const options = phrases[german ? 1 : 0];
    return options[state % options.length];
  };
}

function fill(line: string, s: Situation, german: boolean): string {
  const name = (text: string | undefined): string =>
    german && text ? (GERMAN_NAMES[text] ?? text) : (text ?? '');
  const facts: Record<string, string | number> = {
    place: name(s.hot ?? undefined),
    market: name(s.market?.name),
    buyFruit: s.market?.buyFruit ?? 0,
    buyCrystal: s.market?.buyCrystal ?? 0,
    sellFruit: s.market?.sellFruit ?? 0,
    sellCrystal: s.market?.sellCrystal ?? 0,
    fruit: s.fruit,
    crystal: s.crystal,
    coins: s.coins,
  };
  return line.replace(/\{(\w+)\}/g, (_, key: string) => String(facts[key] ?? ''));
}
