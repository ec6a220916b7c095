import { PROTOCOL } from '#shared/protocol/limits.ts';
import { words } from './language.ts';
import { toneNumber, type Understanding, type Understood } from './understanding.ts';

/**
 * What gives a tone away, in English and German: stems (ending in `*`), words and phrases. The first tone that has the
 * most of them wins, so the order is from what must not be missed to what is said in passing.
 */
const SIGNS: Record<string, string> = {
  threat:
    'kill* | murder* | stab* | destroy* | hurt you | or die | or else | you will die | you are dead | get lost | last warning | hand over | give me everything | your money | beat you | break your | rob you | ' +
    'töte dich | bring dich um | bringe dich um | umbringen | stech* | sonst | oder stirb | verschwinde | hau ab | letzte warnung | geld her | mach dich fertig | schlag dich | schlage dich | gib alles her | her damit',
  apology:
    'sorry | apolog* | forgive | my fault | my bad | did not mean | didnt mean | pardon | accident | regret* | ' +
    'tut mir leid | entschuldig* | verzeih* | vergib | meine schuld | mein fehler | versehen | keine absicht | bereue* | nicht so gemeint',
  thanks:
    'thank* | thx | ty | cheers | grateful | appreciate* | bless you | danke* | dank | dankbar | merci | lieb von dir | nett von dir',
  plea:
    'help | please | pls | plz | mercy | spare | dont hurt | do not hurt | dont kill | save me | protect me | starving | beg | rescue | surrender | ' +
    'hilf* | hilfe | bitte | gnade | verschon* | rette | tu mir nichts | beschütz* | verhunger* | flehe | ergebe',
  trade:
    'buy* | sell* | trade* | trading | price* | coins | deal | offer* | swap | how much | pay | cheap* | expensive | wtb | wts | ' +
    'kauf* | verkauf* | tausch* | handel* | preis* | münzen | angebot | wie viel kostet | kostet | kosten | teuer | billig* | geschäft | abkaufen',
  taunt:
    'idiot* | stupid | loser* | coward* | noob* | weak* | ugly | pathetic | fool* | moron* | suck* | stink* | clown | trash | dumb* | lame | ridiculous | chicken | ' +
    'dumm* | feigling | versager* | schwach* | hässlich | lächerlich | trottel | depp* | opfer | lappen | peinlich | erbärmlich | stinkst | blöd*',
  farewell:
    'bye* | goodbye | farewell | see you | see ya | good night | have to go | must go | later | cya | take care | gtg | ' +
    'tschüss* | tschüs | auf wiedersehen | bis bald | bis dann | bis morgen | bis später | gute nacht | muss los | muss gehen | leb wohl | mach gut | machs gut',
  greeting:
    'hello* | hi | hey* | greetings | good morning | good evening | good day | howdy | welcome | how are you | nice to meet | yo | sup | ' +
    'hallo* | guten tag | guten morgen | guten abend | grüß* | moin* | servus | hi | na du | wie geht | willkommen',
  question:
    'what | where | who | why | when | how | which | is there | are there | do you | can you | did you | have you | are you | ' +
    'was | wo | wer | warum | wann | wie | welche* | gibt es | bist du | hast du | kannst du | kennst du | weißt du | wohin | woher',
};

const TONES = Object.keys(SIGNS).map(toneNumber);
/** Words and phrases of up to four words, and the beginnings of words, each with the places of their tones in `TONES`. */
const EXACT = new Map<string, number[]>();
const STEMS = new Map<string, number[]>();
const MOST_WORDS = 4;
Object.values(SIGNS).forEach((signs, place) => {
  for (const sign of signs.split('|').map((s) => s.trim())) {
    const [table, key] = sign.endsWith('*') ? [STEMS, sign.slice(0, -1)] : [EXACT, sign];
    table.set(key, [...(table.get(key) ?? []), place]);
  }
});

/** The tone by signs alone. It is what is left when no encoder can be loaded, or while one is being started. */
export function byKeywords(sentence: string): { tone: number; confidence: number } {
  const all = words(sentence.replaceAll("'", '').slice(0, PROTOCOL.chatMax));
  const found = TONES.map(() => 0);
  const count = (places: number[] = []) => {
    for (const place of places) found[place]++;
  };
  for (let i = 0; i < all.length; i++) {
    for (let n = 1; n <= MOST_WORDS && i + n <= all.length; n++)
      count(EXACT.get(all.slice(i, i + n).join(' ')));
    for (let end = 3; end <= all[i].length; end++) count(STEMS.get(all[i].slice(0, end)));
  }
  const most = Math.max(...found);
  if (most > 0) return { tone: TONES[found.indexOf(most)], confidence: Math.min(0.9, 0.5 + most * 0.1) };
  const asks = sentence.trimEnd().endsWith('?');
  return { tone: asks ? toneNumber('question') : 0, confidence: 0.5 };
}

export class Keywords implements Understanding {
  readonly name = 'keywords';
  readonly model = '';
  private readonly german: (sentence: string) => boolean;

  constructor(german: (sentence: string) => boolean) {
    this.german = german;
  }

  async understand(sentence: string): Promise<Understood> {
    return { ...byKeywords(sentence), embedding: null, german: this.german(sentence) };
  }

  async close(): Promise<void> {}
}
