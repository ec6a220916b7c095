import { h } from './dom.ts';

const files = import.meta.glob('../../assets/sprites/ui/*.svg', {
  eager: true,
  query: '?raw',
  import: 'default',
}) as Record<string, string>;

/** The source of an icon by its file's name under assets/sprites/ui. */
const source = (name: string): string => {
  const svg = files[`../../assets/sprites/ui/${name}.svg`];
  if (!svg) throw new Error(`icon: none is named ${name}`);
  return `data:image/svg+xml,${encodeURIComponent(svg.trim())}`;
};

export const icon = (name: string, alt = ''): HTMLImageElement =>
  h('img', { src: source(name), alt, draggable: 'false' });
export const setIcon = (image: HTMLImageElement, name: string): void => {
  if (image.dataset.icon === name) return;
  image.dataset.icon = name;
  image.src = source(name);
};
