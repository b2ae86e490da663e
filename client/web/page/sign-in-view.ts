import { h, wordmark } from './dom';
import { sessionFromToken, signInForDevelopment, SignInError, type Session, type SignInInfo } from './session';
import type { Words } from './words';

/** The first screen: one click on the developer's own machine, a token everywhere else. */
export function signInView(
  info: SignInInfo,
  options: { readonly user: string | undefined; readonly message: Words | undefined },
  signedIn: (session: Session) => void,
): HTMLElement {
  const problem = h('div', { class: 'error', role: 'alert', testid: 'sign-in-error', hidden: true });
  const show = ({ title, advice }: Words) => {
    problem.replaceChildren(h('strong', {}, title), h('span', {}, advice));
    problem.hidden = false;
  };
  const attempt = async (button: HTMLButtonElement, sign: () => Promise<Session> | Session) => {
    problem.hidden = true;
    button.disabled = true;
    try {
      signedIn(await sign());
    } catch (error) {
      show(error instanceof SignInError ? error : { title: 'The sign-in failed', advice: 'Try again.' });
    } finally {
      button.disabled = false;
    }
  };
  if (options.message) show(options.message);
  const tokenForm = tokenSignIn(info, attempt);
  return h(
    'main',
    { class: 'sign-in' },
    h(
      'div',
      { class: 'sign-in-card' },
      wordmark(),
      h(
        'div',
        {},
        h('h1', {}, 'A quiet word, in private.'),
        h('p', { class: 'lead' }, 'Voice and video calls, encrypted from one device to the other.'),
      ),
      problem,
      info.development && developmentSignIn(options.user, attempt),
      info.development ? h('details', {}, h('summary', { testid: 'sign-in-with-token' }, 'Sign in with a token'), tokenForm) : tokenForm,
    ),
  );
}

type Attempt = (button: HTMLButtonElement, sign: () => Promise<Session> | Session) => Promise<void>;

function developmentSignIn(user: string | undefined, attempt: Attempt): HTMLElement {
  const input = h('input', {
    class: 'input', id: 'name', name: 'username', testid: 'sign-in-name', required: true, autocomplete: 'username',
    autocapitalize: 'none', spellcheck: 'false', value: user ?? suggestedName(), 'aria-describedby': 'name-help',
  });
  const button = h('button', { class: 'button primary', type: 'submit', testid: 'sign-in-submit' }, 'Sign in');
  const submit = (event: Event) => {
    event.preventDefault();
    const name = input.value.trim().toLowerCase();
    localStorage.setItem('sotto.name', name);
    void attempt(button, () => signInForDevelopment(name));
  };
  return h(
    'form',
    { onsubmit: submit, testid: 'sign-in-form' },
    h('div', { class: 'field' }, h('label', { for: 'name' }, 'Your name'), input,
      h('small', { id: 'name-help' }, 'This server runs on your own machine: almost any name will do.')),
    button,
  );
}

function tokenSignIn(info: SignInInfo, attempt: Attempt): HTMLElement {
  const input = h('textarea', { class: 'input', id: 'token', testid: 'sign-in-token', required: true, spellcheck: 'false', autocomplete: 'off' });
  const button = h('button', { class: 'button primary', type: 'submit', testid: 'sign-in-token-submit' }, 'Sign in');
  const submit = (event: Event) => {
    event.preventDefault();
    void attempt(button, () => sessionFromToken(input.value, info.domain));
  };
  return h('form', { onsubmit: submit },
    h('div', { class: 'field' }, h('label', { for: 'token' }, 'Token'), input,
      h('small', {}, 'Your app or your administrator gives you one.')), button);
}

/** The first tab is Alice; a second one, opened to try a call, is somebody else. */
function suggestedName(): string {
  return localStorage.getItem('sotto.name') === 'alice' ? 'bob' : 'alice';
}
