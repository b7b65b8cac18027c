//! The inbox: what a newcomer reads instead of real mail.
//!
//! Only there when the configuration asks for it, because it shows every code to everybody. The page is made
//! here, without script, and everything that came from outside is escaped.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::page::{self, escaped, parameter};
use crate::failure::Failure;
use crate::services::Services;
use crate::store::StoredMail;

pub(super) async fn page(
    State(services): State<Arc<Services>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let recipient = recipient(query.as_deref());
    let mails = services.store.mails(recipient.as_deref()).await?;
    Ok(page::page(StatusCode::OK, &title(&mails), &draw(&mails, recipient.as_deref())))
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
                "link": mail.link,
                "channel": mail.channel,
                "sentAt": mail.sent_at.iso_8601(),
            })
        })
        .collect();
    let body = json!({ "mails": mails }).to_string();
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

/// The address in `?to=`, written as the server keeps it.
fn recipient(query: Option<&str>) -> Option<String> {
    let address = parameter(query?.as_bytes(), "to").filter(|address| !address.is_empty())?;
    Some(address.to_lowercase())
}

fn draw(mails: &[StoredMail], recipient: Option<&str>) -> String {
    let list: String = if mails.is_empty() {
        "<p class=\"empty\">No mail yet. Codes that the server sends appear here.</p>".to_owned()
    } else {
        mails.iter().map(draw_mail).collect()
    };
    let to = recipient.map(escaped).unwrap_or_default();
    format!(
        "<h1>Inbox</h1>\n\
         <p class=\"lead\">This server sends no mail. What it would have sent is kept here, newest first; text \
         messages and calls too.</p>\n\
         <form class=\"filter\" action=\"/inbox\" method=\"get\" role=\"search\">\n\
         <label for=\"to\">Mail to</label>\n\
         <input id=\"to\" name=\"to\" value=\"{to}\" placeholder=\"anybody\" autocomplete=\"email\">\n\
         <button type=\"submit\">Show</button>\n</form>\n{list}"
    )
}

fn title(mails: &[StoredMail]) -> String {
    format!("Inbox ({})", mails.len())
}

fn draw_mail(mail: &StoredMail) -> String {
    let code = mail.code.as_deref().map_or_else(String::new, |code| {
        let code = escaped(code);
        format!("<p class=\"code\"><span class=\"code-label\">Code</span> <strong>{code}</strong></p>\n")
    });
    let link = mail.link.as_deref().map_or_else(String::new, |link| {
        let link = escaped(link);
        format!("<p class=\"link\"><a href=\"{link}\">Open the link in this mail</a></p>\n")
    });
    // Where there is no code, the text is all there is to read.
    let open = if mail.code.is_none() { " open" } else { "" };
    let sent_at = mail.sent_at.iso_8601();
    let shown_at = sent_at.get(..19).unwrap_or_default().replace('T', " ");
    let (subject, recipient, body) = (escaped(&mail.subject), escaped(&mail.recipient), escaped(&mail.body));
    format!(
        "<article class=\"mail\">\n<h2>{subject}</h2>\n<p class=\"facts\">To {recipient}, \
         <time datetime=\"{sent_at}\">{shown_at} UTC</time></p>\n{code}{link}<details{open}><summary>Full text</summary>\n\
         <pre>{body}</pre></details>\n</article>\n"
    )
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
            link: Some("\"><script>".into()),
            channel: "email".into(),
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
