import { h } from './dom.ts';

let asking: Promise<void> | undefined;

/**
 * Asks the person for the token, once for all requests that wait for it.
 * @param open tries a token: what is wrong with it, or null.
 */
export function askForToken(open: (token: string) => Promise<string | null>): Promise<void> {
  asking ??= showForm(open).finally(() => {
    asking = undefined;
  });
  return asking;
}

function showForm(open: (token: string) => Promise<string | null>): Promise<void> {
  return new Promise((resolve) => {
    const field = h('input', {
      id: 'token',
      name: 'token',
      type: 'password',
      autocomplete: 'current-password',
      required: true,
      'aria-describedby': 'token-wrong token-where',
    });
    const wrong = h('p', { id: 'token-wrong', class: 'wrong', role: 'alert' });
    const button = h('button', { type: 'submit', class: 'primary' }, 'Sign in');
    const form = h(
      'form',
      { onsubmit: (event) => void submit(event) },
      h('h2', { id: 'sign-in-title' }, 'Sign in'),
      h(
        'p',
        { id: 'token-where' },
        'This server asks for a token. ',
        h('code', null, 'smstats token create'),
        ' makes one.',
      ),
      h('label', { for: 'token' }, 'Token'),
      field,
      wrong,
      button,
    );
    const dialog = h('dialog', { class: 'sign-in', 'aria-labelledby': 'sign-in-title' }, form);

    async function submit(event: Event): Promise<void> {
      event.preventDefault();
      button.disabled = true;
      const problem = await open(field.value.trim()).catch((error: Error) => error.message);
      button.disabled = false;
      wrong.textContent = problem ?? '';
      if (problem !== null) {
        field.setAttribute('aria-invalid', 'true');
        field.select();
        return;
      }
      dialog.remove();
      resolve();
    }

    // Without the token there is nothing to go back to.
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
  });
}
