import type { Play } from '#client/game/play.ts';
import { PROTOCOL } from '#shared/protocol/limits.ts';
import { h } from './dom.ts';
import { nameOf } from './talk.ts';

const LINES = 8;
const FADE_MS = 14_000;

/** What people say, and the line to say something. */
export class Chat {
  readonly element: HTMLElement;
  private readonly list = h('ol', { 'aria-live': 'polite' });
  private readonly input = h('input', {
    class: 'panel',
    type: 'text',
    maxlength: String(PROTOCOL.chatMax),
    placeholder: 'Enter to talk',
    'aria-label': 'Say something',
    autocomplete: 'off',
  });

  constructor(play: Play) {
    const send = (event: Event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (text) play.connection.send('chat', { text });
      this.input.value = '';
      this.input.blur();
    };
    this.input.addEventListener('keydown', (e) => {
      if (e.key === 'Escape') this.input.blur();
    });
    this.input.addEventListener('blur', () => this.element.classList.remove('open'));
    this.element = h(
      'section',
      { class: 'chat', 'aria-label': 'Chat' },
      this.list,
      h('form', { onsubmit: send }, this.input),
    );
    play.connection.on('chat', ({ slot, name, text }) => this.add(name, text, slot === play.slot));
    play.connection.on('said', ({ slot, text }) => this.add(nameOf(play, slot), text, slot === play.slot));
  }

  focus(): void {
    this.element.classList.add('open');
    this.input.focus();
  }

  private add(name: string, text: string, mine: boolean): void {
    const line = h('li', { class: mine ? 'said-by-me' : '' }, h('b', {}, name), ` ${text}`);
    this.list.append(line);
    while (this.list.children.length > LINES) this.list.firstChild?.remove();
    setTimeout(() => line.classList.add('old'), FADE_MS);
  }
}
