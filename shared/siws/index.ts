export * from './message.ts';
export * from './session.ts';
