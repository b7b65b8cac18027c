/**
 * Keys of the incumbent's texts (`login.properties`), and ours that stand in the same places. Those which people change most;
 * what is not here has no one counterpart, or no place.
 */

/** One text may stand in several places here. Its `{0}` is `{n}` or `{name}`, as written after the key. */
export const TEXTS: Readonly<Record<string, string>> = {
  'primaryauth.title': 'identify.title',
  'primaryauth.submit': 'identify.submit_with_password',
  'oie.primaryauth.submit': 'identify.submit_with_password',
  'primaryauth.username.placeholder': 'field.username',
  'primaryauth.password.placeholder': 'field.password',
  'mfa.challenge.password.placeholder': 'field.password',
  'mfa.challenge.enterCode.placeholder': 'field.code',
  'mfa.challenge.answer.placeholder': 'field.answer',
  'mfa.challenge.answer.showAnswer': 'field.show',
  'mfa.challenge.answer.hideAnswer': 'field.hide',
  'mfa.challenge.verify': 'password.submit code.submit question.submit',
  'password.newPassword.placeholder': 'field.new_password',
  remember: 'field.remember_me',
  'oie.remember': 'field.remember_me',
  'oform.next': 'identify.submit recover.submit unlock.submit',
  'oform.verify': 'password.submit code.submit question.submit',
  'oform.send': 'method.submit',
  'oform.errorbanner.title': 'alert.problem',
  'oform.error.unexpected': 'alert.server_failed',
  'error.network.connection': 'alert.unreachable',
  forgotpassword: 'action.recover',
  unlockaccount: 'action.unlock',
  signup: 'action.sign_up',
  goback: 'action.start_over',
  'oie.go.back': 'action.back',
  'socialauth.divider.text': 'common.or',
  'password.reset.title.generic': 'recover.title new_password.title_reset',
  'password.expired.title.generic': 'new_password.title_expired',
  'password.expiring.soon': 'new_password.title_expiring',
  'password.expiring.today': 'alert.expires_today',
  'password.expiring.later': 'action.skip_reminder',
  'password.expired.custom.submit': 'action.change_password_at {name}',
  'password.reset.revokeSessions': 'field.revoke_sessions',
  'password.complexity.requirements.header': 'rules.title',
  'password.complexity.length.description': 'rules.min_length {n}',
  'password.complexity.lowercase.description': 'rules.min_lower_case_one',
  'password.complexity.uppercase.description': 'rules.min_upper_case_one',
  'password.complexity.number.description': 'rules.min_number_one',
  'password.complexity.symbol.description': 'rules.min_symbol_one',
  'password.complexity.no_username.description': 'rules.excludes_username',
  'password.complexity.no_first_name.description': 'rules.excludes_first_name',
  'password.complexity.no_last_name.description': 'rules.excludes_last_name',
  'password.complexity.adRequirements.description': 'rules.three_of_four_classes',
  'password.complexity.maxConsecutiveRepeatingCharacters.description': 'rules.max_repeated {n}',
  'password.complexity.history.one.description': 'rules.history_one',
  'password.complexity.history.description': 'rules.history_other {n}',
  'password.complexity.minAgeMinutes.description': 'rules.min_age_other {n}',
  'password.complexity.minAgeHours.description': 'rules.min_age_hours {n}',
  'password.complexity.minAgeDays.description': 'rules.min_age_days {n}',
  'oie.password.challenge.title': 'password.title',
  'oie.password.enroll.title': 'new_password.title_first',
  'oie.registration.form.title': 'profile.title',
  'oie.registration.form.submit': 'profile.submit',
  'oie.registration.form.update.submit': 'profile.submit_update',
  'oie.select.authenticators.enroll.title': 'choice.title_enroll',
  'oie.select.authenticators.verify.title': 'choice.title_verify',
  'account.unlock.title': 'choice.title_unlock',
  'oie.verification.switch.authenticator': 'action.verify_otherwise',
  'oie.enroll.switch.authenticator': 'action.enroll_otherwise',
  'oie.enroll.skip.setup': 'action.skip_end',
  'oie.enroll.authenticator.promotion.cta.createPasskey': 'action.create_passkey',
  'oie.security.question.challenge.title': 'question.title',
  'oie.security.question.enroll.title': 'question.title_setup',
  'oie.phone.enroll.title': 'phone.title',
  'oie.success.text.signingIn': 'done.title',
};

/** The incumbent's texts in our places; `onUnknown` is told of each key that has none. */
export function translateTexts(texts: Readonly<Record<string, unknown>>, onUnknown: (key: string) => void): Record<string, unknown> {
  const messages: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(texts)) {
    // Its first two words are written in two ways in the incumbent's own documentation.
    const found = TEXTS[key] ?? TEXTS[key.replace(/^primaryAuth\./, 'primaryauth.')];
    if (found === undefined) onUnknown(key);
    else for (const place of places(found)) messages[place.key] = withName(text, place.parameter);
  }
  return messages;
}

/** What stands behind a key of {@link TEXTS}, taken apart. */
export function places(found: string): readonly { readonly key: string; readonly parameter: string | undefined }[] {
  const parameter = /\{\w+\}/.exec(found)?.[0];
  return found.split(' ').flatMap((key) => (key === parameter ? [] : [{ key, parameter }]));
}

const withName = (text: unknown, parameter: string | undefined): unknown =>
  typeof text === 'string' && parameter !== undefined ? text.replaceAll('{0}', parameter) : text;
