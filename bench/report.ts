/** Prints figures: one JSON object a line with `json`, else a readable line. */
export function report(bench: string, json: boolean) {
  return (figure: string, value: number, unit: string, peer?: { peer: string; peerValue: number }): void => {
    const ratio = peer ? { ...peer, ratio: round(value / peer.peerValue) } : {};
    if (json) console.log(JSON.stringify({ bench, figure, value: round(value), unit, ...ratio }));
    else {
      const beside = peer
        ? `   (${peer.peer}: ${round(peer.peerValue).toLocaleString('en')}, ratio ${round(value / peer.peerValue)})`
        : '';
      console.log(`${figure.padEnd(34)} ${round(value).toLocaleString('en').padStart(16)} ${unit}${beside}`);
    }
  };
}

/** The middle of several runs. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The value below which `percent` of the values lie. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000;
}
