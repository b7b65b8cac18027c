/** What the page shows beside the form and around it: buttons, links, providers, its brand, its colours, and what it leaves out. */
import { accounts } from './support/accounts.js';
import { expectLogged, mountCustomized, updateCustomized } from './support/customized.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { UnlockScreen } from './support/screens/unlock.js';
import { text, textIn } from './support/texts.js';

test.describe('given buttons, links and providers of the page', () => {
  test('they are on the first screen, lead where they should, and everybody can use them', async ({ page, bare, places }) => {
    await mountCustomized(bare, (log) => ({
      idps: [{ id: '0oa1', type: 'GOOGLE' }, { id: '0oa2', text: 'Sign in at work' }],
      customButtons: [{ title: 'Use my library card', click: () => log.push('card') }],
      helpLinks: {
        help: '/help',
        forgotPassword: 'https://forgot.example.com/',
        unlock: '../unlock',
        custom: [{ text: 'Status', href: 'https://status.example.com/', target: '_blank' }, { text: 'Write to us', href: 'mailto:help@example.com' }],
        factorPage: { text: 'Lost your phone?', href: '/lost' },
      },
    }));
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    const link = (name: string) => identify.widget.getByRole('link', { name, exact: true });
    await expect(link('Sign in with Google')).toHaveAttribute('href', new RegExp(`^${places.identifierFirst.server}/sso/idps/0oa1\\?stateToken=.`));
    await expect(link('Sign in at work')).toHaveAttribute('href', /\/sso\/idps\/0oa2\?/);
    await expect(link(text('action.help'))).toHaveAttribute('href', `${places.bare}/help`);
    await expect(link(text('action.recover'))).toHaveAttribute('href', 'https://forgot.example.com/');
    await expect(identify.forgotPassword, 'only once').toHaveCount(0);
    await expect(link(text('action.unlock'))).toHaveAttribute('href', `${places.bare}/unlock`);
    await expect(link('Status')).toHaveAttribute('target', '_blank');
    await expect(link('Write to us')).toHaveAttribute('href', 'mailto:help@example.com');
    await look(page, 'screens', 'customized');
    await identify.username.fill('half-ty');
    await identify.widget.getByRole('button', { name: 'Use my library card' }).click();
    await expectLogged(bare, 'card');
    await expect(identify.username).toHaveValue('half-ty');
    await identify.submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await expect(link('Lost your phone?')).toHaveAttribute('href', `${places.bare}/lost`);
    await expect(link(text('action.recover'))).toHaveAttribute('href', 'https://forgot.example.com/');
    await expect(password.forgotPassword).toHaveCount(0);
    await look(page, 'screens', 'customized-password');
  });

  test('an update changes them while somebody types', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({ helpLinks: { help: '/help' } }));
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.username.fill('half-ty');
    await updateCustomized(page, (log) => ({ helpLinks: { custom: [{ text: 'Status', href: '/status' }] }, customButtons: [{ title: 'Card', click: () => log.push('card') }] }));
    await expect(identify.widget.getByRole('link', { name: 'Status' })).toBeVisible();
    await expect(identify.widget.getByRole('link', { name: text('action.help') })).toHaveCount(0);
    await identify.widget.getByRole('button', { name: 'Card' }).click();
    await expectLogged(bare, 'card');
    await updateCustomized(page, () => ({ helpLinks: undefined, customButtons: undefined }));
    await expect(identify.widget.getByRole('link', { name: 'Status' })).toHaveCount(0);
    await expect(identify.username).toHaveValue('half-ty');
  });

  test('an update brings them where there was nothing of the kind before', async ({ page, bare }) => {
    await bare.mount();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.username.fill('pat');
    await updateCustomized(page, () => ({ brand: { name: 'Towpath' }, helpLinks: { help: '/help' }, transformUsername: (name) => `${name}@example.com` }));
    await expect(identify.widget.getByRole('link', { name: text('action.help') })).toBeVisible();
    await expect(identify.widget.getByText('Towpath', { exact: true })).toBeVisible();
    await expect(identify.username).toHaveValue('pat');
    await identify.next.click();
    await new PasswordScreen(page).isShown();
  });

  test('unmounting and mounting again shows them once', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({ brand: { name: 'Towpath' }, helpLinks: { help: '/help' }, hooks: { before: { identify: () => {} } } }));
    await page.evaluate('window.signIn.unmount(); window.signIn.mount("#sign-in"); window.signIn.unmount(); window.signIn.mount("#sign-in")');
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await expect(identify.widget.getByRole('link', { name: text('action.help') })).toHaveCount(1);
    await expect(page.getByText('Towpath', { exact: true })).toHaveCount(1);
  });
});

test.describe('given a brand and a theme', () => {
  test('the brand stands above every screen, in the title of the page, and the colours are the page’s', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({
      brand: { name: 'Towpath', logo: '/favicon.svg', logoText: 'Towpath Bicycle Co-op' },
      theme: { colorAccent: 'rgb(122, 31, 61)', colorAccentText: '#fff', colorLink: 'light-dark(#7a1f3d, #ffb3c8)', radiusControl: '0' },
      features: { setPageTitle: true },
    }));
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await expect(identify.widget.getByRole('img', { name: 'Towpath Bicycle Co-op' })).toBeVisible();
    await expect(page).toHaveTitle(`${text('identify.title')} – Towpath`);
    await expect(identify.next).toHaveCSS('background-color', 'rgb(122, 31, 61)');
    await expect(identify.next).toHaveCSS('border-top-left-radius', '0px');
    await look(page, 'screens', 'branded');
    await identify.submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await expect(password.widget.getByRole('img', { name: 'Towpath Bicycle Co-op' })).toHaveCount(1);
    await expect(page).toHaveTitle(`${text('password.title')} – Towpath`);
    await updateCustomized(page, () => ({ theme: { radiusControl: '1px' }, brand: { name: 'Quay' }, features: { setPageTitle: (heading, brand) => `${brand}: ${heading}` } }));
    await expect(password.signIn).toHaveCSS('border-top-left-radius', '1px');
    await expect(password.signIn).not.toHaveCSS('background-color', 'rgb(122, 31, 61)');
    await expect(password.widget.getByText('Quay', { exact: true })).toBeVisible();
    await page.evaluate('window.signIn.unmount()');
    await expect(page).toHaveTitle('Bare page');
  });

  test('the title follows the language, and one that the page has given itself since then stays', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({ features: { setPageTitle: true } }));
    await expect(page).toHaveTitle(text('identify.title'));
    await updateCustomized(page, () => ({ language: 'de' }));
    await expect(page).toHaveTitle(textIn('de', 'identify.title'));
    await page.evaluate(() => (document.title = 'Home'));
    await page.evaluate('window.signIn.unmount()');
    await expect(page).toHaveTitle('Home');
  });

  test('a variable that there is not is reported with the nearest one', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({ theme: { colorAcent: 'red' } as Record<string, string> }));
    await new IdentifyScreen(page).isShown();
    await expectLogged(bare, 'error options.unknown');
  });
});

test.describe('given features', () => {
  test('the page does without what it does not want', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({ features: { rememberMe: false, showIdentifier: false, showPasswordToggle: false, hideSignOutLinkInMFA: true } }));
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await expect(identify.widget.getByRole('checkbox')).toHaveCount(0);
    await identify.submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await expect(password.widget.getByText(accounts.pat.email)).toBeHidden();
    await expect(password.show).toBeHidden();
    await expect(password.action('action.start_over')).toHaveCount(0);
    await expect(password.forgotPassword).toBeVisible();
    await look(page, 'screens', 'without-features');
  });

  test('each screen begins in its first field where the page wants that', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({ features: { autoFocus: true } }));
    const identify = new IdentifyScreen(page);
    await expect(identify.username).toBeFocused();
    await page.keyboard.type(accounts.pat.email);
    await page.keyboard.press('Enter');
    await expect(new PasswordScreen(page).password).toBeFocused();
  });
});

test.describe('given that the page wants an account to be unlocked', () => {
  test('the sign-in begins there', async ({ page, bare, places }) => {
    await bare.mount({ issuer: places.everything.issuer, flow: 'unlockAccount' });
    await new UnlockScreen(page).isShown();
    await look(page, 'screens', 'unlock-at-once');
  });
});
