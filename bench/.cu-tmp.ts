import { measureInstructionCu } from './chain-cu.ts';

console.log((await measureInstructionCu()).map(({ figure, value }) => `${figure} ${value}`).join('\n'));
