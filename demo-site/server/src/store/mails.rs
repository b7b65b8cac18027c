//! Mail of the inbox, and what stands for text messages and calls: only there when no mail server is configured.

use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// A mail in the inbox.
#[derive(Clone, Debug)]
pub(crate) struct StoredMail {
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) code: Option<String>,
    pub(crate) link: Option<String>,
    /// `email`, `sms` or `voice`.
    pub(crate) channel: String,
    pub(crate) sent_at: Timestamp,
}

/// How many mails are kept.
const KEPT: i64 = 100;

impl Store {
    pub(crate) async fn add_mail(&self, mail: &StoredMail) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO mails (recipient, subject, body, code, link, channel, sent_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&mail.recipient)
        .bind(&mail.subject)
        .bind(&mail.body)
        .bind(&mail.code)
        .bind(&mail.link)
        .bind(&mail.channel)
        .bind(mail.sent_at.as_millis())
        .execute(&mut *self.connections.get().await?)
        .await?;
        sqlx::query("DELETE FROM mails WHERE id NOT IN (SELECT id FROM mails ORDER BY id DESC LIMIT $1)")
            .bind(KEPT)
            .execute(&mut *self.connections.get().await?)
            .await
            .map(drop)
    }

    /// Mails, newest first; those to `recipient` if one is named.
    pub(crate) async fn mails(&self, recipient: Option<&str>) -> StoreResult<Vec<StoredMail>> {
        type Row = (String, String, String, Option<String>, Option<String>, String, i64);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT recipient, subject, body, code, link, channel, sent_at FROM mails
             WHERE $1 IS NULL OR recipient = $1 ORDER BY id DESC",
        )
        .bind(recipient)
        .fetch_all(&mut *self.connections.get().await?)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(recipient, subject, body, code, link, channel, sent_at)| StoredMail {
                recipient,
                subject,
                body,
                code,
                link,
                channel,
                sent_at: Timestamp::from_millis(sent_at),
            })
            .collect())
    }
}
