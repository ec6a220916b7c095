/* Runs in the report page: plays the frames of a session on a canvas. Plain script, nothing loaded from elsewhere. */
(() => {
  const game = JSON.parse(document.getElementById('frames').textContent);
  const data = Uint8Array.from(atob(game.data), (c) => c.charCodeAt(0));
  const view = new DataView(data.buffer);
  const canvas = document.getElementById('stage');
  const context = canvas.getContext('2d');
  const map = document.getElementById('map');
  const bar = document.getElementById('at');
  const clock = document.getElementById('clock');
  const button = document.getElementById('play');
  const speed = document.getElementById('speed');
  const COLOURS = ['#1f5fbf', '#2f7d5b', '#b3363e', '#5b4b9a', '#b07a1e'];
  const scale = canvas.width / game.width;
  bar.max = String(game.count - 2);
  let at = 0;
  let playing = false;
  let last = 0;

  const read = (frame, i) => {
    const k = (frame * game.agents + i) * 6;
    return {
      x: view.getUint16(k, true) / 16,
      y: view.getUint16(k + 2, true) / 16,
      does: data[k + 4],
      health: data[k + 5] >> 4,
      goods: data[k + 5] & 15,
    };
  };

  function draw() {
    const frame = Math.floor(at);
    const part = at - frame;
    context.drawImage(map, 0, 0, canvas.width, canvas.height);
    for (let i = 0; i < game.agents; i++) {
      const a = read(frame, i);
      if (a.does === 0) continue;
      const b = read(Math.min(frame + 1, game.count - 1), i);
      const far = Math.abs(a.x - b.x) + Math.abs(a.y - b.y) > 4 || b.does === 0;
      const x = (far ? a.x : a.x + (b.x - a.x) * part) * scale;
      const y = (far ? a.y : a.y + (b.y - a.y) * part) * scale;
      const colour = COLOURS[game.roles[i]];
      context.globalAlpha = a.does === 7 ? 0.35 : 1;
      for (let t = Math.max(0, frame - 10); t < frame; t += 2) {
        const past = read(t, i);
        if (past.does === 0 || Math.abs(past.x - a.x) + Math.abs(past.y - a.y) > 12) continue;
        context.globalAlpha = 0.05 + 0.012 * (t - frame + 10);
        context.fillStyle = colour;
        context.beginPath();
        context.arc(past.x * scale, past.y * scale, 2, 0, 7);
        context.fill();
      }
      context.globalAlpha = a.does === 7 ? 0.35 : 1;
      const size = game.roles[i] === 0 ? 6.5 : 5;
      if (a.goods > 0 && a.does !== 7) {
        context.fillStyle = '#f2b632';
        context.beginPath();
        context.arc(x + size * 0.8, y - size * 0.8, 1.6 + Math.min(8, a.goods) * 0.25, 0, 7);
        context.fill();
      }
      context.fillStyle = colour;
      context.strokeStyle = a.does === 8 ? '#ff3b30' : '#fffdf5';
      context.lineWidth = a.does === 8 ? 2.5 : 1.4;
      context.beginPath();
      context.arc(x, y, size, 0, 7);
      context.fill();
      context.stroke();
      if (a.does === 3 || a.does === 4) {
        context.strokeStyle = a.does === 3 ? '#ff3b30' : '#8fb7ff';
        context.lineWidth = 2;
        context.beginPath();
        context.arc(x, y, size + 4, 0, 7);
        context.stroke();
      }
      context.strokeStyle = 'rgba(43,43,51,.55)';
      context.lineWidth = 2;
      if (a.health < 15 && a.does !== 7) {
        context.beginPath();
        context.moveTo(x - size, y + size + 4);
        context.lineTo(x - size + (2 * size * a.health) / 15, y + size + 4);
        context.stroke();
      }
    }
    context.globalAlpha = 1;
    const seconds = Math.floor(at / game.perSecond);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    bar.value = String(frame);
  }

  function loop(now) {
    if (!playing) return;
    at += ((now - last) / 1000) * game.perSecond * Number(speed.value);
    last = now;
    if (at >= game.count - 2) {
      at = game.count - 2;
      toggle(false);
    }
    draw();
    if (playing) requestAnimationFrame(loop);
  }
  function toggle(on) {
    playing = on;
    button.textContent = on ? 'Pause' : 'Play';
    if (!on) return;
    if (at >= game.count - 2) at = 0;
    last = performance.now();
    requestAnimationFrame(loop);
  }
  button.addEventListener('click', () => toggle(!playing));
  bar.addEventListener('input', () => {
    at = Number(bar.value);
    draw();
  });
  document.addEventListener('keydown', (event) => {
    if (event.code !== 'Space' || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    toggle(!playing);
  });
  const large = document.getElementById('large');
  for (const picture of document.querySelectorAll('figure img'))
    picture.addEventListener('click', () => {
      large.firstChild.src = picture.src;
      large.showModal();
    });
  large.addEventListener('click', () => large.close());
  at = Math.min(game.count - 2, Math.floor(60 * game.perSecond));
  if (map.complete) draw();
  else map.addEventListener('load', draw);
})();
