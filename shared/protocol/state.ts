import { MapSchema, Schema, type } from '@colyseus/schema';

/** A player as everyone in the zone sees them. Fields only: positions travel in views. */
export class Person extends Schema {
  @type('uint16') slot = 0;
  @type('string') name = '';
  @type('uint8') look = 0;
  /** The companion at their side: 64 hex digits of genome, its stage and branch. */
  @type('string') genome = '';
  @type('uint8') stage = 0;
  @type('uint8') branch = 0;
  /** Id of the art model that draws it; empty: the world's own. */
  @type('string') model = '';
}

/** What changes slowly, mirrored to everyone. */
export class ZoneState extends Schema {
  @type('string') zone = '';
  @type('uint32') epoch = 0;
  /** SHA-256 of the world at the start of the epoch, as hex. */
  @type('string') worldHash = '';
  /** False while the store cannot be written. */
  @type('boolean') saving = true;
  /** By session id. */
  @type({ map: Person }) people = new MapSchema<Person>();
}
