/**
 * The code of a mailed link (idx.md section 20): typed for the person where the sign-in that waits for it is known here, and
 * shown to them where it is not.
 */
import { absolute, collection, fieldsOf, formsOf, groupOf, messageOf, stepOf, type Answer, type Form } from './idx.js';

/** The form that waits for the code, if the answer asks for what is sent by e-mail. It is sent to the issuer, or left to the person. */
export function formForCode(answer: Answer, issuer: string): Form | undefined {
  const { name, authenticator } = stepOf(answer);
  const [form] = formsOf(answer);
  const isWaiting = authenticator === 'okta_email' && ['challenge-authenticator', 'enroll-authenticator'].includes(name);
  const isOurs = absolute(String(form?.href), issuer)?.startsWith(`${issuer}/`);
  return isWaiting && isOurs && form && fieldsOf(form).some((field) => groupOf(field)?.some(({ name }) => name === 'passcode')) ? form : undefined;
}

/** What the form is sent with. */
export const bodyWithCode = (answer: Answer, otp: string): string =>
  JSON.stringify({ credentials: { passcode: otp }, stateHandle: answer['stateHandle'] });

/** An end that shows the code: the sign-in that waits for it is in another tab, or on another device. */
export const codeForElsewhere = (otp: string): Answer => ({
  version: '1.0.0',
  messages: collection([{ ...messageOf('Enter this code on the page where you began to sign in.', 'idx.enter.otp.in.original.tab'), class: 'INFO' }]),
  currentAuthenticator: { type: 'object', value: { key: 'okta_email', type: 'email', contextualData: { otp } } },
});
