import { openMatrix } from '@rbee/marketplace-matrix/browser';

// An out/ beside the page: a relative address will do, and one of another host that allows it.
const matrix = await openMatrix('out/');

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const id = new FormData(event.target).get('id');
  const model = await matrix.model(id);
  const answers = [...(model?.verdicts ?? [])].map(
    ([worker, { status, confidence }]) => `${worker}: ${status}, confidence ${confidence}`,
  );
  const items = (answers.length > 0 ? answers : [`${id} was not listed.`]).map((text) => {
    const item = document.createElement('li');
    item.textContent = text;
    return item;
  });
  document.querySelector('ul').replaceChildren(...items);
});
