// Texts as HTML. Everything on the page comes out of the package's own files; it is escaped all the same.

/** Text as HTML. */
export const escape = (text) => text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]);

/** A word of code. */
export const code = (text) => `<code>${escape(text)}</code>`;

/** Lines of code. */
export const block = (text) => `<pre class="reference__example" tabindex="0"><code>${escape(text)}</code></pre>`;

/** Markdown, as far as it is used: code in backticks. */
export const prose = (text) => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** Names and what they mean, one under the other. Terms and texts are HTML. */
export const members = (entries) => `<dl class="reference__members">${entries.map(([term, text, id]) => `
          <dt${id === undefined ? '' : ` id="${id}"`}>${term}</dt>
          <dd>${text}</dd>`).join('')}
        </dl>`;

/** One part of the page under a heading. */
export const part = (id, title, body) => `      <section class="reference__part" aria-labelledby="${id}">
        <h2 id="${id}">${escape(title)}</h2>
        ${body}
      </section>`;
