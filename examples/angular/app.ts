import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import 'latchkey';
import type { Outcome } from 'latchkey';

@Component({
  selector: 'app-root',
  // Lets `latchkey-sign-in` be an element of its own; its options are set as properties.
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>Latchkey with Angular</h1>
    @if (name()) {
      <p role="status">Welcome, {{ name() }}</p>
    } @else {
      <latchkey-sign-in [issuer]="issuer" client-id="demo-spa" redirect-uri="/callback" (success)="welcome($event.detail)"></latchkey-sign-in>
    }
  `,
})
export class App {
  readonly issuer = document.querySelector<HTMLMetaElement>('meta[name="issuer"]')?.content;
  readonly name = signal('');

  welcome(outcome: Outcome): void {
    if (outcome.status === 'signed-in') this.name.set(String(outcome.tokens.idToken?.claims['name']));
  }
}
