import { StudioManage } from '#shared/protocol/studio.ts';

/** What people call the fields that the server names. */
export const FIELDS: Readonly<Record<string, string>> = {
  supply: 'Supply',
  price: 'Price, in lamports,',
  dailyCap: 'Evolutions a day',
  to: 'Whom it goes to',
  count: 'How many',
  collection: 'The collection',
};

/** What is wrong with a wish, naming its field and limit; null: it can be asked for. */
export function wishProblem(wish: StudioManage): string | null {
  const checked = StudioManage.safeParse(wish);
  if (checked.success) return null;
  const [{ path, message }] = checked.error.issues;
  return `${FIELDS[String(path[0])] ?? path.join('.')} ${message}.`;
}
