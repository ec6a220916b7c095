import type { Play } from '#client/game/play.ts';
import type { Controls } from '#client/input/controls.ts';
import {
  BALANCE,
  buyingPrice,
  CRYSTAL,
  DEAL,
  FRUIT,
  sellingPrice,
  stallInReach,
} from '#shared/world/index.ts';
import { h, write } from './dom.ts';
import { icon } from './icons.ts';

const GOODS = [
  { kind: FRUIT, name: 'fruit', icon: 'fruit', buy: DEAL.buyFruit, sell: DEAL.sellFruit },
  { kind: CRYSTAL, name: 'crystal', icon: 'crystal', buy: DEAL.buyCrystal, sell: DEAL.sellCrystal },
] as const;

/** The board of the stall one stands at: what it holds, asks and pays. Keys 1 to 4 press its buttons. */
export class Market {
  readonly element: HTMLElement;
  private readonly title = h('h3');
  private readonly rows: { stock: HTMLElement; buy: HTMLButtonElement; sell: HTMLButtonElement }[] = [];
  private readonly play: Play;

  constructor(play: Play, controls: Controls) {
    this.play = play;
    const deal = (label: string, key: number, arg: number) => {
      const button = h(
        'button',
        {
          class: 'deal',
          'aria-label': label,
          title: `${label} (${key})`,
          onclick: () => controls.emit('deal', arg),
        },
        h('span'),
        icon('coin', 'coins'),
        h('kbd', {}, String(key)),
      );
      return button as HTMLButtonElement;
    };
    const lines = GOODS.map((good, k) => {
      const stock = h('span', { class: 'stock' });
      const buy = deal(`Buy a ${good.name}`, k * 2 + 1, good.buy);
      const sell = deal(`Sell a ${good.name}`, k * 2 + 2, good.sell);
      this.rows.push({ stock, buy, sell });
      return h('div', { class: 'row' }, icon(good.icon, good.name), stock, buy, sell);
    });
    this.element = h('section', { class: 'market panel', 'aria-label': 'Market' }, this.title, ...lines);
    this.element.hidden = true;
    addEventListener('keydown', (e) => {
      const typing = e.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
      if (typing || this.element.hidden || e.repeat || e.ctrlKey || e.metaKey || e.altKey) return;
      const n = ['Digit1', 'Digit2', 'Digit3', 'Digit4'].indexOf(e.code);
      if (n >= 0) (n % 2 === 0 ? this.rows[n >> 1].buy : this.rows[n >> 1].sell).click();
    });
  }

  update(): void {
    const { me } = this.play;
    const stall = me ? stallInReach(me, 0) : -1;
    this.element.hidden = stall < 0;
    if (!me || stall < 0) return;
    write(this.title, me.terrain.stalls[stall].name);
    GOODS.forEach(({ kind }, k) => {
      const { stock, buy, sell } = this.rows[k];
      const held = me.stock[stall * 2 + kind];
      const carried = me.goods(kind)[0];
      const [asks, pays] = [buyingPrice(me, stall, kind), sellingPrice(me, stall, kind)];
      write(stock, held === 0 ? 'sold out' : `${held} here`);
      write(buy.firstElementChild as HTMLElement, `Buy ${asks}`);
      write(sell.firstElementChild as HTMLElement, `Sell ${pays}`);
      buy.disabled = held === 0 || carried >= BALANCE.carry || me.coins[0] < asks;
      sell.disabled = held >= BALANCE.stallMax || carried === 0;
    });
  }
}
