//! The inbox: what a newcomer reads instead of real mail.
//!
//! Only there when the configuration asks for it, because it shows every code to everybody. The page is made
//! here, without script, and everything that came from outside is escaped.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::services::Services;
use crate::store::StoredMail;

pub(super) async fn page(
    State(services): State<Arc<Services>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let recipient = recipient(query.as_deref());
    let mails = services.store.mails(recipient.as_deref()).await?;
    let html = draw(&mails, recipient.as_deref());
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                  frame-ancestors 'none'";
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, html).into_response())
}

pub(super) async fn json(
    State(services): State<Arc<Services>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mails = services.store.mails(recipient(query.as_deref()).as_deref()).await?;
    let mails: Vec<Value> = mails
        .iter()
        .map(|mail| {
            json!({
                "to": mail.recipient,
                "subject": mail.subject,
                "body": mail.body,
                "code": mail.code,
                "sentAt": mail.sent_at.iso_8601(),
            })
        })
        .collect();
    let body = json!({ "mails": mails }).to_string();
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

pub(super) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("inbox.css")).into_response()
}

/// The address in `?to=`, written as the server keeps it.
fn recipient(query: Option<&str>) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query?.as_bytes());
    let (_, address) = pairs.find(|(name, value)| name == "to" && !value.trim().is_empty())?;
    Some(address.trim().to_lowercase())
}

fn draw(mails: &[StoredMail], recipient: Option<&str>) -> String {
    let list: String = if mails.is_empty() {
        "<p class=\"empty\">No mail yet. Codes that the server sends appear here.</p>".to_owned()
    } else {
        mails.iter().map(draw_mail).collect()
    };
    let to = recipient.map(escaped).unwrap_or_default();
    let count = mails.len();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Inbox ({count})</title>\n\
         <link rel=\"stylesheet\" href=\"/inbox.css\">\n</head>\n<body>\n<main>\n<h1>Inbox</h1>\n\
         <p class=\"lead\">This server sends no mail. What it would have sent is kept here, newest first.</p>\n\
         <form class=\"filter\" action=\"/inbox\" method=\"get\" role=\"search\">\n\
         <label for=\"to\">Mail to</label>\n\
         <input id=\"to\" name=\"to\" type=\"email\" value=\"{to}\" placeholder=\"anybody\" autocomplete=\"email\">\n\
         <button type=\"submit\">Show</button>\n</form>\n{list}\n</main>\n</body>\n</html>\n"
    )
}

fn draw_mail(mail: &StoredMail) -> String {
    let code = mail.code.as_deref().map_or_else(String::new, |code| {
        let code = escaped(code);
        format!("<p class=\"code\"><span class=\"code-label\">Code</span> <strong>{code}</strong></p>\n")
    });
    // Where there is no code, the text is all there is to read.
    let open = if mail.code.is_none() { " open" } else { "" };
    let sent_at = mail.sent_at.iso_8601();
    let shown_at = sent_at.get(..19).unwrap_or_default().replace('T', " ");
    let (subject, recipient, body) = (escaped(&mail.subject), escaped(&mail.recipient), escaped(&mail.body));
    format!(
        "<article class=\"mail\">\n<h2>{subject}</h2>\n<p class=\"facts\">To {recipient}, \
         <time datetime=\"{sent_at}\">{shown_at} UTC</time></p>\n{code}<details{open}><summary>Full text</summary>\n\
         <pre>{body}</pre></details>\n</article>\n"
    )
}

/// Text that means the same in HTML, in an element and in a quoted attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn what_came_from_outside_stays_text() {
        let mail = StoredMail {
            recipient: "\"><script>alert(1)</script>@example.com".into(),
            subject: "<b>".into(),
            body: "</pre><script>".into(),
            code: Some("<i>".into()),
            sent_at: Timestamp::from_millis(0),
        };
        let html = draw(&[mail], Some("\" autofocus onfocus=\"alert(1)"));
        assert!(!html.contains("<script"));
        assert!(!html.contains("<b>") && !html.contains("<i>"));
        assert!(html.contains("value=\"&quot; autofocus onfocus=&quot;alert(1)\""));
    }

    #[test]
    fn an_empty_inbox_says_so() {
        assert!(draw(&[], None).contains("No mail yet"));
    }

    #[test]
    fn the_filter_is_read_as_the_server_writes_addresses() {
        assert_eq!(recipient(Some("to=Pat%2Btest%40Example.com")).as_deref(), Some("pat+test@example.com"));
        assert_eq!(recipient(Some("to=")), None);
        assert_eq!(recipient(None), None);
    }
}
