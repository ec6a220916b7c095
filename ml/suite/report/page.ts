import { readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import type { Frames } from './frames.ts';

/** The report as one page: everything inside it, nothing asked of any server. */

export const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A picture inside the page. */
export const pngUri = (svg: string, zoom: number): string =>
  `data:image/png;base64,${new Resvg(svg, { fitTo: { mode: 'zoom', value: zoom } }).render().asPng().toString('base64')}`;

export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

export interface Section {
  readonly title: string;
  readonly text: string;
  /** HTML. */
  readonly body: string;
}

const STYLE = `
:root{--paper:#f4f1e8;--card:#fbfaf6;--ink:#2b2b33;--pale:#77746b;--rule:#e0dccd;--accent:#2f7d5b}
*{box-sizing:border-box}[hidden]{display:none!important}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 ui-sans-serif,system-ui,"Segoe UI","DejaVu Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:44px 28px 80px}
header h1{font:600 40px/1.1 Georgia,"DejaVu Serif",serif;margin:0 0 6px}
header p{margin:0;color:var(--pale);max-width:72ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(330px,1fr));gap:14px;margin:28px 0 8px}
.tile{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:16px 18px}
.tile b{display:block;font:600 30px/1.2 Georgia,"DejaVu Serif",serif;color:var(--accent)}
.tile span{display:block;font-size:13px}.tile small{color:var(--pale);font-size:12px}
section{margin-top:44px}
h2{font:600 25px/1.2 Georgia,"DejaVu Serif",serif;margin:0 0 4px}
section>p{margin:0 0 16px;color:var(--pale);max-width:80ch}
.card{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:14px;overflow:auto}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(500px,1fr));gap:14px}
img,svg{max-width:100%;height:auto;display:block}
.card svg{width:100%}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{text-align:left;padding:7px 10px;border-bottom:1px solid var(--rule);vertical-align:top}
th{color:var(--pale);font-weight:500}
code{font:12px ui-monospace,"DejaVu Sans Mono",monospace}
.stage{display:grid;grid-template-columns:minmax(0,1fr) 336px;gap:18px;align-items:start;padding:18px}
.heats{display:grid;grid-template-columns:1fr 1fr;gap:12px 12px}figure{margin:0;cursor:zoom-in}figure img{border-radius:8px}figcaption{font-size:12.5px;color:var(--pale);margin-top:3px}
dialog{border:0;border-radius:14px;padding:0;max-width:92vmin}dialog::backdrop{background:rgba(30,28,24,.55)}dialog img{width:88vmin}
canvas{width:100%;border-radius:10px;display:block}
.bar{display:flex;gap:12px;align-items:center;margin-top:12px}
.bar input{flex:1;accent-color:var(--accent)}
button,select{font:inherit;padding:6px 16px;border-radius:8px;border:1px solid var(--rule);background:#fff;cursor:pointer}
button{background:var(--accent);border-color:var(--accent);color:#fff;min-width:84px}
#clock{font-variant-numeric:tabular-nums;min-width:44px}
.legend{list-style:none;margin:16px 0 0;padding:0;font-size:13px;display:flex;flex-wrap:wrap;gap:6px 16px}.legend li{display:flex;gap:7px;align-items:center}
.dot{width:14px;height:14px;border-radius:50%;border:2px solid #fffdf5;box-shadow:0 0 0 1px var(--rule)}
footer{margin-top:60px;color:var(--pale);font-size:13px}
@media(max-width:860px){.stage{grid-template-columns:1fr}.two{grid-template-columns:1fr}}
`;

const LEGEND: readonly (readonly [string, string])[] = [
  ['#1f5fbf', 'players (scripted)'],
  ['#2f7d5b', 'foragers'],
  ['#b3363e', 'raiders'],
  ['#5b4b9a', 'guards'],
  ['#b07a1e', 'traders'],
];

/** A picture with what it shows written below; a click shows it large. */
export interface Shown {
  readonly uri: string;
  readonly title: string;
}

/** The canvas with its controls, and pictures beside it. @param map the map's picture as a data URI */
export function playerHtml(frames: Frames, map: string, beside: readonly Shown[] = []): string {
  const side = 960;
  const height = Math.round((side * frames.height) / frames.width);
  const dot = (style: string, name: string) => `<li><span class="dot" style="${style}"></span>${name}</li>`;
  return (
    `<div class="card stage"><div><canvas id="stage" width="${side}" height="${height}"></canvas>` +
    `<div class="bar"><button id="play" type="button">Play</button><input id="at" type="range" min="0" step="1" value="0" aria-label="time"><span id="clock">0:00</span>` +
    `<select id="speed" aria-label="speed"><option value="1">1×</option><option value="4" selected>4×</option><option value="12">12×</option></select></div>` +
    `<ul class="legend">${LEGEND.map(([colour, name]) => dot(`background:${colour}`, name)).join('')}` +
    `${dot('background:#f2b632', 'goods carried')}${dot('border-color:#ff3b30', 'a blow coming')}${dot('border-color:#8fb7ff', 'a raised guard')}</ul></div>` +
    `<div class="heats">${beside.map(({ uri, title }) => `<figure><img src="${uri}" alt="${escaped(title)}"><figcaption>${escaped(title)}</figcaption></figure>`).join('')}</div></div>` +
    `<dialog id="large"><img alt=""></dialog>` +
    `<img id="map" src="${map}" alt="" hidden><script id="frames" type="application/json">${JSON.stringify(frames)}</script>`
  );
}

export function reportPage(options: {
  readonly title: string;
  readonly lead: string;
  readonly tiles: readonly Tile[];
  readonly sections: readonly Section[];
  readonly foot: string;
}): string {
  const player = readFileSync(new URL('./player.js', import.meta.url), 'utf8');
  const tiles = options.tiles
    .map(
      (t) =>
        `<div class="tile"><span>${escaped(t.label)}</span><b>${escaped(t.value)}</b><small>${escaped(t.note)}</small></div>`,
    )
    .join('');
  const sections = options.sections
    .map((s) => `<section><h2>${escaped(s.title)}</h2><p>${escaped(s.text)}</p>${s.body}</section>`)
    .join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';img-src data:;style-src 'unsafe-inline';script-src 'unsafe-inline'">
<title>${escaped(options.title)}</title><style>${STYLE}</style></head>
<body><main><header><h1>${escaped(options.title)}</h1><p>${escaped(options.lead)}</p></header>
<div class="tiles">${tiles}</div>
${sections}
<footer>${escaped(options.foot)}</footer></main><script>${player}</script></body></html>
`;
}
