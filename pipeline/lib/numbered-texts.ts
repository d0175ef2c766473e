/** Holds distinct texts once, each under the number that it gets when it first comes. */
export class NumberedTexts {
  /** The texts, by number. */
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** Returns the number of a text, which is kept where it is new. */
  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}
