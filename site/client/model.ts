/** The script of the page of a model: it copies commands, and answers for the machine of the visitor. */
import { showCopyButtons } from './copy-buttons.ts';
import { answerForMachine } from './fit-answer.ts';

showCopyButtons();
answerForMachine();
