const MUTED = 'symbiont.muted';

/** Every sound of the game, made from oscillators and noise when it is needed; there are no files. */
export class Sounds {
  private context: AudioContext | null = null;
  private master: GainNode | null = null;
  private noise: AudioBuffer | null = null;
  private ambience: { filter: BiquadFilterNode; gain: GainNode } | null = null;
  private nextChirp = 0;
  muted = localStorage.getItem(MUTED) === '1';

  constructor() {
    // Browsers let a page make sound only after the first touch or key.
    const wake = () => this.wake();
    for (const type of ['pointerdown', 'keydown', 'touchstart'])
      addEventListener(type, wake, { once: true, passive: true });
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    localStorage.setItem(MUTED, muted ? '1' : '0');
    if (this.context && this.master)
      this.master.gain.linearRampToValueAtTime(muted ? 0 : 0.5, this.context.currentTime + 0.08);
  }

  step(): void {
    this.rustle(900 + Math.random() * 300, 0.05, 0.05);
  }
  strike(loud = 1): void {
    this.rustle(2400, 0.14, 0.16 * loud, 600);
  }
  hit(loud = 1): void {
    this.tone('square', 190, 70, 0.14, 0.22 * loud);
    this.rustle(1200, 0.09, 0.25 * loud);
  }
  block(loud = 1): void {
    this.tone('triangle', 880, 620, 0.2, 0.2 * loud);
    this.tone('square', 1320, 990, 0.08, 0.06 * loud);
  }
  down(loud = 1): void {
    this.tone('sawtooth', 300, 60, 0.5, 0.16 * loud);
  }
  gather(): void {
    this.tone('sine', 520, 880, 0.09, 0.2);
    this.tone('sine', 780, 1320, 0.1, 0.12, 0.06);
  }
  give(): void {
    this.tone('sine', 660, 660, 0.12, 0.16);
    this.tone('sine', 880, 880, 0.18, 0.16, 0.1);
  }
  bank(): void {
    this.tone('triangle', 1046, 1046, 0.08, 0.14);
    this.tone('triangle', 1568, 1568, 0.16, 0.14, 0.07);
  }
  eat(): void {
    for (let i = 0; i < 3; i++) this.rustle(700, 0.05, 0.14, 500, i * 0.1);
  }
  click(): void {
    this.tone('sine', 620, 700, 0.05, 0.08);
  }
  evolve(): void {
    [523, 659, 784, 1046, 1318].forEach((f, i) => {
      this.tone('triangle', f, f, i === 4 ? 0.9 : 0.26, 0.2, i * 0.13);
      this.tone('sine', f * 2, f * 2, 0.3, 0.06, i * 0.13);
    });
  }

  /** Wind by day, crickets by night: call now and then with how much night there is, 0..1. */
  air(night: number): void {
    const { context, ambience } = this;
    if (!context || !ambience || this.muted) return;
    const t = context.currentTime;
    ambience.filter.frequency.setTargetAtTime(420 - night * 200, t, 2);
    ambience.gain.gain.setTargetAtTime(0.018 + night * 0.008, t, 2);
    if (t < this.nextChirp) return;
    this.nextChirp = t + (night > 0.5 ? 1.2 + Math.random() * 2 : 2.5 + Math.random() * 5);
    if (night > 0.5) for (let i = 0; i < 4; i++) this.tone('triangle', 4100, 4200, 0.035, 0.022, i * 0.07);
    else {
      const f = 1900 + Math.random() * 900;
      for (let i = 0; i < 3; i++) this.tone('sine', f + i * 120, f * 1.25, 0.08, 0.025, i * 0.13);
    }
  }

  private wake(): void {
    if (this.context) return;
    const context = new AudioContext();
    this.context = context;
    this.master = context.createGain();
    this.master.gain.value = this.muted ? 0 : 0.5;
    this.master.connect(context.destination);
    this.noise = context.createBuffer(1, context.sampleRate, context.sampleRate);
    const samples = this.noise.getChannelData(0);
    for (let i = 0; i < samples.length; i++) samples[i] = Math.random() * 2 - 1;
    const wind = context.createBufferSource();
    wind.buffer = this.noise;
    wind.loop = true;
    const filter = context.createBiquadFilter();
    filter.type = 'lowpass';
    filter.frequency.value = 420;
    const gain = context.createGain();
    gain.gain.value = 0.018;
    wind.connect(filter).connect(gain).connect(this.master);
    wind.start();
    this.ambience = { filter, gain };
  }

  private tone(
    type: OscillatorType,
    from: number,
    to: number,
    seconds: number,
    volume: number,
    delay = 0,
  ): void {
    const { context, master } = this;
    if (!context || !master || this.muted) return;
    const t = context.currentTime + delay;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = type;
    oscillator.frequency.setValueAtTime(from, t);
    oscillator.frequency.exponentialRampToValueAtTime(Math.max(20, to), t + seconds);
    gain.gain.setValueAtTime(0, t);
    gain.gain.linearRampToValueAtTime(volume, t + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.001, t + seconds);
    oscillator.connect(gain).connect(master);
    oscillator.start(t);
    oscillator.stop(t + seconds + 0.02);
  }

  private rustle(frequency: number, seconds: number, volume: number, to = frequency, delay = 0): void {
    const { context, master, noise } = this;
    if (!context || !master || !noise || this.muted) return;
    const t = context.currentTime + delay;
    const source = context.createBufferSource();
    source.buffer = noise;
    const filter = context.createBiquadFilter();
    filter.type = 'bandpass';
    filter.frequency.setValueAtTime(frequency, t);
    filter.frequency.exponentialRampToValueAtTime(to, t + seconds);
    filter.Q.value = 1.2;
    const gain = context.createGain();
    gain.gain.setValueAtTime(volume, t);
    gain.gain.exponentialRampToValueAtTime(0.001, t + seconds);
    source.connect(filter).connect(gain).connect(master);
    source.start(t, Math.random() * 0.5);
    source.stop(t + seconds);
  }
}
