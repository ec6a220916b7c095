import rates from '#assets/growth/rates.json' with { type: 'json' };

/**
 * What players of each manner did in five minutes of the real world, beside its inhabitants' committed brains
 * (`ml/suite/make-rates.ts` plays and counts it).
 */
export const WINDOW_MINUTES = rates.minutes;

export interface Style {
  readonly name: string;
  /** Windows of eight deeds, in the order of DEEDS. */
  readonly samples: readonly (readonly number[])[];
}
export const STYLES: readonly Style[] = rates.styles;

/** Who plays: ways of playing that a creator can weigh, each with its manners and their shares within it. */
export const CROWD = [
  { name: 'look around', manners: { newcomer: 3, stroller: 2, visitor: 3 } },
  { name: 'gather', manners: { gatherer: 2, courier: 3, pacifist: 1 } },
  { name: 'fight', manners: { robber: 2, kiter: 1, rusher: 1, turtle: 2 } },
  { name: 'give', manners: { giver: 1 } },
  { name: 'do a bit of all', manners: { traveller: 1 } },
] as const;

/** How many of a hundred play in which way, until a creator says otherwise. */
export const USUAL_MIX: readonly number[] = [30, 25, 20, 10, 15];

/** Shares of STYLES, summing to 1, for a mix of the crowd's ways. All zeros count as equal. */
export function sharesOf(mix: readonly number[]): number[] {
  const total = mix.reduce((sum, one) => sum + one, 0);
  const shares = STYLES.map(() => 0);
  CROWD.forEach(({ manners }, i) => {
    const way = total > 0 ? mix[i] / total : 1 / CROWD.length;
    const of = Object.values(manners).reduce((sum: number, one: number) => sum + one, 0);
    for (const [name, share] of Object.entries(manners))
      shares[STYLES.findIndex((style) => style.name === name)] += (way * share) / of;
  });
  return shares;
}
