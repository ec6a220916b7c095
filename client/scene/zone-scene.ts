import Phaser from 'phaser';
import creaturesAtlas from '#assets/sprites/creatures.json';
import creaturesPng from '#assets/sprites/creatures.png?url';
import thingsAtlas from '#assets/sprites/things.json';
import thingsPng from '#assets/sprites/things.png?url';
import tilesPng from '#assets/sprites/tiles@2x.png?url';
import { lookOf, npcName } from '#client/game/looks.ts';
import type { Play } from '#client/game/play.ts';
import type { Controls } from '#client/input/controls.ts';
import { Driver } from '#client/input/driver.ts';
import type { ShownAgent } from '#client/net/interpolation.ts';
import type { Sounds } from '#client/sound/sounds.ts';
import { ALIVE, nodeInReach, WALK_FIRST, WALK_LAST, WANDERER } from '#shared/world/index.ts';
import { Ambience } from './ambience.ts';
import { Bubbles } from './bubbles.ts';
import { Companion } from './companion.ts';
import { Creature, type Posture } from './creature.ts';
import { daylight } from './daylight.ts';
import { DEPTH, PX, TILE_PX } from './depth.ts';
import { Effects } from './effects.ts';
import { Ground } from './ground.ts';
import type { MapPictures } from './map.ts';
import { Places } from './places.ts';
import { drawStalls } from './stalls.ts';
import { Story } from './story.ts';
import { glow, keyCap, veil } from './textures.ts';

const CURSORS = { enemy: 'crosshair', neighbour: 'pointer', place: 'pointer', ground: 'default' } as const;
/** NPCs are named when hurt and within so many pixels. */
const NAMED_WITHIN = 3 * TILE_PX;
/** Of the names of those whom guards look for. */
const OUTLAW_COLOUR = '#ff6a5a';
/** Of names, by role: light enough to be read on grass. */
const NAME_COLOURS = ['#bfe9ff', '#dff5b8', '#ffb0a6', '#dbe6f2', '#ecccff'];

export interface SceneParts {
  play: Play;
  controls: Controls;
  sounds: Sounds;
  map: MapPictures;
  /** Called on each frame, for the page around the scene. */
  onFrame: (nowMs: number, others: ReadonlyMap<number, ShownAgent>) => void;
}

/** Draws the zone and reads input: nothing is decided here. */
export class ZoneScene extends Phaser.Scene {
  private readonly parts: SceneParts;
  private ground!: Ground;
  private places!: Places;
  private effects!: Effects;
  private driver!: Driver;
  private ambience!: Ambience;
  private bubbles!: Bubbles;
  private readonly creatures = new Map<number, Creature>();
  private readonly companions = new Map<number, Companion>();
  private night!: Phaser.GameObjects.Rectangle;
  /** Canvas cannot multiply by a shape: there the light is a veil. */
  private multiplies = true;
  private lantern!: Phaser.GameObjects.Image;
  /** A ring under one's own feet: one finds oneself in a crowd. */
  private base!: Phaser.GameObjects.Image;
  private mark!: Phaser.GameObjects.Image;
  private hint!: Phaser.GameObjects.Image;
  private readonly focus = new Phaser.Math.Vector2();
  private focused = false;
  private lastX = 0;
  private lastY = 0;
  private mySpeed = 0;

  constructor(parts: SceneParts) {
    super('zone');
    this.parts = parts;
  }

  preload(): void {
    this.load.atlas('creatures', creaturesPng, creaturesAtlas as object);
    this.load.atlas('things', thingsPng, thingsAtlas as object);
    this.load.image('tiles', tilesPng);
  }

  create(): void {
    const { map, play, controls } = this.parts;
    this.textures.addCanvas('glow', glow());
    this.ground = new Ground(this, map);
    this.places = new Places(this, play.terrain);
    drawStalls(this, play.terrain);
    this.effects = new Effects(this);
    this.driver = new Driver(play, controls);
    this.ambience = new Ambience(this, map);
    this.bubbles = new Bubbles(this, play, (slot) => this.creatures.get(slot));
    this.multiplies = this.game.renderer.type === Phaser.WEBGL;
    this.night = this.add
      .rectangle(0, 0, 10, 10, 0xffffff)
      .setOrigin(0)
      .setDepth(DEPTH.night)
      .setBlendMode(this.multiplies ? Phaser.BlendModes.MULTIPLY : Phaser.BlendModes.NORMAL);
    this.lantern = this.add
      .image(0, 0, 'glow')
      .setDepth(DEPTH.glow)
      .setScale(3.6)
      .setBlendMode(Phaser.BlendModes.ADD);
    this.base = this.add
      .image(0, 0, 'things', 'fx-ring')
      .setDepth(DEPTH.mark)
      .setScale(0.78)
      .setAlpha(0.75)
      .setVisible(false);
    this.mark = this.add.image(0, 0, 'things', 'fx-ring').setDepth(DEPTH.mark).setVisible(false);
    this.textures.addCanvas('key', keyCap('E'));
    this.hint = this.add.image(0, 0, 'key').setScale(0.5).setDepth(DEPTH.label).setVisible(false);
    this.cameras.main.setBounds(0, 0, map.width * TILE_PX, map.height * TILE_PX).setRoundPixels(true);
    this.fit();
    this.scale.on('resize', () => this.fit());
    new Story(play, this.effects, this.places, this.parts.sounds, {
      creature: (slot) => this.creatures.get(slot),
      companion: (slot) => this.companions.get(slot),
    });
    controls.on('point', (p) => {
      const at = this.toWorld(p);
      this.driver.point(at.x, at.y, play.shown(performance.now()), p.blow);
    });
    play.on('welcome', () => {
      this.focused = false;
    });
  }

  override update(_time: number, elapsedMs: number): void {
    const { play } = this.parts;
    const nowMs = performance.now();
    play.frame(nowMs, elapsedMs);
    const others = play.shown(nowMs);
    this.driver.update(nowMs, others);
    this.drawMe(nowMs, elapsedMs);
    this.drawOthers(others, nowMs, elapsedMs);
    const camera = this.cameras.main;
    camera.centerOn(this.focus.x, this.focus.y - 20);
    const view = camera.worldView;
    const light = daylight(play.others.serverTick(nowMs));
    this.night.setVisible(light.colour !== 0xffffff).setPosition(view.x - 8, view.y - 8);
    this.night.setSize(view.width + 16, view.height + 16);
    if (this.multiplies) this.night.setFillStyle(light.colour);
    else this.night.setFillStyle(...veil(light.colour));
    this.lantern
      .setVisible(light.night > 0.02)
      .setPosition(this.focus.x, this.focus.y - 16)
      .setAlpha(light.night * 0.26);
    this.ground.update(view, light.night);
    this.ground.reveal(this.focus.x, this.focus.y);
    if (play.predictor) this.places.update(play.predictor.world.nodeAmount, view);
    this.drawMarks(nowMs);
    this.bubbles.update(nowMs);
    this.showPointer(others);
    this.ambience.update(view, light.night, nowMs, elapsedMs);
    this.parts.onFrame(nowMs, others);
  }

  /** The position (1/256 tile) under a point of the page (CSS pixels). */
  private toWorld(point: { x: number; y: number }): { x: number; y: number } {
    const ratio = this.scale.gameSize.width / this.scale.canvas.clientWidth;
    const at = this.cameras.main.getWorldPoint(point.x * ratio, point.y * ratio);
    return { x: at.x / PX, y: at.y / PX };
  }

  /** The pointer says what a click would do. */
  private showPointer(others: ReadonlyMap<number, ShownAgent>): void {
    const { hover } = this.parts.controls;
    if (!hover) return;
    const at = this.toWorld(hover);
    const thing = this.driver.pick(at.x, at.y, others);
    const cursor = thing ? CURSORS[thing.kind] : 'not-allowed';
    if (this.scale.canvas.style.cursor !== cursor) this.scale.canvas.style.cursor = cursor;
  }

  /** Where a position (1/256 tile) is on the page, in CSS pixels. */
  toPage(x: number, y: number): { x: number; y: number } {
    const { worldView, zoom } = this.cameras.main;
    const ratio = this.scale.canvas.clientWidth / this.scale.gameSize.width;
    return { x: (x * PX - worldView.x) * zoom * ratio, y: (y * PX - worldView.y) * zoom * ratio };
  }

  private drawMe(nowMs: number, elapsedMs: number): void {
    const { play } = this.parts;
    const { me, slot, predictor } = play;
    if (!me || !predictor) return;
    const at = predictor.position();
    const step = (Math.hypot(at.x - this.lastX, at.y - this.lastY) / 256 / Math.max(1, elapsedMs)) * 1000;
    this.mySpeed += ((step < 12 ? step : 0) - this.mySpeed) * 0.35;
    this.lastX = at.x;
    this.lastY = at.y;
    const walking = me.intent[0] >= WALK_FIRST && me.intent[0] <= WALK_LAST;
    const posture: Posture = {
      ...at,
      facing: me.facing[0],
      status: me.status[0],
      speed: walking ? this.mySpeed : 0,
      health: me.health[0],
      windup: me.windup[0] > 0,
      guarding: me.guarding[0] > 0,
      gathering: me.gathering[0] > 0,
      shield: me.shield[0] > 0,
      fruit: me.fruit[0],
      crystal: me.crystal[0],
    };
    const who = play.people.get(slot);
    this.draw(
      slot,
      lookOf(WANDERER, 0, who?.look ?? play.welcome?.look),
      posture,
      nowMs,
      elapsedMs,
      who?.name ?? '',
      me.outlaw[0] ? OUTLAW_COLOUR : '#fff3d6',
    );
    const x = at.x * PX;
    const y = at.y * PX;
    this.base.setPosition(x, y + 12).setVisible(posture.status === ALIVE);
    if (!this.focused || Math.hypot(x - this.focus.x, y - this.focus.y) > 900) this.focus.set(x, y);
    this.focused = true;
    const ease = Math.min(1, elapsedMs / 90);
    this.focus.set(this.focus.x + (x - this.focus.x) * ease, this.focus.y + (y - this.focus.y) * ease);
  }

  private drawOthers(others: ReadonlyMap<number, ShownAgent>, nowMs: number, elapsedMs: number): void {
    const { play } = this.parts;
    for (const [slot, agent] of others) {
      const who = play.people.get(slot);
      const player = agent.role === WANDERER;
      // The others' names only where one is close enough to care: a crowd would be all names.
      const near = Math.hypot(agent.x * PX - this.focus.x, agent.y * PX - this.focus.y) < NAMED_WITHIN;
      const name = player
        ? (who?.name ?? '')
        : near && agent.health < 100
          ? npcName(agent.role, agent.tag)
          : '';
      const colour = agent.outlaw ? OUTLAW_COLOUR : NAME_COLOURS[agent.role];
      this.draw(slot, lookOf(agent.role, agent.tag, who?.look), agent, nowMs, elapsedMs, name, colour);
    }
    for (const [slot, creature] of this.creatures) {
      if (others.has(slot) || slot === play.slot) continue;
      creature.destroy();
      this.creatures.delete(slot);
      this.companions.get(slot)?.destroy();
      this.companions.delete(slot);
    }
  }

  private draw(
    slot: number,
    look: string,
    posture: Posture,
    nowMs: number,
    elapsedMs: number,
    name: string,
    colour: string,
  ): void {
    let creature = this.creatures.get(slot);
    if (!creature) {
      creature = new Creature(this, look, slot);
      creature.onStep = (x, y) => {
        const own = slot === this.parts.play.slot;
        if (own || Math.random() < 0.4) this.effects.dust(x, y);
        if (own) this.parts.sounds.step();
      };
      this.creatures.set(slot, creature);
    }
    creature.look = look;
    creature.name(name, colour);
    creature.update(posture, nowMs, elapsedMs);
    this.drawCompanion(slot, posture, nowMs, elapsedMs);
  }

  private drawCompanion(slot: number, p: Posture, nowMs: number, elapsedMs: number): void {
    const who = this.parts.play.people.get(slot);
    if (!who?.genome) return;
    let companion = this.companions.get(slot);
    if (!companion) {
      companion = new Companion(this);
      this.companions.set(slot, companion);
    }
    if (companion.wear(who)) {
      this.effects.evolve(companion.x, companion.y);
      if (slot === this.parts.play.slot) this.parts.sounds.evolve();
    }
    companion.follow(p.x * PX, p.y * PX + 12, p.facing, nowMs, elapsedMs);
  }

  /** The place one walks to, and which key gathers here. */
  private drawMarks(nowMs: number): void {
    const target = this.driver.target();
    this.mark.setVisible(target !== null);
    if (target) {
      const pulse = 0.62 + Math.sin(nowMs / 160) * 0.08;
      this.mark.setPosition((target.x + 0.5) * TILE_PX, (target.y + 0.6) * TILE_PX).setScale(pulse);
    }
    const { me } = this.parts.play;
    const node = me && me.status[0] === ALIVE && me.gathering[0] === 0 ? nodeInReach(me, 0) : -1;
    this.hint.setVisible(node >= 0 && !matchMedia('(pointer: coarse)').matches);
    if (node >= 0) {
      const at = this.places.position(node);
      // Below the place where its player stands above it, so that neither hides the other.
      const below = this.focus.y < at.y - 20;
      this.hint.setPosition(at.x, at.y + (below ? 24 : -78) + Math.sin(nowMs / 260) * 3);
    }
  }

  /** About fifteen tiles across the mean of both sides, whatever the window. */
  private fit(): void {
    const { width, height } = this.scale.gameSize;
    const zoom = Math.sqrt(width * height) / (TILE_PX * 14.5);
    this.cameras.main.setZoom(Math.max(0.6, Math.min(3, zoom)));
  }
}
