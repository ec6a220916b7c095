import { PLAYER_LOOKS } from '#client/game/looks.ts';
import type { Play } from '#client/game/play.ts';
import { ALIVE, BALANCE, isHome } from '#shared/world/index.ts';
import { h, write } from './dom.ts';
import { icon, setIcon } from './icons.ts';

/** Face, name, health, stamina, food, and what is carried, stored and earned. */
export class Status {
  readonly element: HTMLElement;
  private readonly face = icon('face-cat');
  private readonly title = h('h2');
  private readonly gauges: { row: HTMLElement; fill: HTMLElement }[] = [];
  private readonly renown = h('span', { class: 'renown', hidden: true });
  private readonly counts = [0, 1, 2, 3, 4].map(() => h('b', {}, '0'));
  private readonly home: HTMLElement;
  private readonly play: Play;

  constructor(play: Play) {
    this.play = play;
    const gauge = (name: string, tone: string, label: string) => {
      const fill = h('i', { style: `--tone:${tone}` });
      const row = h('div', { class: 'gauge', title: label }, icon(name, label), h('div', {}, fill));
      this.gauges.push({ row, fill });
      return row;
    };
    const [fruit, crystal, homeFruit, homeCrystal, coins] = this.counts;
    this.home = h('span', { class: 'home' }, icon('bank', 'home'), homeFruit, ' / ', homeCrystal);
    this.element = h(
      'section',
      { class: 'me panel', 'aria-label': 'You' },
      h('div', { class: 'face' }, this.face),
      h('div', { class: 'who' }, this.title, this.renown),
      h(
        'div',
        { class: 'gauges' },
        gauge('heart', '#f4514a', 'Health'),
        gauge('stamina', '#ffc93c', 'Stamina'),
        gauge('hunger', '#e58a4a', 'Food'),
      ),
      h(
        'div',
        { class: 'pack' },
        h('span', { title: `Fruit you carry, at most ${BALANCE.carry}` }, icon('fruit', 'fruit'), fruit),
        h(
          'span',
          { title: `Crystals you carry, at most ${BALANCE.carry}` },
          icon('crystal', 'crystals'),
          crystal,
        ),
        h('span', { title: 'Coins, for which markets buy and sell' }, icon('coin', 'coins'), coins),
        this.home,
      ),
    );
  }

  update(): void {
    const { me, people, slot, welcome } = this.play;
    const who = people.get(slot);
    write(this.title, who?.name ?? welcome?.name ?? '');
    setIcon(this.face, `face-${PLAYER_LOOKS[who?.look ?? welcome?.look ?? 0]}`);
    if (!me) return;
    const outlaw = me.outlaw[0] === 1;
    this.renown.hidden = !outlaw && me.dreaded[0] === 0;
    this.renown.classList.toggle('outlaw', outlaw);
    write(this.renown, outlaw ? 'Outlaw' : 'Dreaded');
    this.renown.title = outlaw
      ? 'You robbed too many: guards look for you where you did it last. Gifts to those who work make it good, and so does a quiet while'
      : 'You beat raiders again and again: they keep out of your way';
    [me.health[0], me.stamina[0], 100 - me.hunger[0]].forEach((value, i) => {
      this.gauges[i].fill.style.transform = `scaleX(${Math.max(0, value / 100)})`;
      this.gauges[i].row.classList.toggle('low', value < 25);
    });
    const safe = me.status[0] === ALIVE && isHome(me, 0);
    this.home.classList.toggle('here', safe);
    this.home.title = safe
      ? 'You are at home: safe, healing, and storing what you carry'
      : 'Fruit and crystals brought home to the village';
    const goods = [me.fruit[0], me.crystal[0], me.bankedFruit[0], me.bankedCrystal[0], me.coins[0]];
    goods.forEach((n, i) => {
      if (!write(this.counts[i], String(n))) return;
      this.counts[i].classList.remove('bump');
      void this.counts[i].offsetWidth;
      this.counts[i].classList.add('bump');
    });
  }
}
